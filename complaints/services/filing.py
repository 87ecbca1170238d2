"""A complaint comes in, whatever the way."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from complaints import clocks
from complaints.errors import DatesOutOfOrder
from complaints.keys import case_key
from complaints.lifecycle import RECEIVED, SYSTEM_ACTOR, Actor
from complaints.models import Case, CaseMessage
from complaints.references import code_hash, follow_code
from complaints.replay import CaseState
from complaints.services.actors import actor_of
from complaints.services.numbering import lock_counter, next_reference
from complaints.services.places import place_of
from complaints.services.sending import send
from complaints.services.texts import code_of, values_of, wording
from complaints.services.turns import Turn
from complaints.signals import case_opened
from foundation.database import db
from foundation.timing.calendars import local_day

PROFILE = clocks.SERVICE
FIRST_CLOCKS = ("acknowledgement", "answer", "legal")


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What someone complained of, and all that is known with it.

    ``filing_key`` names the act: filing twice with one key is one case. ``phone`` is E.164.
    ``registered_by`` is the member of staff who wrote it down; None: the complainant did.
    """

    filing_key: str
    principal_id: int
    words: str
    channel: str
    sent_at: datetime
    received_at: datetime
    language: str = "fr"
    site_id: int | None = None
    name: str = ""
    phone: str | None = None
    phone_takes_sms: bool = True
    email: str | None = None
    category: str | None = None
    customer_id: int | None = None
    contact_id: int | None = None
    origin: str = "spontaneous"
    invitation: str | None = None
    answer_copy: dict[str, Any] | None = None
    follows_id: int | None = None
    registered_by: int | None = None


def file_complaint(filing: Filing, now: datetime) -> Case:
    """Register a complaint and return its case, with receipt and clocks; the same case for the same key.

    Raises DatesOutOfOrder unless sent, received and ``now`` are in this order.
    """
    if not filing.sent_at <= filing.received_at <= now:
        raise DatesOutOfOrder
    place = place_of(filing.principal_id, filing.site_id)
    counter = lock_counter(local_day(now, ZoneInfo(place.zone)).year)
    filed = db.session.scalars(select(Case).filter_by(filing_key=filing.filing_key)).first()
    if filed:
        return filed
    reference = next_reference(counter)
    case = _new_case(filing, str(reference), now)
    case.year, case.number = reference.year, reference.number
    db.session.add(case)
    db.session.flush()
    _send_receipt(_register(case, filing, place, now), filing.words)
    case_opened.send(case, now=now)
    return case


def _new_case(filing: Filing, reference: str, now: datetime) -> Case:
    uid = secrets.token_hex(16)
    values = {name: value for name, value in asdict(filing).items() if name not in {"words", "category"}}
    return Case(
        **values,
        reference=reference,
        uid=uid,
        secret_hash=code_hash(case_key(), follow_code(case_key(), uid)),
        registered_at=now,
        state=RECEIVED,
    )


def _register(case: Case, filing: Filing, place: clocks.Place, now: datetime) -> Turn:
    db.session.add(
        CaseMessage(
            case_id=case.id, direction="in", kind="complaint", body=filing.words, at=filing.sent_at,
            channel=filing.channel,
        )
    )  # fmt: skip
    turn = Turn(case, CaseState(), _registrar(filing), now)
    personal = {"words": filing.words, "name": case.name, "phone": case.phone, "email": case.email}
    turn.happen("register", _facts(case, filing, place), personal)
    return turn


def _facts(case: Case, filing: Filing, place: clocks.Place) -> dict[str, Any]:
    """What is kept of a filing for ever: no words, no name, no address."""
    zone = ZoneInfo(place.zone)
    starts = {"sent": local_day(case.sent_at, zone), "received": local_day(case.received_at, zone)}
    promises = [clocks.promise(PROFILE, kind, starts[PROFILE.rules[kind].starts], place) for kind in FIRST_CLOCKS]
    return {
        "principal_id": case.principal_id,
        "site_id": case.site_id,
        "channel": case.channel,
        "origin": case.origin,
        "category": filing.category,
        "follows": db.session.get_one(Case, case.follows_id).reference if case.follows_id else None,
        "sent_at": case.sent_at.isoformat(),
        "received_at": case.received_at.isoformat(),
        "clocks": [one.facts() for one in promises],
    }


def _registrar(filing: Filing) -> Actor:
    if filing.registered_by is None and filing.origin == "survey":
        return SYSTEM_ACTOR
    return actor_of(filing.registered_by)


def _send_receipt(turn: Turn, words: str) -> None:
    code = code_of(turn.case)
    values = values_of(turn.case, turn.state)
    text = wording("receipt", turn.case.language).fill(**values, code=code, words=words)
    send(turn.case, "receipt", "acknowledgement", text, turn.now, secrets=(code,))
