"""Everything there is to show of one contact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contacts.models import Contact, Customer, Principal, Site
from foundation.database import db


@dataclass(frozen=True)
class ContactCard:
    """One contact as a person reads it, with names instead of ids; ``started_at`` is to be shown in ``zone``."""

    id: int
    public_id: str
    principal_id: int
    principal: str
    site_id: int
    site: str
    zone: str
    source: str
    external_id: str
    channel: str
    direction: str
    started_at: datetime
    recorded_at: datetime
    reason: str
    agent: str
    outcome: str
    language: str
    late: bool
    customer_id: int | None
    customer_name: str
    phone: str | None
    email: str | None
    facts: dict[str, Any]


def contact_card(contact_id: int) -> ContactCard | None:
    """The card of one contact, or None; the caller has asked whether the reader may see it."""
    row = db.session.execute(
        select(Contact, Principal, Site, Customer)
        .join(Principal, Principal.id == Contact.principal_id)
        .join(Site, Site.id == Contact.site_id)
        .outerjoin(Customer, Customer.id == Contact.customer_id)
        .where(Contact.id == contact_id)
    ).one_or_none()
    return None if row is None else _card(*row)


def _card(contact: Contact, principal: Principal, site: Site, customer: Customer | None) -> ContactCard:
    return ContactCard(
        id=contact.id,
        public_id=contact.public_id,
        principal_id=principal.id,
        principal=principal.name,
        site_id=site.id,
        site=site.name,
        zone=site.zone,
        source=contact.source,
        external_id=contact.external_id,
        channel=contact.channel,
        direction=contact.direction,
        started_at=contact.started_at,
        recorded_at=contact.recorded_at,
        reason=contact.reason,
        agent=contact.agent,
        outcome=contact.outcome,
        language=contact.language,
        late=contact.late,
        customer_id=contact.customer_id,
        customer_name=customer.name if customer else "",
        phone=customer.phone if customer else None,
        email=customer.email if customer else None,
        facts=contact.facts,
    )
