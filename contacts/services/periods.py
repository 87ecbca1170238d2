"""Closing a period: its population is fixed, and the ledger knows it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contacts.frames import frame_hash, span
from contacts.models import Period, Principal
from contacts.queries.population import span_frame
from contacts.queries.reconciliation import unexplained
from contacts.services import gates
from contacts.signals import period_closed
from foundation.database import db
from foundation.ledger import services as ledger


class PeriodRefused(Exception):
    """A period that may not be closed.

    Codes: ``period-reversed``, ``period-not-over``, ``period-overlaps`` and ``period-gaps``.

    ``first_day`` and ``last_day`` are those asked for, or of the closed period in the way. ``period-gaps``: so many
    ``gaps`` to what the sources say are not explained, and nobody said to close it all the same.
    """

    def __init__(self, code: str, first_day: date, last_day: date, gaps: int = 0) -> None:
        super().__init__(f"{code} {first_day} {last_day}")
        self.code = code
        self.first_day = first_day
        self.last_day = last_day
        self.gaps = gaps


def close_period(
    principal_id: int,
    first_day: date,
    last_day: date,
    now: datetime,
    actor_id: int | None = None,
    despite_gaps: bool = False,
) -> Period:
    """Fix the population of these days, both inclusive, in the principal's zone.

    What arrives later for one of them is kept and marked late. ``despite_gaps`` closes it where gaps to what the
    sources say are not explained; the ledger keeps how many. Raises PeriodRefused.
    """
    gates.enter(principal_id)
    _refuse_if_wrong(principal_id, first_day, last_day, now)
    gaps = len(unexplained(principal_id, first_day, last_day, now))
    if gaps and not despite_gaps:
        raise PeriodRefused("period-gaps", first_day, last_day, gaps)
    digest, population = frame_hash(span_frame(principal_id, first_day, last_day))
    period = _open(principal_id, first_day, last_day) or Period(
        principal_id=principal_id, first_day=first_day, last_day=last_day
    )
    period.closed_at, period.closed_by, period.population, period.frame_hash = now, actor_id, population, digest
    db.session.add(period)
    db.session.flush()
    _tell_ledger(period, gaps, now, actor_id)
    period_closed.send(principal_id, period_id=period.id, now=now)
    return period


def open_period(principal_id: int, first_day: date, last_day: date) -> Period:
    """The open period of these days, both inclusive, made if there is none; nothing is fixed by it but its days.

    For whoever must know the days of a period before they are over. Enters the gate of the principal. Raises
    PeriodRefused ``period-reversed`` or ``period-overlaps`` (also with itself, once closed).
    """
    gates.enter(principal_id)
    _refuse_days(principal_id, first_day, last_day)
    period = _open(principal_id, first_day, last_day)
    if period is None:
        period = Period(principal_id=principal_id, first_day=first_day, last_day=last_day)
        db.session.add(period)
        db.session.flush()
    return period


def _open(principal_id: int, first_day: date, last_day: date) -> Period | None:
    days = select(Period).filter_by(principal_id=principal_id, first_day=first_day, last_day=last_day)
    return db.session.scalars(days.where(Period.closed_at.is_(None))).one_or_none()


def _refuse_if_wrong(principal_id: int, first_day: date, last_day: date, now: datetime) -> None:
    _refuse_days(principal_id, first_day, last_day)
    zone = db.session.scalars(select(Principal.zone).where(Principal.id == principal_id)).one()
    if span(first_day, last_day, ZoneInfo(zone))[1] > now:
        raise PeriodRefused("period-not-over", first_day, last_day)


def _refuse_days(principal_id: int, first_day: date, last_day: date) -> None:
    """Refuse days in the wrong order, and those of another period; the open one of the same days is in nobody's way."""
    if last_day < first_day:
        raise PeriodRefused("period-reversed", first_day, last_day)
    overlapping = select(Period).where(
        Period.principal_id == principal_id, Period.first_day <= last_day, Period.last_day >= first_day
    )
    for other in db.session.scalars(overlapping.order_by(Period.first_day)):
        if (other.first_day, other.last_day) != (first_day, last_day) or other.closed_at is not None:
            raise PeriodRefused("period-overlaps", other.first_day, other.last_day)


def _tell_ledger(period: Period, gaps: int, now: datetime, actor_id: int | None) -> None:
    facts = {
        "principal_id": period.principal_id,
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        "population": period.population,
        "frame_hash": period.frame_hash,
        **({"unexplained_gaps": gaps} if gaps else {}),
    }
    ledger.record(
        "contacts.period-closed", f"period:{period.id}", facts, now, actor_id, principal_id=period.principal_id
    )
