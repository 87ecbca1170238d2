"""E-mails that belong to a complaint, or are one."""

import itertools

import pytest

from complaints import services
from complaints.inbound import route_mail
from complaints.models import Case, CaseMessage
from foundation.database import db
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries.threads import AUTOMATIC_ANSWERS_A_DAY
from tests.complaints.factories import create_case, create_customer, create_principal
from tests.conftest import NOW

_numbers = itertools.count(1)
ADDRESS = "hoarau@example.org"


def a_mail(body, principal=None, **changes):
    number = next(_numbers)
    values = {
        "channel": "email", "kind": "message", "provider_id": f"mail:{number:<064}", "language": "fr",
        "principal_id": principal.id if principal else None, "sender": ADDRESS, "sender_name": "Mme Hoarau",
        "recipient": "relation@edr.example", "subject": "Bonjour", "body": body, "full_text": body,
        "message_id": f"<mail-{number}@example.org>", "answers": [], "attachments": [], "defects": [],
        "received_at": NOW, "sent_at": NOW, "attempt": 0,
    }  # fmt: skip
    message = InboundMessage(**(values | changes))
    db.session.add(message)
    db.session.flush()
    return message


def receipt_of(case):
    return db.session.scalars(db.select(OutboxMessage).filter_by(subject_key=f"complaint:{case.id}")).first()


def answering(case):
    return {"answers": ["<of-somebody@example.org>", f"<{receipt_of(case).public_id}@edr.example>"]}


def words_of(case):
    return db.session.scalars(db.select(CaseMessage.body).filter_by(case_id=case.id, kind="message")).all()


def test_an_answer_to_our_mail_joins_the_case_once(app):
    case = create_case()
    message = a_mail("Voici le relevé.", **answering(case))
    assert route_mail(message, NOW) and route_mail(message, NOW)
    assert words_of(case) == ["Voici le relevé."]
    assert (message.routed_why, message.subject_key) == ("answers-our-mail", f"complaint:{case.id}")
    assert message.principal_id == case.principal_id


def test_a_reference_in_the_subject_joins_the_case_too(app):
    case = create_case()
    assert route_mail(a_mail("Et alors ?", subject=f"TR : {case.reference.lower()} sans réponse"), NOW)
    assert words_of(case) == ["Et alors ?"]
    wrong = case.reference[:-1] + ("A" if case.reference[-1] != "A" else "B")
    assert not route_mail(a_mail("Et alors ?", subject=wrong), NOW)


@pytest.mark.parametrize("how", ["answer", "reference"])
def test_a_stranger_joins_no_case_whatever_they_quote(app, committed, how):
    case = create_case()
    changes = answering(case) if how == "answer" else {"subject": f"Re: {case.reference}"}
    message = a_mail("Ma réclamation est la même", sender="voisin@example.org", **changes)
    assert not route_mail(message, NOW)
    assert (message.routed_why, words_of(case), message.subject_key) == ("stranger-to-case", [], None)
    assert committed(Case) == 1


def test_the_customers_own_address_belongs_to_their_case(app):
    principal = create_principal()
    customer = create_customer(principal, email=ADDRESS.upper())
    case = create_case(principal, email="autre@example.org", customer_id=customer.id)
    assert route_mail(a_mail("Et alors ?", **answering(case)), NOW)


def test_another_principals_case_is_left_to_a_person(app):
    case = create_case()
    message = a_mail("Et alors ?", create_principal(), **answering(case))
    assert not route_mail(message, NOW)
    assert message.routed_why == "other-principal"


def test_an_ended_case_takes_no_mail(app):
    case = create_case()
    changes = answering(case)
    services.withdraw(case.id, NOW)
    message = a_mail("Et alors ?", **changes)
    assert not route_mail(message, NOW)
    assert message.routed_why == "case-ended"


def test_words_of_complaint_open_a_case_whose_receipt_answers_the_mail(app):
    principal = create_principal(reply_email="relation@edr.example")
    customer = create_customer(principal, email=ADDRESS)
    message = a_mail("Personne ne rappelle.", principal, subject="Réclamation")
    assert route_mail(message, NOW) and route_mail(message, NOW)
    case = db.session.scalars(db.select(Case)).one()
    assert (case.channel, case.email, case.customer_id) == ("email", ADDRESS, customer.id)
    kept = db.session.scalars(db.select(CaseMessage.body).filter_by(case_id=case.id, kind="complaint")).one()
    assert kept == "Réclamation\n\nPersonne ne rappelle."
    receipt = receipt_of(case)
    assert (receipt.in_reply_to, receipt.sender) == (message.message_id, "relation@edr.example")
    assert (receipt.recipient, message.routed_why) == (ADDRESS, "words-of-complaint")


def test_a_mail_to_nobody_known_or_without_a_complaint_is_left_to_a_person(app, committed):
    nobody = a_mail("Réclamation !")
    polite = a_mail("À quelle heure ouvrez-vous ?", create_principal())
    assert not route_mail(nobody, NOW) and not route_mail(polite, NOW)
    assert (nobody.routed_why, polite.routed_why) == ("no-principal", "no-complaint")
    assert committed(Case) == 0


def test_a_machine_that_complains_all_day_is_answered_a_few_times_and_then_a_person_looks(app):
    principal = create_principal()
    routed = [route_mail(a_mail(f"Réclamation {number}", principal), NOW) for number in range(9)]
    assert routed == [True] * AUTOMATIC_ANSWERS_A_DAY + [False] * (9 - AUTOMATIC_ANSWERS_A_DAY)
    receipts = db.session.scalar(db.select(db.func.count(OutboxMessage.id)).filter_by(recipient=ADDRESS))
    assert receipts == AUTOMATIC_ANSWERS_A_DAY
