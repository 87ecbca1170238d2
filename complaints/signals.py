"""News from this package, sent inside the sender's transaction."""

from blinker import Namespace

_signals = Namespace()

#: A case was registered, or opened again by a late appeal. Sender: the Case; keyword ``now``.
case_opened = _signals.signal("case-opened")
#: A case was closed or withdrawn. Sender: the Case; keyword ``now``.
case_ended = _signals.signal("case-ended")
#: A decision was written and sent. Sender: the Case; keywords ``level`` (1, 2) and ``now``.
decision_notified = _signals.signal("decision-notified")
#: Every open delay was looked at. Sender: a list of ``queries.watch.Watched`` that are near, another that have passed
#: in the keyword ``passed``; keyword ``now``.
clocks_watched = _signals.signal("clocks-watched")
