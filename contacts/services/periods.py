"""Closing a period: its population is fixed, and the ledger knows it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contacts.frames import frame_hash, span
from contacts.models import Period, Principal
from contacts.queries.population import span_frame
from contacts.services import gates
from foundation.database import db
from foundation.ledger import services as ledger


class PeriodRefused(Exception):
    """A period that may not be closed: ``period-reversed``, ``period-not-over`` or ``period-overlaps``.

    ``first_day`` and ``last_day`` are those asked for, or of the closed period in the way.
    """

    def __init__(self, code: str, first_day: date, last_day: date) -> None:
        super().__init__(f"{code} {first_day} {last_day}")
        self.code = code
        self.first_day = first_day
        self.last_day = last_day


def close_period(
    principal_id: int, first_day: date, last_day: date, now: datetime, actor_id: int | None = None
) -> Period:
    """Fix the population of these days, both inclusive, in the principal's zone.

    What arrives later for one of them is kept and marked late. Raises PeriodRefused.
    """
    gates.enter(principal_id)
    _refuse_if_wrong(principal_id, first_day, last_day, now)
    digest, population = frame_hash(span_frame(principal_id, first_day, last_day))
    period = Period(
        principal_id=principal_id,
        first_day=first_day,
        last_day=last_day,
        closed_at=now,
        closed_by=actor_id,
        population=population,
        frame_hash=digest,
    )
    db.session.add(period)
    db.session.flush()
    _tell_ledger(period, now, actor_id)
    return period


def _refuse_if_wrong(principal_id: int, first_day: date, last_day: date, now: datetime) -> None:
    zone = db.session.scalars(select(Principal.zone).where(Principal.id == principal_id)).one()
    if last_day < first_day:
        raise PeriodRefused("period-reversed", first_day, last_day)
    if span(first_day, last_day, ZoneInfo(zone))[1] > now:
        raise PeriodRefused("period-not-over", first_day, last_day)
    overlapping = select(Period).where(
        Period.principal_id == principal_id, Period.first_day <= last_day, Period.last_day >= first_day
    )
    other = db.session.scalars(overlapping.order_by(Period.first_day)).first()
    if other is not None:
        raise PeriodRefused("period-overlaps", other.first_day, other.last_day)


def _tell_ledger(period: Period, now: datetime, actor_id: int | None) -> None:
    facts = {
        "principal_id": period.principal_id,
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        "population": period.population,
        "frame_hash": period.frame_hash,
    }
    ledger.record(
        "contacts.period-closed", f"period:{period.id}", facts, now, actor_id, principal_id=period.principal_id
    )
