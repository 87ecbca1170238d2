"""Answers that must not count: voided by events, their words deleted, noted without what they said."""

from datetime import timedelta

import pytest

from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Entry
from foundation.people import Person
from surveys.models import AnswerEvent, AnswerText, AnswerWithdrawal, Invitation
from surveys.queries.withdrawals import standing_answers, withdrawn_of_draws
from surveys.refusals import SurveyRefused
from surveys.services.answer_withdrawals import withdraw_answers
from surveys.services.people import SurveysPart
from tests.conftest import NOW, token_in
from tests.surveys.answer_factories import add, create_draw, create_invitation


def answered(disposition: str = "completed", draw=None) -> Invitation:
    """An interview that is over, with two answers, one of them corrected, and words to each."""
    invitation = create_invitation(draw, disposition=disposition, completed_at=NOW)
    for position, (question, value) in enumerate((("satisfaction", 5), ("satisfaction", 2), ("recommendation", 9))):
        event = AnswerEvent(
            invitation_id=invitation.id, version_id=invitation.version_id, position=position, kind="answer",
            question_id=question, value=value, mode="web", at=NOW, idempotency_key=f"{invitation.id}:{position}",
        )  # fmt: skip
        add(event)
        add(AnswerText(answer_event_id=event.id, text=f"Paul, dossier {value}"))
    db.session.commit()
    return invitation


def withdraw(invitation: Invitation, questions=None, note: str = "Le client a écrit le 3."):
    chosen = questions or [event.question_id for event in standing_answers(invitation.id)]
    row = withdraw_answers(invitation.id, chosen, "asked", note, NOW, None)
    db.session.commit()
    return row


@pytest.mark.parametrize("database", ["app", "pg_app"])
def test_answers_withdrawn_stand_no_more_and_their_words_are_gone(database, request):
    request.getfixturevalue(database)
    invitation, other = answered(), answered()
    row = withdraw(invitation)
    assert row.answers == 2 and standing_answers(invitation.id) == []
    assert len(standing_answers(other.id)) == 2
    words = db.session.scalars(db.select(AnswerEvent.invitation_id).join(AnswerText)).all()
    assert set(words) == {other.id} and len(words) == 3
    assert db.session.get_one(Invitation, invitation.id).disposition == "completed"


def test_one_question_can_be_withdrawn_and_the_other_stays(app):
    invitation = answered()
    first, second = standing_answers(invitation.id)
    withdraw(invitation, [first.question_id])
    assert [event.id for event in standing_answers(invitation.id)] == [second.id]


def test_what_is_withdrawn_twice_is_refused_and_nothing_is_written(app):
    invitation = answered()
    withdraw(invitation)
    with pytest.raises(SurveyRefused, match="nothing-to-withdraw"):
        withdraw_answers(invitation.id, ["satisfaction"], "asked", "encore", NOW, None)
    assert db.session.scalar(db.select(db.func.count()).select_from(AnswerWithdrawal)) == 1


@pytest.mark.parametrize("disposition", ["sent", "started", "delivered"])
def test_an_interview_that_may_still_be_answered_is_left_alone(app, disposition):
    with pytest.raises(SurveyRefused, match="still-running"):
        withdraw(answered(disposition))


def test_anonymous_answers_cannot_be_looked_up(app):
    invitation = answered(draw=create_draw(promise="anonymous", collection="web"))
    with pytest.raises(SurveyRefused, match="anonymous"):
        withdraw(invitation)


def test_the_ledger_says_which_and_how_many_and_keeps_a_commitment_to_the_words(app):
    invitation = answered()
    row = withdraw(invitation, note="Paul Martin a appelé")
    entry = db.session.scalars(db.select(Entry).filter_by(kind="answers.withdrawn")).one()
    assert f'"answers":{row.answers}' in entry.facts and '"reason":"asked"' in entry.facts
    assert "Paul" not in entry.facts and entry.commitment


def test_erasing_the_person_erases_what_was_noted(app):
    invitation = answered()
    row = withdraw(invitation)
    person = Person(principal_id=invitation.principal_id, customer_ids=(invitation.customer_id,), addresses=())
    SurveysPart().erase(person, NOW)
    db.session.commit()
    db.session.refresh(row)
    assert (row.note, row.answers) == ("", 2)


def test_what_was_withdrawn_is_counted_for_the_sites_in_scope_and_since_a_moment(app):
    invitation = answered()
    withdraw(invitation)
    draws = [invitation.draw_id]
    assert withdrawn_of_draws(draws, EVERYTHING)[:2] == (1, 2)
    assert withdrawn_of_draws(draws, EVERYTHING, NOW + timedelta(seconds=1))[:2] == (0, 0)
    elsewhere = Scope(principal_ids=None, site_ids=frozenset({invitation.site_id + 1}))
    assert withdrawn_of_draws(draws, elsewhere)[:2] == (0, 0)


def test_the_page_offers_questions_without_their_answers_and_wants_a_reason(app, sign_in):
    invitation = answered()
    quality, address = sign_in("quality"), f"/surveys/invitations/{invitation.public_id}"
    page = quality.get(address).text
    assert "Retirer des réponses" in page and "Paul" not in page
    chosen = [event.question_id for event in standing_answers(invitation.id)]
    fields = {"questions": chosen[:1], "reason": "test", "note": "Essai du 3.", "csrf_token": token_in(page)}
    refused = quality.post(f"{address}/withdraw-answers", data=fields)
    assert refused.status_code == 400 and "Essai du 3." in refused.text
    done = quality.post(f"{address}/withdraw-answers", data={**fields, "sure": "y"}, follow_redirects=True)
    assert "1 réponse ne compte plus" in done.text and "C’était un essai" in done.text
    assert [event.question_id for event in standing_answers(invitation.id)] == chosen[1:]


@pytest.mark.parametrize("role", ["agent", "handler", "auditor", "principal"])
def test_others_are_offered_nothing(app, sign_in, role):
    invitation = answered()
    visitor = sign_in(role)
    page = visitor.get(f"/surveys/invitations/{invitation.public_id}")
    assert "withdraw-answers" not in page.text
