"""Text messages that belong to a complaint, or are one."""

import itertools

import pytest
from sqlalchemy import select

from complaints import services
from complaints.inbound import route_sms, speaks_of_complaint
from complaints.models import Case, CaseMessage
from foundation.database import db
from notifications.models import InboundMessage
from tests.complaints.factories import create_case, create_customer, create_principal
from tests.conftest import NOW

_numbers = itertools.count(1)


def an_sms(body, principal=None, sender="+33612345678"):
    return InboundMessage(
        provider_id=f"SM{next(_numbers)}",
        principal_id=principal.id if principal else None,
        language="fr",
        sender=sender,
        recipient="+33600000000",
        body=body,
        received_at=NOW,
    )


@pytest.mark.parametrize(
    "body",
    [
        "Je fais une RÉCLAMATION",
        "reclamation",
        "Je veux porter plainte",
        "I want to complain",
        "je me plains",
        "no, it is a complaint",
    ],
)
def test_words_of_complaint_are_understood(body):
    assert speaks_of_complaint(body)


@pytest.mark.parametrize(
    "body",
    ["merci", "8/10", "complet", "Bonjour, à quelle heure ouvrez-vous ?", "8, pas de réclamation", "no complaint"],
)
def test_other_words_are_not(body):
    assert not speaks_of_complaint(body)


def test_a_message_from_the_number_of_an_open_case_joins_it_once(app):
    principal = create_principal()
    case = create_case(principal, phone="+33612345678", email=None)
    message = an_sms("Voici le relevé.", principal)
    assert route_sms(message, NOW) and route_sms(message, NOW)
    words = db.session.scalars(select(CaseMessage.body).filter_by(case_id=case.id, kind="message")).all()
    assert words == ["Voici le relevé."]


def test_another_principals_case_is_not_touched(app):
    create_case(create_principal(), phone="+33612345678", email=None)
    assert not route_sms(an_sms("Voici le relevé.", create_principal()), NOW)


def test_an_ended_case_takes_no_messages(app):
    principal = create_principal()
    case = create_case(principal, phone="+33612345678", email=None)
    services.withdraw(case.id, NOW)
    assert not route_sms(an_sms("Voici le relevé.", principal), NOW)


def test_words_of_complaint_open_a_case_and_its_receipt_goes_back(app, committed):
    principal = create_principal()
    customer = create_customer(principal)
    message = an_sms("Réclamation : personne ne rappelle.")
    assert route_sms(message, NOW)
    db.session.commit()
    case = db.session.scalars(select(Case)).one()
    assert (case.channel, case.customer_id, case.principal_id) == ("sms", customer.id, principal.id)
    assert case.due_kind == "acknowledgement"


def test_a_number_nobody_knows_is_left_to_a_person(app, committed):
    assert not route_sms(an_sms("Réclamation !"), NOW)
    assert committed(Case) == 0


def test_a_number_two_principals_know_is_left_to_a_person(app):
    for _ in range(2):
        create_customer(create_principal())
    assert not route_sms(an_sms("Réclamation !"), NOW)
