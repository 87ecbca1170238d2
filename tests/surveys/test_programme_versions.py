"""A programme changes by a new version only: draws keep theirs, the ledger says what changed, two people are heard."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from foundation.database import db
from foundation.ledger.models import Entry
from surveys.forms import TermsChangeForm
from surveys.models import Draw, Programme, ProgrammeVersion
from surveys.queries.interviews import interview_of
from surveys.refusals import SurveyRefused
from surveys.services.draws import request_draw
from surveys.services.programmes import change_programme
from surveys.services.questionnaires import publish, retire, save_draft
from surveys.services.sending import send_invitations
from surveys.terms import TERMS, burden
from tests.conftest import token_in
from tests.surveys.factories import (
    FIRST,
    LAST,
    NOW,
    carried_out,
    create_contacts,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
    terms_of,
)
from tests.surveys.test_programme_pages import NEW

pytestmark = pytest.mark.usefixtures("app")
LATER = NOW + timedelta(days=1)


def centre(**changes):
    principal = create_principal()
    create_contacts(principal, [create_site()], each=12)
    create_period(principal)
    return create_programme_of(principal, **changes)


def said(programme, **changes):
    return replace(terms_of(version_id=programme.latest.version_id), **changes)


def refused(*args, **options):
    with pytest.raises(SurveyRefused) as refusal:
        change_programme(*args, **options)
    return refusal.value.code


def test_a_draw_made_before_keeps_its_version_and_one_made_after_gets_the_new_one():
    programme = centre(validity_days=7)
    first = create_draw(programme)
    change_programme(programme, said(programme, validity_days=21, reminders=2), 1, LATER)
    for _piece in send_invitations(first.id, "a secret for tests that is long enough", "https://avis.example", LATER):
        db.session.commit()
    found = interview_of(invitations_of(first)[0].id)
    assert first.terms.number == 1
    assert found.invitation.expires_at == LATER + timedelta(days=7)
    assert programme.terms_at(LATER).number == 2


def test_a_version_to_come_is_not_in_force_before_its_moment():
    programme = centre()
    change_programme(programme, said(programme, sample_size=5), 1, NOW, in_force_from=NOW + timedelta(days=30))
    assert [programme.terms_at(NOW + timedelta(days=days)).number for days in (0, 29, 30, 99)] == [1, 1, 2, 2]
    draw = request_draw(programme, FIRST, LAST, None, LATER)
    db.session.commit()
    carried_out(draw.id, LATER)
    assert db.session.get(Draw, draw.id).drawn == 10


def test_the_ledger_says_what_changed_with_both_hashes():
    programme = centre()
    before = programme.latest.digest
    made = change_programme(programme, said(programme, reminders=2), 1, LATER, note="Too few answers")
    db.session.flush()
    entry = db.session.scalars(db.select(Entry).filter_by(kind="programme.changed")).one()
    facts = json.loads(entry.facts) if isinstance(entry.facts, str) else entry.facts
    assert facts["changed"] == {"reminders": [0, 2]}
    assert (facts["before"], facts["after"]) == (before, made.digest)
    assert facts["note"] == "Too few answers"


def test_a_version_is_never_changed_nor_deleted():
    programme = centre()
    db.session.commit()
    version = programme.latest
    version.reminders = 3
    with pytest.raises(SurveyRefused, match="terms-stay"):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.get(ProgrammeVersion, version.id))
    with pytest.raises(SurveyRefused, match="terms-stay"):
        db.session.flush()
    db.session.rollback()


def test_what_may_not_be_said_is_refused():
    programme = centre()
    same = programme.latest
    unchanged = said(programme)
    assert refused(programme, unchanged, 1, LATER) == "nothing-changed"
    assert refused(programme, said(programme, reminders=1), 7, LATER) == "programme-changed"
    assert refused(programme, said(programme, reminders=9), 1, LATER) == "too-many-reminders"
    assert refused(programme, said(programme, collection="file"), 1, LATER) == "collection-stays"
    early = {"in_force_from": NOW - timedelta(days=1)}
    assert refused(programme, said(programme, reminders=1), 1, LATER, **early) == "in-force-too-early"
    assert programme.latest == same


def test_the_form_brings_back_every_rule_as_it_was(app):
    rich = {"strata": ["site", "facts.segment"], "low_score": None, "reminders": 2, "quarantine_days": 90}
    programme = centre(**rich, names_agent=True, method="fixed", fixed_sizes={"lille": 40}, sample_size=None)
    with app.test_request_context():
        form = TermsChangeForm.of(programme.latest)
        form.offer_windows([])
        assert form.terms().to_json() == {name: programme.latest.values[name] for name in TERMS}


@pytest.mark.parametrize(
    ("reminders", "gap", "days", "most"), [(0, 72, 7, 1), (2, 72, 7, 3), (3, 72, 7, 3), (3, 24, 30, 4), (2, 200, 7, 1)]
)
def test_the_burden_counts_what_the_days_leave_room_for(reminders, gap, days, most):
    asked = terms_of(version_id=1, reminders=reminders, reminder_gap_hours=gap, validity_days=days)
    assert burden(asked) == most


def _typed(page):
    """What the form of ``page`` would post as it stands."""
    return {name: value for name, value in NEW.items() if name not in ("name", "key")} | {"csrf_token": token_in(page)}


def test_two_people_change_a_programme_and_the_second_sees_both(sign_in):
    programme = centre()
    db.session.commit()
    first, second = sign_in("quality", "en"), sign_in("quality", "en")
    address = f"/surveys/programmes/{programme.key}/change"
    shared = {"version_id": str(programme.latest.version_id), "seen": "1", "from_day": ""}
    pages = [one.get(address).text for one in (first, second)]
    one = first.post(address, data=_typed(pages[0]) | shared | {"reminders": "2", "note": "more answers"})
    two = second.post(address, data=_typed(pages[1]) | shared | {"reminders": "3", "note": "even more"})
    assert (one.status_code, two.status_code) == (302, 409)
    assert "Saved by somebody else" in two.text and 'value="even more"' in two.text
    again = second.post(address, data=_typed(two.text) | shared | {"seen": "2", "reminders": "3", "note": "even more"})
    assert again.status_code == 302
    db.session.rollback()
    assert [one.reminders for one in db.session.get(Programme, programme.id).versions] == [0, 2, 3]
    page = first.get(f"/surveys/programmes/{programme.key}").text
    assert "2 → 3" in page and "even more" in page and "4 messages that ask" not in page


def test_nobody_without_the_right_changes_a_programme(sign_in):
    programme = centre()
    db.session.commit()
    assert sign_in("auditor").get(f"/surveys/programmes/{programme.key}/change").status_code == 403


def test_what_was_asked_before_keeps_its_name_when_it_is_retired(sign_in):
    programme = centre()
    old = programme.latest.version
    definition = {**old.definition, "title": {"fr": "Autre", "en": "Other"}}
    new = publish(save_draft(definition, NOW).questionnaire_id, None, NOW)
    change_programme(programme, said(programme, version_id=new.id), 1, LATER)
    retire(old.questionnaire_id, old.number, LATER)
    db.session.commit()
    page = sign_in("quality", "en").get(f"/surveys/programmes/{programme.key}").text
    assert "version 1 → " in page and f">{old.id} → " not in page
