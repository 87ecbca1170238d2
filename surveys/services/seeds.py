"""Binding oneself to a seed before it is used."""

import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contacts.models import Principal
from foundation.database import db, insert_if_absent
from foundation.ledger.services import record
from surveys import sampling
from surveys.models import Programme, SeedCommitment
from surveys.refusals import SurveyRefused


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
        "seed": seed.hex(),
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
