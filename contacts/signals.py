"""News from this package, sent inside the sender's transaction."""

from blinker import Namespace

_signals = Namespace()

#: Contacts were written, whatever way they came. Sent once for each piece that is written, at the end of its
#: transaction, from within the gate of their principal. Sender: the id of the principal; keywords ``ids`` and
#: ``public_ids`` of the contacts that were added (in the same order), ``late_ids`` of those added after their period
#: was closed, which are not among the first and belong to no population, and ``now``. A piece that added nothing
#: sends nothing.
contacts_recorded = _signals.signal("contacts-recorded")
#: A period was closed: its population is fixed. Sender: the id of the principal; keywords ``period_id`` and ``now``.
period_closed = _signals.signal("period-closed")
#: The watched folders were looked through. Sender: a list of ``queries.watching.Missing``, the files that should have
#: come and have not; keyword ``now``.
folders_watched = _signals.signal("folders-watched")
