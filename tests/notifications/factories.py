"""Messages and ways out, as tests need them."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from foundation.database import db
from foundation.web import clock
from notifications import services
from notifications.models import OutboxEvent, OutboxMessage
from notifications.providers import Accepted, Found, Outcome, Outgoing, Post, Unreachable
from notifications.retries import Rules
from tests.conftest import NOW

PHONE = "+33639981234"
QUICK = Rules(lease=timedelta(seconds=90), round_seconds=30.0)
_numbers = itertools.count(1)


def create_message(**changes: Any) -> OutboxMessage:
    """Queue a survey by SMS, committed."""
    values = {
        "channel": "sms",
        "recipient": PHONE,
        "body": "Energie du Rhone : votre avis ? https://x.example/s/abcdefgh12345",
        "purpose": "survey",
        "business_key": f"test:{next(_numbers)}",
        "now": NOW,
    }
    message = services.enqueue(**(values | changes))
    db.session.commit()
    return message


def outgoing(**changes: Any) -> Outgoing:
    """Return a message as a provider gets it."""
    values = {
        "public_id": "a" * 32,
        "recipient": PHONE,
        "sender": "",
        "subject": "",
        "body": "Énergie du Rhône : votre avis ? https://x.example/s/abc",
        "html": None,
        "language": "fr",
        "created_at": datetime.now(UTC),
    }
    return Outgoing(**(values | changes))


def later(**span: float) -> datetime:
    """Let so much time pass; return the moment it is then."""
    moment = clock.utc_now() + timedelta(**span)
    clock.start_at(moment)
    return moment


def states_of(message: OutboxMessage) -> list[str]:
    """Return the states of the events kept of a message, in order."""
    events = db.session.scalars(db.select(OutboxEvent).filter_by(message_id=message.id).order_by(OutboxEvent.id))
    return [event.state for event in events]


class ScriptedProvider:
    """The other side of an interface that is not ours: it answers what the test says, and remembers what it took."""

    concurrency = 1
    timeout = 5.0
    lag = timedelta(seconds=60)
    repeatable = False

    def __init__(self, *answers: Outcome | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[Outgoing] = []
        self.listed: list[Found] = []
        self.reachable = True

    def send(self, message: Outgoing) -> Outcome:
        self.sent.append(message)
        answer = self.answers.pop(0) if self.answers else Accepted(f"SM{len(self.sent):032}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def find(self, message: Outgoing, since: datetime) -> Sequence[Found]:
        if not self.reachable:
            raise Unreachable
        return [found for found in self.listed if found.created_at >= since]

    def fetch(self, provider_id: str) -> Found | None:
        if not self.reachable:
            raise Unreachable
        return next((found for found in self.listed if found.provider_id == provider_id), None)


def post_of(provider: Any) -> Post:
    return Post({"sms": provider}, "https://centre.example")
