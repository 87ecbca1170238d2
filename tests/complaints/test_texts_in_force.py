"""Letters and SMS about a complaint say the words in force, and the outbox names their version."""

from complaints import services
from foundation.database import db
from notifications.models import OutboxMessage
from notifications.queries.texts import catalogue
from notifications.services.texts import save
from notifications.texts import Template
from tests.complaints.factories import create_case, create_principal
from tests.conftest import NOW, create_user


def put_in_force(key, channel, body, subject="", folded=False):
    version = save(
        catalogue().get(key, channel), "fr", Template(body, subject, folded), "", 0, NOW, create_user("quality").id
    )
    db.session.commit()
    return version.id


def last_message():
    return db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()


def test_a_receipt_by_sms_says_the_words_in_force_folded_or_not_as_chosen(app):
    words = "{brand} : reçu, réf. {reference}, code {code}. {link}"
    stored = put_in_force("complaints.receipt", "sms", words)
    case = create_case(create_principal(), email=None, phone="+33639981234")
    message = last_message()
    assert message.body.startswith(f"EDR : reçu, réf. {case.reference}, code ")
    assert (message.text_id, message.channel) == (stored, "sms")


def test_a_letter_says_the_words_in_force_unless_a_handler_wrote_others(app):
    body = "Bonjour,\n\nNous nous occupons de {reference}, d’ici au {answer_due}. {link}\n{mediator_after}\n{brand}"
    stored = put_in_force("complaints.acknowledgement", "email", body, "{brand} : {reference}")
    handler = create_user("handler").id
    first, second = (create_case(create_principal(key=key), email="a@example.org") for key in ("one", "two"))
    for case, typed in ((first, None), (second, "Mes propres mots.")):
        services.assign(case.id, handler, NOW)
        services.acknowledge(case.id, handler, NOW, body=typed)
        db.session.commit()
    said = db.session.scalars(db.select(OutboxMessage).filter_by(subject_key=f"complaint:{first.id}")).all()[-1]
    assert said.subject == f"EDR : {first.reference}" and "Nous nous occupons de R-" in said.body
    assert said.text_id == stored
    assert (last_message().body, last_message().text_id) == ("Mes propres mots.", None)
