"""Principals, sites, complaints and answers for the tests of complaints."""

import itertools
from datetime import UTC, datetime
from typing import Any

from complaints import services
from complaints.models import Case
from complaints.services import Filing
from contacts.models import Customer, Principal, Site
from foundation.database import db
from tests.conftest import NOW, create_user

_numbers = itertools.count(1)


def create_principal(**changes: Any) -> Principal:
    """Énergie du Rhône, with a mediator."""
    number = next(_numbers)
    values = {
        "key": f"edr-{number}",
        "name": "Énergie du Rhône",
        "brand": "EDR",
        "mediator_name": "Médiateur de l’énergie",
        "mediator_address": "1 rue de la Médiation, 75001 Paris",
        "mediator_url": "https://mediateur.example.org",
        "created_at": NOW,
    }
    principal = Principal(**{**values, **changes})
    db.session.add(principal)
    db.session.commit()
    return principal


def create_site(**changes: Any) -> Site:
    """Lyon, in metropolitan France."""
    number = next(_numbers)
    site = Site(**{"key": f"lyon-{number}", "name": "Lyon", "created_at": NOW, **changes})
    db.session.add(site)
    db.session.commit()
    return site


def create_customer(principal: Principal, **changes: Any) -> Customer:
    """Mme Hoarau, whose phone takes SMS."""
    values = {"name": "Mme Hoarau", "phone": "+33612345678", "phone_takes_sms": True, "created_at": NOW}
    customer = Customer(principal_id=principal.id, **{**values, **changes})
    db.session.add(customer)
    db.session.commit()
    return customer


def a_filing(principal: Principal, **changes: Any) -> Filing:
    """A complaint about a bill, sent and received at NOW."""
    values = {
        "filing_key": f"test:{next(_numbers)}",
        "principal_id": principal.id,
        "words": "On me réclame 412 € alors que j’ai relevé mon compteur.",
        "channel": "web",
        "sent_at": NOW,
        "received_at": NOW,
        "name": "Mme Hoarau",
        "email": "hoarau@example.org",
    }
    return Filing(**{**values, **changes})


def create_case(principal: Principal | None = None, now: datetime = NOW, **changes: Any) -> Case:
    """A registered complaint, committed."""
    case = services.file_complaint(a_filing(principal or create_principal(), **changes), now)
    db.session.commit()
    return case


def create_decided(principal: Principal | None = None, now: datetime = NOW, **changes: Any) -> tuple[Case, int]:
    """A rejected complaint, and the id of the handler who rejected it."""
    case = create_case(principal, now, **changes)
    alice = create_user("handler", name="Alice")
    services.assign(case.id, alice.id, now)
    services.acknowledge(case.id, alice.id, now)
    services.decide(case.id, "rejected", "Le relevé du technicien fait foi.", alice.id, now)
    db.session.commit()
    return case, alice.id


def an_answer(principal: Principal, **changes: Any) -> dict[str, Any]:
    """What the survey tells of a dissatisfied answer."""
    payload = {
        "principal_id": principal.id,
        "site_id": None,
        "customer_id": None,
        "contact_id": None,
        "invitation": f"invitation-{next(_numbers)}",
        "programme_key": "after-call",
        "programme": "Après un appel",
        "score": 2,
        "words": "Personne ne rappelle.",
        "language": "fr",
        "wants": "none",
        "answered_at": datetime(2026, 11, 23, 8, 0, tzinfo=UTC).isoformat(),
    }
    return {**payload, **changes}
