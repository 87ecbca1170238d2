"""A person with everything that may be held of one, at two principals that know the same number."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import complaints.services
from contacts import services
from contacts.models import Contact, Customer, Period, Principal
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from notifications.models import InboundMessage
from notifications.services import enqueue, opt_out, opt_out_link
from surveys.models import AnswerEvent, AnswerText, Draw, Invitation
from tests.complaints.factories import a_filing
from tests.conftest import NOW
from tests.surveys import factories

PHONE, EMAIL = "+33639981234", "zoe.martin@example.org"
WORDS = "Zoé attend depuis trois semaines"


@dataclass
class Known:
    """One principal and what it knows of the person; the draw holds others too."""

    principal: Principal
    customer: Customer
    contact: Contact
    period: Period
    draw: Draw
    invitation: Invitation


def known(key: str) -> Known:
    """What ``known_to`` made."""
    principal = db.session.scalars(db.select(Principal).filter_by(key=key)).one()
    customer = db.session.scalars(db.select(Customer).filter_by(principal_id=principal.id, phone=PHONE)).one()
    first = db.select(Contact).filter_by(customer_id=customer.id).order_by(Contact.id).limit(1)
    return Known(
        principal,
        customer,
        db.session.scalars(first).one(),
        db.session.scalars(db.select(Period).filter_by(principal_id=principal.id)).one(),
        db.session.scalars(db.select(Draw).filter_by(principal_id=principal.id)).one(),
        db.session.scalars(db.select(Invitation).filter_by(customer_id=customer.id)).one(),
    )


def known_to(app: Any, key: str, site: Any, others: int = 4) -> None:
    """A principal whose customer called twice, was invited, answered in words, wrote, complained and said stop."""
    principal = factories.create_principal(key=key, brand=key.title(), zone="Europe/Paris")
    customer = factories.create_customer(principal, phone=PHONE, email=EMAIL, name="Zoé Martin", language="fr")
    factories.create_contact(principal, site, customer, facts={"note": "Zoé Martin, 3 rue Basse"})
    factories.create_contact(principal, site, customer, external_id=f"{key}-2", outcome="abandoned")
    factories.create_contacts(principal, [site], others)
    db.session.commit()
    services.close_period(principal.id, factories.FIRST, factories.LAST, NOW)
    db.session.commit()
    programme = factories.create_programme_of(principal, key=f"after-{key}", sample_size=None, method="everyone")
    draw = factories.create_draw(programme)
    for invitation in db.session.scalars(db.select(Invitation).filter_by(draw_id=draw.id)):
        _asked(invitation, key)
    theirs = db.session.scalars(db.select(Invitation).filter_by(draw_id=draw.id, customer_id=customer.id)).one()
    _answered(theirs, key)
    _wrote(principal, key)
    complaints.services.file_complaint(
        a_filing(principal, words=f"{WORDS} chez {key}", name="Zoé Martin", phone=PHONE, email=EMAIL,
                 customer_id=customer.id, phone_takes_sms=True),
        NOW,
    )  # fmt: skip
    opt_out(EMAIL, principal.id, "link", NOW)
    opt_out_link(EMAIL, principal.id, NOW, public_url="", brand=key)
    db.session.commit()
    run_until_idle(app)


def _asked(invitation: Invitation, key: str) -> None:
    customer = db.session.get_one(Customer, invitation.customer_id)
    invitation.disposition, invitation.sent_at, invitation.token_hash = "sent", NOW, f"{invitation.id:064d}"
    invitation.expires_at = NOW + timedelta(days=7)
    enqueue(
        channel="sms", recipient=customer.phone, body=f"{key} : bonjour {customer.name}", purpose="survey",
        business_key=f"invitation:{invitation.id}:send", now=NOW, principal_id=invitation.principal_id,
        subject_key=f"invitation:{invitation.id}",
    )  # fmt: skip


def _answered(invitation: Invitation, key: str) -> None:
    event = AnswerEvent(
        invitation_id=invitation.id, version_id=invitation.version_id, position=0, kind="answer",
        question_id="satisfaction", value=2, mode="web", at=NOW, idempotency_key=f"test:{invitation.id}",
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    db.session.add(AnswerText(answer_event_id=event.id, text=f"{WORDS} chez {key}"))
    invitation.disposition, invitation.completed_at = "completed", NOW


def _wrote(principal: Principal, key: str) -> None:
    """An SMS that a person read and settled."""
    db.session.add(
        InboundMessage(
            provider_id=f"SM-{key}", principal_id=principal.id, language="fr", sender=PHONE, recipient="38600",
            body=f"{WORDS} ({key})", received_at=NOW, routed_to="person", routed_at=NOW, handled_at=NOW,
        )
    )  # fmt: skip
