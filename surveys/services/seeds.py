"""Binding oneself to a seed before it is used, and the value that an auditor mixes in."""

import secrets
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from contacts.models import Period, Principal
from foundation.database import db, insert_if_absent
from foundation.ledger.services import record
from surveys import sampling
from surveys.models import Draw, Programme, SeedCommitment
from surveys.refusals import SurveyRefused
from surveys.seed_keys import locked

#: A value of fewer letters could have been tried out before.
SHORTEST_VALUE, LONGEST_VALUE = 6, 200


def commit_seed(
    programme: Programme, first_day: date, last_day: date, now: datetime, actor_id: int | None = None
) -> SeedCommitment:
    """Bind the programme to a fresh random seed for these days, both inclusive, and say so in the ledger.

    Late when the first day has already begun in the principal's zone: contacts could be known. Raises SurveyRefused
    ``days-out-of-order`` or ``seed-already-committed``.
    """
    if first_day > last_day:
        raise SurveyRefused("days-out-of-order", first_day=first_day, last_day=last_day)
    zone = ZoneInfo(db.session.get_one(Principal, programme.principal_id).zone)
    seed = secrets.token_bytes(sampling.SEED_BYTES)
    values = {
        "programme_id": programme.id,
        "first_day": first_day,
        "last_day": last_day,
        "seed": locked(current_app.config["SECRET_KEY"], seed),
        "commitment": sampling.commitment(seed),
        "late": now.astimezone(zone).date() >= first_day,
        "committed_at": now,
        "committed_by": actor_id,
    }
    if not insert_if_absent(SeedCommitment, [values], ["programme_id", "first_day", "last_day"]):
        raise SurveyRefused("seed-already-committed", first_day=first_day, last_day=last_day)
    record(
        "seed.committed",
        f"programme:{programme.id}",
        {
            "programme": programme.key,
            "first_day": first_day.isoformat(),
            "last_day": last_day.isoformat(),
            "commitment": values["commitment"],
            "late": values["late"],
        },
        now,
        actor_id=actor_id,
        principal_id=programme.principal_id,
    )
    return seed_commitment(programme.id, first_day, last_day)


def seed_commitment(programme_id: int, first_day: date, last_day: date) -> SeedCommitment:
    """The seed bound for these days; it must exist."""
    return db.session.scalars(
        select(SeedCommitment).filter_by(programme_id=programme_id, first_day=first_day, last_day=last_day)
    ).one()


def mix_value(
    programme: Programme, first_day: date, last_day: date, value: str, now: datetime, actor_id: int | None = None
) -> SeedCommitment:
    """Keep the value that an auditor gives to be mixed with the seed of these days: once, and for good.

    Only after the period has closed, so that no contact can be fitted to it, and before the draw is asked for. The seed
    must have been committed before, so that it cannot be fitted to the value. Raises SurveyRefused ``period-open``,
    ``seed-not-committed``, ``value-too-short`` (also when too long), ``value-already-given``, ``already-drawn`` or
    ``already-requested`` (draw_id).
    """
    value = unicodedata.normalize("NFC", value.strip())
    if not SHORTEST_VALUE <= len(value) <= LONGEST_VALUE:
        raise SurveyRefused("value-too-short", least=SHORTEST_VALUE, most=LONGEST_VALUE)
    period = db.session.scalars(
        select(Period).filter_by(principal_id=programme.principal_id, first_day=first_day, last_day=last_day)
    ).one_or_none()
    if period is None or period.closed_at is None:
        raise SurveyRefused("period-open", first_day=first_day, last_day=last_day)
    committed = db.session.scalars(
        select(SeedCommitment)
        .filter_by(programme_id=programme.id, first_day=first_day, last_day=last_day)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    _refuse_value(programme, period, committed)
    assert committed is not None
    committed.auditor_value, committed.auditor_value_at, committed.auditor_value_by = value, now, actor_id
    facts = {
        "programme": programme.key,
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "commitment": committed.commitment,
        "value": value,
    }
    subject = f"programme:{programme.id}"
    record("seed.mixed", subject, facts, now, actor_id=actor_id, principal_id=programme.principal_id)
    db.session.flush()
    return committed


def _refuse_value(programme: Programme, period: Period, committed: SeedCommitment | None) -> None:
    if committed is None:
        raise SurveyRefused("seed-not-committed", first_day=period.first_day, last_day=period.last_day)
    if committed.auditor_value is not None:
        raise SurveyRefused("value-already-given", first_day=period.first_day, last_day=period.last_day)
    asked = select(Draw).filter_by(programme_id=programme.id, period_id=period.id).where(Draw.state != "refused")
    if draw := db.session.scalars(asked).one_or_none():
        raise SurveyRefused("already-drawn" if draw.state == "drawn" else "already-requested", draw_id=draw.id)
