"""News from this package, sent inside the sender's transaction."""

from blinker import Namespace

_signals = Namespace()

#: A case was registered, or opened again by a late appeal. Sender: the Case; keyword ``now``.
case_opened = _signals.signal("case-opened")
#: A case was closed or withdrawn. Sender: the Case; keyword ``now``.
case_ended = _signals.signal("case-ended")
#: A decision was written and sent. Sender: the Case; keywords ``level`` (1, 2) and ``now``.
decision_notified = _signals.signal("decision-notified")
