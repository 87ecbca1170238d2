"""News from this package, sent inside the sender's transaction."""

from blinker import Namespace

_signals = Namespace()

#: A message reached ``state`` at ``at``. Sender: the OutboxMessage; keywords ``state`` and ``at``.
message_changed = _signals.signal("message-changed")
#: A person said stop. Sender: the address; keywords ``principal_id`` (None: everyone), ``topic`` and ``at``.
opted_out = _signals.signal("opted-out")
