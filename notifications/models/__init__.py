"""Tables of what is sent, what comes back, who said stop, and the simulated other side."""

from notifications.models.inbound import InboundMessage
from notifications.models.opt_outs import OptOut, OptOutLink
from notifications.models.outbox import OutboxEvent, OutboxMessage, SenderPause
from notifications.models.simulated import SimulatedMessage

__all__ = [
    "InboundMessage", "OptOut", "OptOutLink", "OutboxEvent", "OutboxMessage", "SenderPause", "SimulatedMessage",
]  # fmt: skip
