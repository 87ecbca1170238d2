"""The product under measurement: a database with invitations that wait for an answer, and the application."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from app import create_app
from benchmarks.bare_form import BareQuestion
from benchmarks.statements import counted
from contacts.models import Contact, Customer, Period, Principal, Site
from foundation.database import db
from foundation.web.clock import utc_now
from surveys import tokens
from surveys.models import (
    Draw,
    Invitation,
    Programme,
    ProgrammeVersion,
    Questionnaire,
    QuestionnaireVersion,
    SeedCommitment,
)
from surveys.questionnaires import compile_version, content_hash
from surveys.storage import model_definition

#: Five questions on one page: a scale of eleven, three of five, and a comment.
FIVE = Path(__file__).parent / "five_questions.json"
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 1, 31)
CALLED_AT = datetime(2026, 1, 15, 10, tzinfo=UTC)


def create_served() -> Flask:
    """The application as gunicorn serves it, without limits of rate: all respondents come from one address."""
    return counted(create_app({"RATELIMIT_ENABLED": False}))


def environment(url: str, folder: Path) -> dict[str, str]:
    """The settings by which a served application finds the database and its own secret, kept in ``folder``."""
    return {"SATISFECIT_DATABASE_URL": url, "SATISFECIT_INSTANCE": str(folder)}


def prepare(url: str, folder: Path, invitations: Mapping[str, int]) -> dict[str, list[str]]:
    """Make the tables and, by key of a questionnaire, as many invitations to it; return the links' tokens."""
    with application(url, folder) as app:
        db.create_all()
        principal = _added(Principal(key="benchmark", name="Benchmark", brand="Benchmark", created_at=utc_now()))
        _added(Site(key="benchmark", name="Benchmark", created_at=utc_now()))
        made = {
            key: _invited(draw_of(principal, key), count, app.config["SECRET_KEY"])
            for key, count in invitations.items()
        }
        db.session.commit()
    return made


def completed(url: str, folder: Path) -> int:
    """How many invitations were answered to the end."""
    with application(url, folder):
        return db.session.scalar(select(func.count()).where(Invitation.completed_at.is_not(None))) or 0


@contextmanager
def application(url: str, folder: Path) -> Iterator[Flask]:
    """The application in this process, inside its context; the environment is afterwards what it was before."""
    before = dict(os.environ)
    os.environ.update(environment(url, folder))
    try:
        app = create_app()
    finally:
        os.environ.clear()
        os.environ.update(before)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def definition(key: str) -> dict[str, Any]:
    """The definition of one of the questionnaires beside this file, or of a model."""
    own = Path(__file__).with_name(f"{key}.json")
    return json.loads(own.read_text()) if own.exists() else model_definition(key)


def bare_questions(key: str) -> list[BareQuestion]:
    """What a content customer is asked on the web, as plain questions; those about a low score are not asked."""
    version = compile_version(definition(key))
    asked = [question for question in version.questions if question.purpose != "complaint"]
    return [
        BareQuestion(
            question.id,
            question.title["fr"],
            [(option.value, option.label) for option in question.type.options(question, "fr")],
        )
        for question in asked
    ]


def draw_of(principal: Principal, key: str) -> Draw:
    now = utc_now()
    programme = _programme(principal, key, now)
    period = db.session.scalars(select(Period)).one_or_none() or _period(principal, now)
    days = {"first_day": FIRST_DAY, "last_day": LAST_DAY}
    seed = _added(
        SeedCommitment(
            programme_id=programme.id,
            seed="0" * 64,
            commitment=secrets.token_hex(32),
            late=True,
            committed_at=now,
            **days,
        )
    )
    return _added(
        Draw(
            programme_id=programme.id,
            period_id=period.id,
            principal_id=principal.id,
            programme_version_id=programme.latest.id,
            seed_commitment_id=seed.id,
            seed_commitment=seed.commitment,
            seed=seed.seed,
            state="drawn",
            late=True,
            frame_hash="0" * 64,
            allocation={"strata": programme.latest.strata},
            one_per_customer=False,
            requested_at=now,
            drawn_at=now,
        )
    )


def _period(principal: Principal, now: datetime) -> Period:
    days = {"first_day": FIRST_DAY, "last_day": LAST_DAY}
    return _added(Period(principal_id=principal.id, closed_at=now, population=0, frame_hash="0" * 64, **days))


def _programme(principal: Principal, key: str, now: datetime) -> Programme:
    asked = definition(key)
    questionnaire = _added(Questionnaire(key=key, title=key, created_at=now))
    version = _added(
        QuestionnaireVersion(
            questionnaire_id=questionnaire.id,
            number=1,
            definition=asked,
            content_hash=content_hash(asked),
            created_at=now,
            published_at=now,
        )
    )
    programme = _added(Programme(key=key, name=key, principal_id=principal.id, created_at=now))
    _added(
        ProgrammeVersion(
            programme_id=programme.id,
            number=1,
            in_force_from=now,
            version_id=version.id,
            collection="web",
            promise="followed_up",
            low_score=2,
            rules={},
            strata=["site", "channel"],
            created_at=now,
        )
    )
    return programme


def _invited(draw: Draw, count: int, secret: str) -> list[str]:
    """Invitations that were sent a moment ago, each to a customer of its own."""
    now, site_id = utc_now(), db.session.scalars(select(Site.id)).one()
    principal = {"principal_id": draw.principal_id}
    db.session.execute(
        insert(Customer),
        [{**principal, "email": f"{number}@{draw.id}.example.org", "created_at": now} for number in range(count)],
    )
    ours = select(Customer.id).where(Customer.email.like(f"%@{draw.id}.example.org"))
    customers = db.session.scalars(ours.order_by(Customer.id)).all()
    called = {"channel": "phone", "direction": "in", "outcome": "answered", "started_at": CALLED_AT, "source": "log"}
    db.session.execute(
        insert(Contact),
        [
            {**principal, **called, "site_id": site_id, "customer_id": customer, "external_id": str(customer),
             "public_id": secrets.token_hex(16), "recorded_at": now, "facts": {}}
            for customer in customers
        ],
    )  # fmt: skip
    theirs = select(Contact.id, Contact.customer_id).where(Contact.customer_id.in_(ours))
    contacts = db.session.execute(theirs.order_by(Contact.id)).all()
    sent = {"collection": "web", "language": "fr", "stratum": "benchmark · phone", "disposition": "sent",
            "created_at": now, "sent_at": now, "expires_at": now + timedelta(days=7)}  # fmt: skip
    db.session.execute(
        insert(Invitation),
        [
            {**principal, **sent, "draw_id": draw.id, "programme_id": draw.programme_id, "version_id": draw.version_id,
             "site_id": site_id, "contact_id": contact.id, "customer_id": contact.customer_id,
             "public_id": secrets.token_hex(12)}
            for contact in contacts
        ],
    )  # fmt: skip
    drawn = db.session.scalars(select(Invitation.id).where(Invitation.draw_id == draw.id)).all()
    return [_with_link(invitation_id, secret) for invitation_id in drawn]


def _with_link(invitation_id: int, secret: str) -> str:
    token = tokens.derive(secret, invitation_id, 1)
    db.session.execute(
        update(Invitation).where(Invitation.id == invitation_id).values(token_hash=tokens.token_hash(token))
    )
    return token


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
