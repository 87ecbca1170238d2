"""Genesys Cloud: ``analytics/conversations/details`` as JSON, from the query or the jobs of its API."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from contacts.reading import UnreadableFile
from contacts.sources.plain import Broken, Plain, SourceTable, place
from contacts.sources.quoting import quoted
from contacts.sources.ready import ReadySource
from contacts.sources.records import Records
from contacts.sources.settings import Setting, Settings
from contacts.sources.values import address, first_text, maps, text

CHANNELS = {"voice": "phone", "callback": "phone", "chat": "chat", "cobrowse": "chat", "email": "email"}
MESSAGES = {"sms": "sms", "webmessaging": "chat", "open": "chat"}
DIRECTIONS = {"inbound": "in", "outbound": "out"}
#: Whose side of the conversation the customer is.
CUSTOMERS = ("customer", "external")
#: How a caller's own end of a wait is called.
HUNG_UP = {"client", "peer", "endpoint"}
Session = dict[str, Any]


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a conversation, however many sessions it had."""
    _check_whole(Records(source, "conversations"))
    return SourceTable(columns, lambda _counted: _contacts(Records(source, "conversations"), settings))


def _check_whole(records: Records) -> None:
    """Raises UnreadableFile ``partial-export``: fewer conversations than found, or a cursor to further ones."""
    count = sum(1 for _record in records)
    total = text(records.around, "totalHits")
    if text(records.around, "cursor") or (total.isdecimal() and int(total) > count):
        raise UnreadableFile("partial-export", names=(str(count), total or "?"))


def _contacts(records: Records, settings: Settings) -> Iterator[Plain | Broken]:
    for line, record in records:
        yield _Conversation(line, record).contact(settings) if text(record, "conversationId") else quoted(line, record)


class _Conversation:
    """A conversation, with its sessions by whose they are."""

    def __init__(self, line: int, record: dict[str, Any]) -> None:
        self.line = line
        self.record = record
        participants = maps(record, "participants")
        self.customers = _sessions(participants, *CUSTOMERS)
        self.queues = _sessions(participants, "acd")
        self.agents = [(who, one) for who in participants if text(who, "purpose") == "agent" for one in _of(who)]

    def contact(self, settings: Settings) -> Plain:
        talk = self.talks[0] if self.talks else None
        direction = DIRECTIONS.get(text(self.record, "originatingDirection"), "")
        contact = Plain(
            self.line,
            id=text(self.record, "conversationId"),
            started_at=text(self.record, "conversationStart"),
            ended_at=text(self.record, "conversationEnd"),
            channel=_channel(self.customers or self.queues or [one for _who, one in self.agents]),
            direction=direction,
            outcome=self._outcome(direction),
            agent=text(talk[0], "userId") if talk else "",
            reason=self._reason(),
        )
        customer = self._address(direction, ours=False)
        contact.phone, contact.email = ("", customer) if "@" in customer else (customer, "")
        words = {"queue": self._queue(), "number": self._address(direction, ours=True), "division": self._division()}
        place(contact, words, settings)
        return contact

    @property
    def talks(self) -> list[tuple[dict[str, Any], Session]]:
        """The sessions in which an agent and the customer were connected."""
        return [(who, one) for who, one in self.agents if _has(one, "interact")]

    def _outcome(self, direction: str) -> str:
        if direction == "out":
            reached = any(_has(one, "interact") for one in self.customers)
            return "answered" if self.talks and reached else "unanswered" if self.record.get("conversationEnd") else ""
        if self.talks:
            return "answered"
        if not text(self.record, "conversationEnd"):
            return "unknown"
        ends = {text(part, "disconnectType") for one in self.queues for part in maps(one, "segments")}
        return "abandoned" if ends & HUNG_UP else "unanswered"

    def _address(self, direction: str, ours: bool) -> str:
        """Where the customer was, or what of ours was called: the two ends change sides with the direction."""
        from_customer = (direction != "out") is not ours
        names = ["ani", "addressFrom"] if from_customer else ["dnis", "sessionDnis", "addressTo"]
        names += [] if ours else ["remote"]
        return next((found for one in self.customers if (found := address(first_text(one, *names)))), "")

    def _queue(self) -> str:
        """The first queue of the first session that waited in one."""
        parts = chain.from_iterable(
            maps(one, "segments") for one in [*self.queues, *(one for _who, one in self.agents)]
        )
        return next((queue for part in parts if (queue := text(part, "queueId"))), "")

    def _division(self) -> str:
        divisions = self.record.get("divisionIds")
        return str(divisions[0]) if isinstance(divisions, list) and divisions else ""

    def _reason(self) -> str:
        """The code the last agent wrapped up with."""
        parts = chain.from_iterable(maps(one, "segments") for _who, one in self.agents)
        codes = [code for part in parts if (code := text(part, "wrapUpCode"))]
        return codes[-1] if codes else ""


def _sessions(participants: list[dict[str, Any]], *purposes: str) -> list[Session]:
    return [one for who in participants if text(who, "purpose") in purposes for one in _of(who)]


def _of(participant: dict[str, Any]) -> list[Session]:
    return maps(participant, "sessions")


def _has(session: Session, kind: str) -> bool:
    return any(text(part, "segmentType") == kind for part in maps(session, "segments"))


def _channel(sessions: list[Session]) -> str:
    """The channel of the first session that has one; messages are told apart by their type."""
    for session in sessions:
        media = text(session, "mediaType")
        if media == "message":
            return MESSAGES.get(text(session, "messageType").lower(), "social")
        if media:
            return CHANNELS.get(media, media)
    return ""


READY = ReadySource(
    "genesys-conversations",
    "Genesys Cloud (analytics/conversations/details)",
    "genesys_conversation",
    read,
    own=(
        Setting("site_by", "choice", default="division", choices=("division", "queue", "number")),
        Setting("entry_by", "choice", default="number", choices=("number", "queue")),
        Setting("channel.", "pairs"),
    ),
)
