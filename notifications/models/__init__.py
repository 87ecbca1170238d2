"""Tables of what is sent, what comes back, who said stop, and the simulated other side."""

from notifications.models.alerts import Alert, AlertPreference, AlertReader, AlertTelling
from notifications.models.inbound import FetchedMail, InboundMessage, Mailbox
from notifications.models.opt_outs import OptOut, OptOutLink
from notifications.models.outbox import OutboxEvent, OutboxMessage
from notifications.models.senders import Sender
from notifications.models.simulated import SimulatedHappening, SimulatedMessage, SimulatedNetwork
from notifications.models.texts import MessageText, MessageTextVersion, SmsPrice
from notifications.models.watching import SenderChange
from notifications.models.webhooks import WebhookRefusal
from notifications.models.windows import SendingWindow, WindowChoice, WindowChoices

__all__ = [
    "Alert",
    "AlertPreference",
    "AlertReader",
    "AlertTelling",
    "FetchedMail",
    "InboundMessage",
    "Mailbox",
    "MessageText",
    "MessageTextVersion",
    "OptOut",
    "OptOutLink",
    "OutboxEvent",
    "OutboxMessage",
    "Sender",
    "SenderChange",
    "SendingWindow",
    "SimulatedHappening",
    "SimulatedMessage",
    "SimulatedNetwork",
    "SmsPrice",
    "WebhookRefusal",
    "WindowChoice",
    "WindowChoices",
]
