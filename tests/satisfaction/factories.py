"""A drawn survey with its answers, and complaints, as rows: small enough to be worked out by hand."""

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from complaints.models import Case, Clock, Stage
from contacts.models import Contact, Period, Principal, Site
from foundation.database import db
from surveys.models import (
    Draw,
    DrawStratum,
    FrameUnit,
    Invitation,
    Programme,
    ProgrammeVersion,
    Questionnaire,
    QuestionnaireVersion,
    SeedCommitment,
)
from surveys.models.answers import AnswerEvent
from surveys.questionnaires import content_hash
from surveys.storage import model_definition

MADE_AT = datetime(2026, 11, 3, 8, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2026, 10, 1), date(2026, 10, 31)


def create_principal(key: str = "belline", **changes: Any) -> Principal:
    return _added(Principal(key=key, name=key.title(), brand=key.title(), created_at=MADE_AT, **changes))


def create_site(key: str = "lille", **changes: Any) -> Site:
    return _added(Site(key=key, name=key.title(), created_at=MADE_AT, **changes))


def create_period(principal: Principal, first_day: date = FIRST_DAY, last_day: date = LAST_DAY) -> Period:
    """A closed period."""
    return _added(
        Period(
            principal_id=principal.id,
            first_day=first_day,
            last_day=last_day,
            closed_at=MADE_AT,
            population=0,
            frame_hash="0" * 64,
        )
    )


def create_programme(
    principal: Principal, key: str = "apres-appel", definition: Any = None, **changes: Any
) -> Programme:
    """A programme on the model questionnaire, or on ``definition``."""
    definition = definition or model_definition("post_contact")
    questionnaire = _added(Questionnaire(key=f"{key}-questions", title="Avis", created_at=MADE_AT))
    version = _added(
        QuestionnaireVersion(
            questionnaire_id=questionnaire.id,
            number=1,
            definition=definition,
            content_hash=content_hash(definition),
            created_at=MADE_AT,
            published_at=MADE_AT,
        )
    )
    filled = {"collection": "web", "promise": "followed_up", "rules": {}, "strata": ["site", "channel"]} | changes
    programme = _added(Programme(key=key, name=key.title(), principal_id=principal.id, created_at=MADE_AT))
    first = {"programme_id": programme.id, "number": 1, "in_force_from": MADE_AT, "created_at": MADE_AT}
    _added(ProgrammeVersion(version_id=version.id, **first, **filled))
    return programme


Row = tuple[str, Site, str, int, int]  # stratum, site, channel, contacts that could be drawn, drawn


def create_draw(programme: Programme, period: Period, rows: list[Row], *, ineligible: int = 0, **changes: Any) -> Draw:
    """A draw whose frame has ``rows``, and in the first of them some contacts that could not be drawn."""
    seed = _added(
        SeedCommitment(
            programme_id=programme.id,
            first_day=period.first_day,
            last_day=period.last_day,
            seed="0" * 64,
            commitment=secrets.token_hex(32),
            late=changes.get("late", False),
            committed_at=MADE_AT,
        )
    )
    filled = {
        "programme_version_id": programme.latest.id,
        "late": False,
        "one_per_customer": False,
        "exclusions": {"ineligible": {"outcome": ineligible}, "suppressed": {}},
    } | changes
    draw = _added(
        Draw(
            programme_id=programme.id,
            period_id=period.id,
            principal_id=programme.principal_id,
            seed_commitment_id=seed.id,
            seed_commitment=seed.commitment,
            seed="0" * 64,
            state="drawn",
            frame_hash="0" * 64,
            allocation={"strata": programme.latest.strata},
            requested_at=MADE_AT,
            drawn_at=MADE_AT,
            population=sum(row[3] for row in rows) + ineligible,
            eligible=sum(row[3] for row in rows),
            drawn=sum(row[4] for row in rows),
            **filled,
        )
    )
    for number, (stratum, site, channel, eligible, drawn) in enumerate(rows):
        contacts = create_contacts(programme.principal_id, site, channel, eligible, period.first_day)
        _frame(draw, contacts, stratum, eligible, drawn)
        if number == 0 and ineligible:
            _frame(draw, create_contacts(programme.principal_id, site, channel, ineligible), stratum, 0, 0)
    for stratum in {row[0] for row in rows}:
        mine = [row for row in rows if row[0] == stratum]
        eligible, drawn = sum(row[3] for row in mine), sum(row[4] for row in mine)
        extra = ineligible if stratum == rows[0][0] else 0
        _added(
            DrawStratum(
                draw_id=draw.id, stratum=stratum, field_values=[stratum], population=eligible + extra,
                eligible=eligible, drawn=drawn,
            )
        )  # fmt: skip
    _invite(draw, programme)
    return draw


def create_contacts(principal_id: int, site: Site, channel: str, count: int, day: date = FIRST_DAY) -> list[int]:
    """Contacts at noon of ``day``; returns their ids."""
    at = datetime.combine(day, time(12), UTC)
    fixed = {
        "principal_id": principal_id, "site_id": site.id, "source": "test", "channel": channel, "direction": "in",
        "started_at": at, "recorded_at": at, "outcome": "answered", "facts": {}, "late": False,
    }  # fmt: skip
    rows = [fixed | {"external_id": secrets.token_hex(8), "public_id": secrets.token_hex(16)} for _ in range(count)]
    return list(db.session.scalars(insert(Contact).returning(Contact.id, sort_by_parameter_order=True), rows))


def _frame(draw: Draw, contacts: list[int], stratum: str, eligible: int, drawn: int) -> None:
    status = {"status": "eligible", "pi_drawn": drawn, "pi_eligible": eligible}
    if not eligible:
        status = {"status": "ineligible", "reason": "outcome"}
    db.session.execute(
        insert(FrameUnit),
        [
            {"draw_id": draw.id, "contact_id": contact, "public_id": secrets.token_hex(16), "stratum": stratum}
            | {"drawn": number < drawn}
            | status
            for number, contact in enumerate(contacts)
        ],
    )


def _invite(draw: Draw, programme: Programme) -> None:
    drawn = db.session.execute(
        db.select(FrameUnit.contact_id, FrameUnit.stratum, Contact.site_id)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .where(FrameUnit.draw_id == draw.id, FrameUnit.drawn)
    )
    for contact_id, stratum, site_id in drawn:
        db.session.add(
            Invitation(
                draw_id=draw.id, programme_id=programme.id, version_id=draw.version_id, contact_id=contact_id,
                principal_id=draw.principal_id, site_id=site_id, stratum=stratum, language="fr",
                collection=programme.latest.collection, disposition="delivered", created_at=MADE_AT,
            )
        )  # fmt: skip
    db.session.flush()


def answer(
    draw: Draw, site: Site, channel: str, answers: list[Mapping[str, Any]], disposition: str = "completed"
) -> list[Invitation]:
    """Let as many of those drawn at a place answer as there are ``answers``, each a map of question and value."""
    waiting = db.session.scalars(
        db.select(Invitation)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(Invitation.draw_id == draw.id, Contact.site_id == site.id, Contact.channel == channel)
        .where(Invitation.disposition == "delivered")
        .order_by(Invitation.id)
        .limit(len(answers))
    ).all()
    assert len(waiting) == len(answers), "not so many were drawn here"
    for invitation, given in zip(waiting, answers, strict=True):
        invitation.disposition = disposition
        for question, value in given.items():
            add_event(invitation, question, value)
    db.session.flush()
    return list(waiting)


def add_event(invitation: Invitation, question: str, value: Any, kind: str = "answer") -> None:
    """One more event at the end of an interview."""
    position = db.session.scalar(
        db.select(db.func.count()).select_from(AnswerEvent).where(AnswerEvent.invitation_id == invitation.id)
    )
    db.session.add(
        AnswerEvent(
            invitation_id=invitation.id, version_id=invitation.version_id, position=position, kind=kind,
            question_id=question, value=value, mode="web", at=MADE_AT, idempotency_key=secrets.token_hex(8),
        )
    )  # fmt: skip
    db.session.flush()


def create_case(
    principal: Principal, site: Site | None, received_at: datetime, *, due_on: date | None = None, **changes: Any
) -> Case:
    """A complaint; with ``due_on``, an answer due at the end of that day (in UTC), ``met_at`` and ``void_at``."""
    clock = {name: changes.pop(name, None) for name in ("met_at", "void_at")}
    number = (db.session.scalar(db.select(db.func.max(Case.number))) or 0) + 1
    filled = {"origin": "spontaneous", "channel": "email", "language": "fr", "state": "received"} | changes
    case = _added(
        Case(
            reference=f"R-2026-{number:06d}-X", year=2026, number=number, uid=secrets.token_hex(8),
            secret_hash="0" * 64, filing_key=secrets.token_hex(8), principal_id=principal.id, site_id=site and site.id,
            sent_at=received_at, received_at=received_at, registered_at=received_at, **filled,
        )
    )  # fmt: skip
    if due_on:
        stage = _added(Stage(case_id=case.id, level=1, opened_at=received_at))
        due_at = datetime.combine(due_on + timedelta(days=1), time(), UTC)
        _added(
            Clock(
                case_id=case.id, stage_id=stage.id, kind="answer", start_event=1, profile="service@1",
                started_on=received_at.date(), quantity=10, unit="ouvres", region="metropole", calendar_version="1",
                due_on=due_on, due_at=due_at, **clock,
            )
        )  # fmt: skip
    return case


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
