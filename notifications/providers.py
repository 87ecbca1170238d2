"""What a provider of SMS or e-mail can be asked, and the few ways it can answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

# What a refusal means for us: never again to this address, the person said stop, the text is
# at fault, later perhaps, or our own set-up is wrong and nothing goes out until it is mended.
PERMANENT, STOP, CONTENT, TEMPORARY, CONFIG = "permanent", "stop", "content", "temporary", "config"


@dataclass(frozen=True)
class Outgoing:
    """One message as a provider needs it; plain values, so that no database is held while it is sent."""

    public_id: str
    recipient: str
    sender: str
    subject: str
    body: str
    html: str | None
    language: str
    created_at: datetime
    expires_at: datetime | None = None
    unsubscribe_url: str | None = None
    purpose: str = ""
    # Of an e-mail: who speaks, the Message-ID it answers, and what all mails of one matter have in common.
    brand: str = ""
    in_reply_to: str | None = None
    thread: str = ""


@dataclass(frozen=True)
class Accepted:
    """The provider has it, under ``provider_id``, and says it is in ``state``."""

    provider_id: str
    state: str = "accepted"


@dataclass(frozen=True)
class Refused:
    """The provider looked at it and said no; ``kind`` says what that means for us."""

    code: str
    kind: str = PERMANENT


@dataclass(frozen=True)
class NotTaken:
    """The provider certainly did not take it: no connection, or too many requests."""

    code: str
    retry_after: float | None = None
    # Whether the next message would fare no better, so that its sender pauses.
    whole_channel: bool = True
    # Whether it was one request too many, so that fewer are made at once from now on.
    too_many: bool = False


@dataclass(frozen=True)
class Unknown:
    """It may or may not have been sent: a timeout, a broken answer, an error on their side."""

    code: str


Outcome = Accepted | Refused | NotTaken | Unknown


@dataclass(frozen=True)
class Found:
    """One message in the provider's own list."""

    provider_id: str
    state: str
    created_at: datetime
    code: str | None = None


class Unreachable(Exception):
    """The provider could not be asked; nothing is known, and it is asked again."""


class Provider(Protocol):
    """One way out. ``send`` never raises for what a provider may do; ``find`` and ``fetch`` raise Unreachable.

    ``send`` runs in threads of its own, in an application context, with no transaction open.
    """

    #: How many sends may run at once; 1 is one after the other.
    concurrency: int
    #: Seconds one send can take at most.
    timeout: float
    #: How long what was sent may be missing from the provider's list.
    lag: timedelta
    #: Whether sending the same message twice reaches the person once (a Message-ID), so that doubt needs no look.
    repeatable: bool

    def send(self, message: Outgoing) -> Outcome: ...

    def find(self, message: Outgoing, since: datetime) -> Sequence[Found]:
        """Return what the provider lists with this very recipient and body, not older than ``since``."""
        ...

    def fetch(self, provider_id: str) -> Found | None:
        """Return what became of one message; None when the provider does not say more than it said."""
        ...


@dataclass(frozen=True)
class Post:
    """The providers of a running application by channel, and where its own pages are."""

    providers: Mapping[str, Provider]
    public_url: str
