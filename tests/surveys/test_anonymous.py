"""Anonymous answers: cut from the invitation at the end, let go in crowds, and nobody known any more afterwards."""

from datetime import timedelta

import pytest

from complaints.models import Proposal
from contacts.models import Period
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.jobs.models import Job
from satisfaction.blurring import blurred
from satisfaction.findings import Period as ReportPeriod
from satisfaction.queries.answers import anonymous_draws, answer_cells, dispositions
from satisfaction.queries.frames import frame_counts
from satisfaction.services import survey_of
from surveys.anonymity import ANONYMOUS
from surveys.cli.work import let_go
from surveys.eligibility import Rules
from surveys.models import AnonymousAnswer, AnswerEvent, AnswerPool, Draw, Invitation, OpenInterview
from surveys.promises import promise_broken
from surveys.queries.answers import answer_table
from surveys.queries.draws import draw_ladder
from surveys.queries.interviews import interview_of
from surveys.queries.suppressions import answered_since
from surveys.questionnaires import content_hash
from surveys.refusals import SurveyRefused
from surveys.services.interviews import receive_sms, settle_expired, stop
from surveys.services.programmes import NewProgramme, create_programme
from surveys.terms import Terms
from tests.conftest import visitor
from tests.surveys.anonymous_factories import DEFINITION, complete, create_anonymous_draw, crowd, invite
from tests.surveys.answer_factories import NOW, SECRET, create_principal, create_version, link_of
from tests.surveys.test_survey_pages import answer, answer_all, field, token_in

LATER = NOW + timedelta(days=60)


def test_an_interview_can_be_gone_on_with_until_its_end(app):
    invitation = invite(create_anonymous_draw())
    answer(visitor(app), link_of(invitation), "1")
    (kept,) = db.session.scalars(db.select(OpenInterview)).all()
    assert [(one["kind"], one["value"]) for one in kept.events["said"]] == [("answer", 1)]
    elsewhere = visitor(app)
    page = answer_all(elsewhere, link_of(invitation), "bill").text
    assert "Pourquoi" in page and 'value="1"' not in page
    answer(elsewhere, link_of(invitation), "Trop long.")
    db.session.rollback()
    assert db.session.scalars(db.select(Invitation.disposition)).all() == ["completed"]
    assert not db.session.scalars(db.select(OpenInterview)).all() + db.session.scalars(db.select(AnswerEvent)).all()
    (pool,) = db.session.scalars(db.select(AnswerPool)).all()
    said = [["satisfaction", 1, ""], ["subject", "bill", ""], ["why", None, "Trop long."]]
    assert pool.responses == [{"answers": said, "language": "fr", "day": "2026-11-23"}]


def test_the_last_page_posted_twice_or_too_late_counts_once(app):
    invitation = invite(create_anonymous_draw())
    client, link = visitor(app), link_of(invitation)
    answer(client, link, "5")
    page = client.get(link).text
    fields = {name: field(page, name) for name in ("step", "key", "lang", "asked")}
    fields |= {"q.subject": "bill", "act": "answer", "csrf_token": token_in(page)}
    assert "enregistrées" in client.post(link, data=fields).text
    assert "enregistrées" in client.post(link, data=fields | {"q.subject": "move"}).text
    assert "enregistrées" in client.get(link).text
    assert db.session.scalars(db.select(AnswerPool.size)).all() == [1]
    assert not db.session.scalars(db.select(OpenInterview)).all() + db.session.scalars(db.select(AnswerEvent)).all()


@pytest.mark.parametrize("how", ["refuse", "wrong_person", "expired"])
def test_who_does_not_come_to_the_end_leaves_nothing(app, how):
    invitation = invite(create_anonymous_draw())
    client, link = visitor(app), link_of(invitation)
    answer(client, link, "1")
    if how == "expired":
        settle_expired(NOW + timedelta(days=8))
        db.session.commit()
    else:
        assert answer(client, link, act=how).status_code in (200, 303)
    db.session.rollback()
    ended = {"refuse": "refused", "wrong_person": "wrong_person", "expired": "broken_off"}[how]
    assert db.session.scalars(db.select(Invitation.disposition)).all() == [ended]
    assert not db.session.scalars(db.select(OpenInterview)).all() + db.session.scalars(db.select(AnswerPool)).all()


def test_a_low_score_with_words_wakes_nobody(app):
    complete(invite(create_anonymous_draw()), {"satisfaction": "1", "subject": "bill", "why": "Je porte plainte."})
    assert db.session.scalars(db.select(Job)).all() == []


def test_a_wish_to_be_called_carries_no_answer(app):
    invitation = invite(create_anonymous_draw())
    client, link = visitor(app), link_of(invitation)
    assert client.get(f"{link}/call").status_code == 404
    page = answer_all(client, link, "1", "bill").text
    ended = answer(client, link, "Trop long.").text
    assert f"{link}/call" in ended and "/complain" in ended, page
    form = client.get(f"{link}/call").text
    sent = client.post(f"{link}/call", data={"csrf_token": token_in(form), "phone": "0600000000", "words": "Demain"})
    assert "sans vos réponses" in sent.text
    (job,) = db.session.scalars(db.select(Job)).all()
    assert (job.payload["answers"], job.payload["score"], job.payload["words"]) == ({}, None, "Demain\n0600000000")
    app.extensions["jobs"].kinds["complaints.propose_from_answer"](job.payload, NOW)
    (proposal,) = db.session.scalars(db.select(Proposal)).all()
    assert proposal.wants == "callback" and "Trop long" not in str(proposal.answer_copy)


def test_a_wish_to_be_called_on_an_old_page_keeps_what_was_typed(app):
    invitation = invite(create_anonymous_draw())
    client, link = visitor(app), link_of(invitation)
    answer_all(client, link, "5", "bill")
    page = client.post(f"{link}/call", data={"csrf_token": "old", "phone": "0600000000", "words": "Demain matin"})
    assert page.status_code == 400 and "ouverte depuis longtemps" in page.text
    assert 'value="0600000000"' in page.text and "Demain matin" in page.text
    again = {"csrf_token": token_in(page.text), "phone": "0600000000", "words": "Demain matin"}
    assert "sans vos réponses" in client.post(f"{link}/call", data=again).text


def test_the_round_lets_all_but_five_go_and_the_end_the_rest(app):
    draw = create_anonymous_draw()
    invite(draw)
    crowd(draw, 9)
    let_go(NOW)
    assert db.session.scalars(db.select(AnonymousAnswer)).all() == []
    crowd(draw, 1)
    let_go(NOW)
    assert len(db.session.scalars(db.select(AnonymousAnswer)).all()) == 5
    let_go(LATER)
    assert len(db.session.scalars(db.select(AnonymousAnswer)).all()) == 10
    assert set(db.session.scalars(db.select(Invitation.disposition))) == {"erased"}


def test_figures_export_and_ladder_count_the_same_answers(app):
    draw = create_anonymous_draw(["lyon", "lille", "paris"])
    for stratum, count in {"lyon": 8, "lille": 3, "paris": 2}.items():
        invite(draw, stratum)
        crowd(draw, count, stratum=stratum)
    before = dispositions([draw.id])[draw.id]
    let_go(LATER)
    cells = list(answer_cells([draw.id], ["satisfaction"]))
    header, lines = answer_table(draw.programme, EVERYTHING, words=True)
    exported = [dict(zip(header, line, strict=True)) for line in lines]
    assert sum(cell.answers for cell in cells) == len(exported) == 13
    assert {cell.stratum[1] for cell in cells} == {"lyon", "(together)"}
    assert sum(one["stratum"] == "lyon" for one in exported) == 8
    assert {(one["invitation"], one["contact"]) for one in exported} == {("", "")}
    frame = blurred(frame_counts([draw.id]), anonymous_draws([draw.id]))
    assert sum(row.eligible for row in frame) == sum(row.eligible for row in frame_counts([draw.id])) == 16
    ladder = draw_ladder(draw)
    assert ladder.adds_up and ladder.overall.completed == 13 and set(ladder.strata) == {"lyon", "(together)"}
    after = dispositions([draw.id])[draw.id]
    assert sum((one for one in after.values()), start=type(next(iter(after.values())))())["completed"] == 13
    assert sum(one["completed"] for one in before.values()) == 13


def test_what_few_people_did_is_not_counted_in_the_open(app):
    draw = create_anonymous_draw(["lyon", "lille", "paris"])
    for stratum, count in {"lyon": 8, "lille": 7, "paris": 2}.items():
        invite(draw, stratum)
        crowd(draw, count, stratum=stratum)
    ladder = draw_ladder(draw)
    assert ladder.adds_up and ladder.overall.completed == 17
    assert [ladder.strata[name].completed for name in ("lille", "lyon", "paris")] == [None, 8, None]
    assert [ladder.strata[name].sent for name in ("lille", "lyon", "paris")] == [8, 9, 3]


@pytest.mark.parametrize(
    ("code", "terms", "change"),
    [
        ("anonymous-needs-web", {"collection": "sms"}, {}),
        ("anonymous-needs-web", {"collection": "file"}, {}),
        ("anonymous-names-agent", {"names_agent": True}, {}),
        ("anonymous-asks-complaint", {}, {"purpose": "complaint"}),
        ("anonymous-names-contact", {}, {"hint": {"fr": "À {site}", "en": "In {site}"}}),
    ],
)
def test_a_programme_that_could_not_keep_the_promise_is_not_made(app, code, terms, change):
    questions = [DEFINITION["questions"][0] | change, *DEFINITION["questions"][1:]]
    version = create_version(DEFINITION | {"questions": questions})
    asked = Terms(**{"version_id": version.id, "collection": "web", "promise": "anonymous", "sample_size": 5} | terms)
    with pytest.raises(SurveyRefused) as refusal:
        create_programme(NewProgramme("secret", "Secret", create_principal().id, asked), NOW)
    assert refusal.value.code == code


def test_one_that_can_is_made_and_says_so_on_its_first_screen_and_its_page_of_rights(app):
    version = create_version(DEFINITION)
    asked = Terms(version_id=version.id, collection="web", promise="anonymous", sample_size=5)
    assert promise_broken(asked, DEFINITION) is None and content_hash(DEFINITION)
    assert create_programme(NewProgramme("secret", "Secret", create_principal().id, asked), NOW).id
    link = link_of(invite(create_anonymous_draw()))
    client = visitor(app)
    assert "une fois toutes envoyées" in client.get(link).text
    rights = client.get(f"{link}/privacy").text
    assert "au moins 5 personnes" in rights and "pas même nous" in rights


def test_the_draw_says_what_waits_and_what_nobody_can_do(app, sign_in):
    draw = create_anonymous_draw()
    invite(draw)
    crowd(draw, 11)
    let_go(NOW)
    page = sign_in("quality").get(f"/surveys/draws/{draw.id}").text
    assert "6 réponses libérées" in page and "5 attendent" in page and "Personne ne peut ensuite" in page


def test_an_anonymous_interview_takes_no_sms(app):
    """The message is left to people; it is no answer."""
    phone = interview_of(invite(create_anonymous_draw()).id).phone
    assert not receive_sms(phone, "5", "SM1", NOW, secret=SECRET, public_url="http://localhost")
    assert not db.session.scalars(db.select(OpenInterview)).all() + db.session.scalars(db.select(AnswerEvent)).all()


def test_stop_ends_an_anonymous_interview_and_deletes_what_was_said(app):
    invitation = invite(create_anonymous_draw())
    answer(visitor(app), link_of(invitation), "1")
    assert stop(interview_of(invitation.id).phone, NOW) == 1
    db.session.commit()
    assert db.session.scalars(db.select(Invitation.disposition)).all() == ["refused"]
    assert not db.session.scalars(db.select(OpenInterview)).all() + db.session.scalars(db.select(AnswerPool)).all()


def test_how_few_have_answered_stands_on_no_page(app, sign_in):
    draw = create_anonymous_draw()
    invite(draw)
    crowd(draw, 4)
    browser, pages = sign_in("quality"), ("/surveys", f"/surveys/programmes/{draw.programme.key}")
    for page in pages:
        shown = browser.get(page).text
        assert "4 complètes" not in shown and ">4</td>" not in shown and ">0</td>" not in shown and ">5</td>" in shown
    crowd(draw, 1)
    for page in pages:
        shown = browser.get(page).text
        assert "5 complètes sur 6" in shown and ">5</td>" in shown and ">6</td>" in shown


def test_no_report_says_how_few_have_answered(app):
    draw = create_anonymous_draw()
    period = db.session.get_one(Period, draw.period_id)
    period.closed_at, period.population, period.frame_hash = NOW, 0, "0" * 64
    db.session.execute(db.update(Draw).values(exclusions={"ineligible": {}, "suppressed": {}}))
    db.session.commit()
    asked, told = ReportPeriod(period.first_day, period.last_day), ("answered", "completed", "still_open")

    def reported():
        line = survey_of(draw.programme, asked, EVERYTHING, NOW)[1].as_json()
        return [line[name] for name in (*told, "response_rate")]

    invite(draw)
    assert reported() == [0, 0, 1, 0]
    crowd(draw, 4)
    assert reported() == [None] * 4
    crowd(draw, 1)
    assert reported() == [5, 5, 1, 5 / 6]


@pytest.mark.parametrize(("promise", "told"), [(ANONYMOUS, 0), ("confidential", 1)])
def test_nobody_waits_or_is_left_out_for_having_answered_what_promised_to_be_anonymous(app, promise, told):
    draw = create_anonymous_draw(promise=promise)
    answered = invite(draw)
    answered.completed_at, answered.disposition = NOW - timedelta(days=10), "completed"
    db.session.commit()
    assert len(answered_since(draw.principal_id, Rules(answered_days=30), NOW)) == told
