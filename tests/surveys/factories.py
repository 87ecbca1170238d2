"""A small centre with contacts, and programmes to draw from them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from contacts.models import Contact, Customer, Period, Principal, Site
from foundation.database import db
from surveys.models import Draw, Invitation, Programme, QuestionnaireVersion
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.services.programmes import NewProgramme, create_programme
from surveys.services.questionnaires import publish, save_draft
from surveys.storage import model_definition
from surveys.terms import Terms

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
_numbers = count(1)


def create_principal(**changes: Any) -> Principal:
    n = next(_numbers)
    principal = Principal(
        **{"key": f"belline{n}", "name": "Mutuelle Belline", "brand": "Belline", "created_at": NOW} | changes
    )
    db.session.add(principal)
    db.session.flush()
    return principal


def create_site(key: str | None = None, **changes: Any) -> Site:
    key = key or f"site{next(_numbers)}"
    site = Site(**{"key": key, "name": key.title(), "created_at": NOW} | changes)
    db.session.add(site)
    db.session.flush()
    return site


def create_customer(principal: Principal, **changes: Any) -> Customer:
    n = next(_numbers)
    known = {"principal_id": principal.id, "phone": f"+336{n:08d}", "phone_takes_sms": True, "created_at": NOW}
    customer = Customer(**known | changes)
    db.session.add(customer)
    db.session.flush()
    return customer


def create_contact(principal: Principal, site: Site, customer: Customer | None = None, **changes: Any) -> Contact:
    n = next(_numbers)
    known = {
        "principal_id": principal.id,
        "site_id": site.id,
        "customer_id": customer.id if customer else None,
        "source": "log",
        "external_id": str(n),
        "channel": "phone",
        "direction": "in",
        "started_at": datetime(2026, 10, 5, 8, 0, tzinfo=UTC) + timedelta(minutes=n % 1000),
        "outcome": "answered",
        "language": "fr",
        "recorded_at": NOW,
    }
    contact = Contact(**known | changes)
    db.session.add(contact)
    db.session.flush()
    return contact


def create_contacts(principal: Principal, sites: Iterable[Site], each: int, **changes: Any) -> None:
    """``each`` contacts at each site, every one by a customer of its own."""
    for site in sites:
        for _ in range(each):
            create_contact(principal, site, create_customer(principal), **changes)


def create_period(principal: Principal, closed: bool = True, first: date = FIRST, last: date = LAST) -> Period:
    period = Period(principal_id=principal.id, first_day=first, last_day=last)
    if closed:
        period.closed_at, period.population, period.frame_hash = NOW, 0, "0" * 64
    db.session.add(period)
    db.session.flush()
    return period


def published_version() -> QuestionnaireVersion:
    """The model questionnaire, published."""
    version = save_draft(model_definition("post_contact"), NOW)
    if version.published_at is None:
        version = publish(version.questionnaire_id, None, NOW)
    return version


def create_programme_of(principal: Principal, **changes: Any) -> Programme:
    """An SMS programme of 10 by site; give what is to be otherwise."""
    named = {"key": f"after-contact-{next(_numbers)}", "name": "Après un échange"}
    named |= {name: changes.pop(name) for name in named if name in changes}
    return create_programme(NewProgramme(**named, principal_id=principal.id, terms=terms_of(**changes)), NOW)


def terms_of(**changes: Any) -> Terms:
    """What such a programme says."""
    known: dict[str, Any] = {"collection": "sms", "strata": ["site"], "sample_size": 10}
    if "version_id" not in changes:
        known["version_id"] = published_version().id
    return Terms(**known | changes)


def create_draw(programme: Programme, size: int | None = None, now: datetime = NOW) -> Draw:
    """A draw carried out, committed; the period must be there."""
    draw = request_draw(programme, FIRST, LAST, size, now)
    db.session.commit()
    carried_out(draw.id, now)
    return db.session.get_one(Draw, draw.id, populate_existing=True)


def carried_out(draw_id: int, now: datetime = NOW) -> None:
    for _piece in carry_out(draw_id, now):
        db.session.commit()


def invitations_of(draw: Draw) -> list[Invitation]:
    return list(db.session.scalars(db.select(Invitation).filter_by(draw_id=draw.id).order_by(Invitation.id)))
