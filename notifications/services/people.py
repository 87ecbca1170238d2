"""What this package keeps of one person, and how it lets go of them: messages both ways, and stops."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select

from foundation.database import db
from foundation.jobs import services as jobs
from foundation.people import Held, Kept, Limits, Outcome, Part, Person
from notifications import hashing, outbox, pages
from notifications.keys import address_key, hashes_of
from notifications.masking import mask_text
from notifications.models import FetchedMail, InboundMessage, OptOut, OutboxMessage
from notifications.services.opt_outs import forget_address
from notifications.simulator import forget as forget_simulated

#: The job that deletes raw mails, once the transaction that lets go of them is committed.
FORGET_MAIL = "notifications.forget-mail"
#: Why a message is held back whose recipient was erased.
ERASED = "erased"
#: To find out what became of these, their words and their recipient are needed.
UNSETTLED = ("claimed", "in_doubt", "needs_human")
AT_ONCE = 500


def hashes_of_all(addresses: Iterable[str]) -> list[str]:
    """Every hash under which one of ``addresses`` is remembered."""
    return [digest for address in addresses for digest in hashes_of(address)]


def erase_messages(ids: Collection[int], now: datetime) -> int:
    """Empty these messages of recipient and words; return how many. What waits is held back for good.

    When, why, whence and what became of them stays, and so does the hash of the words: the send log says the same.
    Equal recipients stay equal, under a name nobody can trace back.
    """
    erased = 0
    for some in _batches(sorted(ids)):
        waiting = [
            outbox.Rise(one, "suppressed", now, code=ERASED, only_from="queued")
            for one in db.session.scalars(
                select(OutboxMessage.id).where(OutboxMessage.id.in_(some), OutboxMessage.state == "queued")
            )
        ]
        outbox.advance_many(waiting, source="outbox")
        erased += _empty(some, now)
    return erased


def _empty(ids: list[int], now: datetime) -> int:
    settled = select(OutboxMessage).where(
        OutboxMessage.id.in_(ids), OutboxMessage.state.not_in(UNSETTLED), OutboxMessage.erased_at.is_(None)
    )
    rows = db.session.scalars(settled.order_by(OutboxMessage.id).with_for_update(key_share=True)).all()
    names: dict[str, str] = {}
    for row in rows:
        row.body_hash = hashing.keyed_hash(address_key(), "text", mask_text(row.body, row.secrets))
        row.recipient_hash = names.setdefault(row.recipient_hash, secrets.token_hex(32))
        row.recipient = row.subject = row.body = ""
        row.html, row.in_reply_to, row.secrets, row.erased_at = None, None, [], now
    db.session.flush()
    forget_simulated([row.public_id for row in rows], [])
    return len(rows)


def erase_incoming(ids: Collection[int], now: datetime) -> int:
    """Empty these incoming messages of sender and words, raw mails included; return how many."""
    rows = db.session.scalars(select(InboundMessage).where(InboundMessage.id.in_(ids))).all()
    copies = select(FetchedMail.raw_sha256).where(FetchedMail.inbound_id.in_(ids))
    hashes = {*db.session.scalars(copies), *(row.raw_sha256 for row in rows if row.raw_sha256)}
    for row in rows:
        row.sender = row.sender_name = row.subject = row.body = ""
        row.full_text = row.message_id = row.raw_sha256 = row.raw_path = row.note = None
        row.attachments, row.answers, row.erased_at = [], [], now
    db.session.flush()
    forget_simulated([], [row.provider_id for row in rows])
    if hashes:
        jobs.enqueue(FORGET_MAIL, {"sha256": sorted(hashes)}, f"{now.isoformat()}:{min(hashes)}", now)
    return len(rows)


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


class MessagesPart(Part):
    """Messages out and in, stops and the pages behind their links."""

    words = {
        "messages": _l("Messages we sent"),
        "incoming": _l("Messages that came in"),
        "stops": _l("Stops"),
        "on-its-way": _l("being sent in this moment"),
        "waits-for-a-person": _l("waits to be read: it may be a complaint"),
        "purpose": pages.PURPOSES,
        "state": pages.STATES,
        "channel": pages.CHANNELS,
    }

    def held(self, person: Person) -> list[Held]:
        out = db.session.scalars(select(OutboxMessage).where(*_out(person)).order_by(OutboxMessage.created_at))
        came = db.session.scalars(select(InboundMessage).where(*_in(person)).order_by(InboundMessage.received_at))
        stops = db.session.scalars(select(OptOut).where(*_stops(person)).order_by(OptOut.at))
        return [
            Held("messages", [_message(row) for row in out]),
            Held("incoming", [_incoming(row) for row in came]),
            Held("stops", [_stop(row) for row in stops]),
        ]

    def outcome(self, person: Person, now: datetime) -> Outcome:
        out = db.session.execute(select(OutboxMessage.id, OutboxMessage.state).where(*_goes(person))).all()
        came = db.session.execute(select(InboundMessage.id, _WAITS).where(*_comes(person))).all()
        unsettled = sum(state in UNSETTLED for _id, state in out)
        unread = sum(bool(waits) for _id, waits in came)
        kept = [Kept("messages", unsettled, "on-its-way")] if unsettled else []
        kept += [Kept("incoming", unread, "waits-for-a-person")] if unread else []
        return Outcome({"messages": len(out) - unsettled, "incoming": len(came) - unread}, kept)

    def erase(self, person: Person, now: datetime) -> Outcome:
        outcome = self.outcome(person, now)
        erase_messages(db.session.scalars(select(OutboxMessage.id).where(*_goes(person))).all(), now)
        erase_incoming(db.session.scalars(select(InboundMessage.id).where(*_comes(person), ~_WAITS)).all(), now)
        for address in person.addresses:
            forget_address(address, None if person.alone else person.principal_id)
        return outcome

    def purge(self, limits: Limits, now: datetime, at_most: int) -> int:
        """Words of messages older than the limit of texts; those about a case stay as long as the case."""
        if limits.text is None:
            return 0
        out = select(OutboxMessage.id).where(
            OutboxMessage.principal_id == limits.principal_id,
            OutboxMessage.created_at < limits.text,
            OutboxMessage.erased_at.is_(None),
            OutboxMessage.state.not_in(UNSETTLED),
            OutboxMessage.purpose.in_(_ASKING),
        )
        came = select(InboundMessage.id).where(
            InboundMessage.principal_id == limits.principal_id,
            InboundMessage.received_at < limits.text,
            InboundMessage.erased_at.is_(None),
            InboundMessage.subject_key.is_(None),
            ~_WAITS,
        )
        gone = erase_messages(db.session.scalars(out.order_by(OutboxMessage.id).limit(at_most)).all(), now)
        return gone + erase_incoming(db.session.scalars(came.order_by(InboundMessage.id).limit(at_most)).all(), now)


#: What is said about a survey, not about somebody's case.
_ASKING = ("survey", "reminder", "interview", "confirmation")
_WAITS = InboundMessage.routed_at.is_(None) | (
    (InboundMessage.routed_to == "person") & InboundMessage.handled_at.is_(None)
)


def _out(person: Person) -> list[ColumnElement[bool]]:
    return [
        OutboxMessage.principal_id == person.principal_id,
        or_(
            OutboxMessage.recipient_hash.in_(hashes_of_all(person.addresses)),
            OutboxMessage.subject_key.in_(person.subjects),
        ),
        OutboxMessage.erased_at.is_(None),
    ]


def _goes(person: Person) -> list[ColumnElement[bool]]:
    return [*_out(person), OutboxMessage.subject_key.not_in(person.spared)]


def _in(person: Person) -> list[ColumnElement[bool]]:
    """What came in for this principal; of what came for nobody known, only what no other principal's person sent."""
    mine: ColumnElement[bool] = InboundMessage.principal_id == person.principal_id
    if person.alone:
        mine = or_(mine, InboundMessage.principal_id.is_(None))
    theirs = or_(InboundMessage.sender.in_(person.addresses), InboundMessage.subject_key.in_(person.subjects))
    return [mine, theirs, InboundMessage.erased_at.is_(None)]


def _comes(person: Person) -> list[ColumnElement[bool]]:
    spared = InboundMessage.subject_key.is_(None) | InboundMessage.subject_key.not_in(person.spared)
    return [*_in(person), spared]


def _stops(person: Person) -> list[ColumnElement[bool]]:
    reach = or_(OptOut.principal_id == person.principal_id, OptOut.principal_id.is_(None))
    return [OptOut.address_hash.in_(hashes_of_all(person.addresses)), reach]


def _message(row: OutboxMessage) -> dict[str, Any]:
    return {
        "at": row.created_at,
        "channel": row.channel,
        "purpose": row.purpose,
        "state": row.state,
        "address": row.recipient,
        "subject": row.subject,
        "text": mask_text(row.body, row.secrets),
    }


def _incoming(row: InboundMessage) -> dict[str, Any]:
    return {
        "at": row.received_at,
        "channel": row.channel,
        "address": row.sender,
        "subject": row.subject,
        "text": row.full_text or row.body,
        "attachments": ", ".join(str(one.get("name") or one.get("type") or "?") for one in row.attachments),
    }


def _stop(row: OptOut) -> dict[str, Any]:
    return {
        "at": row.at,
        "topic": row.topic,
        "source": row.source,
        "whom": row.scope,
        "sender": row.sender or "",
        "text": row.note or "",
        "until": row.lifted_at,
    }
