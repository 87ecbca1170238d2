"""Letters about a complaint spare the night where the complainant lives; what answers them at once does not wait."""

from datetime import UTC, datetime

from sqlalchemy import select

from complaints.models import Case
from complaints.services.sending import send
from complaints.wording.texts import Wording
from foundation.database import db
from notifications.models import OutboxMessage
from notifications.services import opt_out
from tests.complaints.factories import create_case

LATE = datetime(2026, 11, 29, 19, 30, tzinfo=UTC)  # a Sunday: 20:30 in Paris, 23:30 in Réunion
TEXT = Wording("Votre réclamation", "Bonjour", "Votre réclamation : lisez notre réponse.")


KINDS = {"acknowledgement": "acknowledgement", "reply": "message", "decision": "appeal_decision"}


def sent(case: Case, purpose: str) -> OutboxMessage:
    send(case, KINDS[purpose], purpose, TEXT, LATE)
    db.session.commit()
    return db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()


def test_a_decision_by_sms_waits_for_the_morning_of_whoever_gets_it(app):
    here = create_case(email=None, phone="+33612345678")
    far = create_case(email=None, phone="+262692123456")
    assert sent(here, "decision").not_before == LATE  # a Sunday evening in Paris is not the night
    message = sent(far, "decision")
    assert (message.zone, message.region) == ("Indian/Reunion", "la-reunion")
    assert message.not_before == datetime(2026, 11, 30, 4, tzinfo=UTC)  # 08:00 in Réunion


def test_an_acknowledgement_answers_at_once_and_an_e_mail_wakes_nobody(app):
    far = create_case(email=None, phone="+262692123456")
    assert sent(far, "acknowledgement").not_before == LATE
    by_email = create_case(email="hoarau@example.org")
    assert sent(by_email, "decision").not_before == LATE


def test_what_is_owed_about_a_complaint_goes_on_after_stop(app):
    case = create_case(email=None, phone="+33612345678")
    opt_out("+33612345678", None, "sms", LATE)
    assert [sent(case, purpose).state for purpose in ("acknowledgement", "reply", "decision")] == ["queued"] * 3
