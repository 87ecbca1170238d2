"""What goes by itself when a principal keeps it no longer, by the same functions that erase a person who asks."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contacts.models import Contact, Customer, Principal
from contacts.queries.persons import parts
from contacts.services.erasing import ErasureRefused, erase_person, finish_erasure, waiting_erasures
from foundation.database import db
from foundation.people import Limits
from foundation.timing.months import months_later

AT_ONCE = 100
#: Whom a round looks at, at most, to find those with whom nothing happened for so long.
LOOKED_AT = 1000


def limits_of(principal: Principal, now: datetime) -> Limits:
    """The moments before which things of a principal go, counted in its zone from the beginning of today."""
    zone = ZoneInfo(principal.zone)
    today = now.astimezone(zone).date()
    moments = {
        name: _midnight(months_later(today, -months), zone)
        for name in ("identity", "link", "text", "complaint")
        if (months := getattr(principal, f"{name}_months")) is not None
    }
    return Limits(principal.id, **moments)


def purge(now: datetime) -> Iterator[int]:
    """Carry out what erasures had to leave, then what each principal keeps no longer.

    Yields how much after each piece; the caller commits there, so that nobody waits for long.
    """
    for erasure in waiting_erasures(now.date(), AT_ONCE):
        finish_erasure(erasure, now)
        yield 1
    for principal_id in db.session.scalars(select(Principal.id).order_by(Principal.id)).all():
        yield from _purge(principal_id, now)


def _purge(principal_id: int, now: datetime) -> Iterator[int]:
    limits = limits_of(db.session.get_one(Principal, principal_id), now)
    for part in parts():
        while done := part.purge(limits, now, AT_ONCE):
            yield done
            if done < AT_ONCE:
                break
    last = 0
    while limits.identity is not None and (some := _known_before(limits, last)):
        last = some[-1]
        for customer_id in _idle(some, limits.identity):
            with suppress(ErasureRefused):  # erased or merged by somebody in the meantime
                erase_person(customer_id, now, ground="retention")
            yield 1


def _known_before(limits: Limits, last: int) -> list[int]:
    """Customers that may be idle, in the order of their ids after ``last``."""
    wanted = select(Customer.id).where(
        Customer.principal_id == limits.principal_id,
        Customer.id > last,
        Customer.erased_at.is_(None),
        Customer.merged_into_id.is_(None),
        ~select(Contact.id).where(Contact.customer_id == Customer.id, Contact.started_at >= limits.identity).exists(),
    )
    return list(db.session.scalars(wanted.order_by(Customer.id).limit(LOOKED_AT)))


def _idle(customer_ids: list[int], since: datetime) -> list[int]:
    """Those with whom nothing happened since, as far as any package knows."""
    busy = {one for part in parts() for one in part.active(customer_ids, since)}
    return [one for one in customer_ids if one not in busy]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
