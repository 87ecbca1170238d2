"""Continuous draws with contacts that arrive as they would: through the log."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

from contacts.addresses import Phone
from contacts.entries import Entry
from contacts.models import Principal, Site
from contacts.services import close_period, record_entries
from foundation.database import db
from foundation.jobs.models import Job
from surveys.models import Draw, FrameUnit, Programme
from surveys.services.continuous import close_draw, open_draw
from tests.surveys.factories import create_programme_of

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
_numbers = count(1)


def continuous_programme(principal: Principal, rate: str = "1/2", **changes) -> Programme:
    """A continuous programme by SMS with one stratum; ``rates`` for others."""
    rates = changes.pop("rates", {"": rate})
    known = {"draw_kind": "continuous", "method": "everyone", "sample_size": None, "strata": []}
    return create_programme_of(principal, **known | {"design": {"rates": rates}} | changes)


def opened(programme: Programme, now: datetime, first: date = FIRST, last: date = LAST) -> Draw:
    draw = open_draw(programme, first, last, now)
    db.session.commit()
    return draw


def entry(site: Site, at: datetime, phone: str | None, **changes) -> Entry:
    known = {
        "external_id": f"c{next(_numbers)}", "site_id": site.id, "channel": "phone", "direction": "in",
        "started_at": at, "outcome": "answered", "language": "fr",
        "phone": Phone(phone, True) if phone else None,
    }  # fmt: skip
    return Entry(**known | changes)


def arrive(principal: Principal, entries: Sequence[Entry], now: datetime) -> list[str]:
    outcomes = record_entries(principal.id, "log", entries, now)
    db.session.commit()
    return outcomes


def units_of(draw: Draw) -> list[FrameUnit]:
    return list(db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id).order_by(FrameUnit.contact_id)))


def closed(draw: Draw, now: datetime, first: date = FIRST, last: date = LAST, despite_gaps: bool = False) -> Draw:
    """The draw after its period was closed and the worker has done what it was told."""
    close_period(draw.principal_id, first, last, now, despite_gaps=despite_gaps)
    db.session.commit()
    told = db.session.scalars(db.select(Job).filter_by(kind="surveys.close-draw")).all()
    for job in told:
        for _piece in close_draw(job.payload["draw_id"], now):
            db.session.commit()
    return db.session.get_one(Draw, draw.id, populate_existing=True)
