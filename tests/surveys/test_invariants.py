"""The twelve invariants of a survey instrument, each under its number, on the real database."""

import copy
import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from contacts.models import Contact, Hold, Principal
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from notifications import inbound
from notifications.models import OutboxMessage
from notifications.queries import opted_out
from notifications.segments import cost
from satisfaction.queries.answers import answer_cells
from surveys import sms_texts, tokens
from surveys.engine import SmsReply, WebPage
from surveys.models import AnswerEvent, AnswerText, FrameUnit, Invitation, InvitationEvent, Programme
from surveys.previews import preview
from surveys.publication import forbidding, problems
from surveys.publication.worst import LONGEST
from surveys.queries.answers import answer_table
from surveys.queries.draws import draw_ladder
from surveys.queries.interviews import interview_of
from surveys.questionnaires import compile_version
from surveys.refusals import SurveyRefused
from surveys.services import interviews
from surveys.services.questionnaires import publish, save_draft
from surveys.services.recording import take
from surveys.services.sending import send_invitations
from surveys.storage import model_definition
from tests.conftest import visitor
from tests.surveys import factories
from tests.surveys.answer_factories import NOW, SECRET, create_draw, create_invitation, create_version, link_of
from tests.surveys.test_interviews_by_sms import PHONE, text
from tests.surveys.test_reminders import GAP, leave, round_at
from tests.surveys.test_reminders import asked as asked_by_sms
from tests.surveys.test_survey_pages import answer, answer_all, field

__all__ = ["text"]

URL = "https://avis.example"
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request):
    """The application on each of the two databases."""
    return request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")


def said(kind=None):
    """(kind, question, value, mode, in turn) of every event, in order."""
    db.session.rollback()
    rows = db.session.scalars(db.select(AnswerEvent).order_by(AnswerEvent.invitation_id, AnswerEvent.position))
    return [(row.kind, row.question_id, row.value, row.mode, row.in_turn) for row in rows if kind in (None, row.kind)]


def exported(programme_id):
    """The rows of the file of answers, by column."""
    names, rows = answer_table(db.session.get_one(Programme, programme_id), EVERYTHING)
    return [dict(zip(names, row, strict=True)) for row in rows]


def come_in(body, sender=PHONE, number=0):
    """An SMS through everything that stands before the interviews."""
    message = inbound.receive(
        provider_id=f"SM{number}{body[:30]}", sender=sender, recipient="38600", body=body, now=NOW
    )
    return message.routed_to


def asked_customers(count=3, **terms):
    """So many customers who were drawn and written to by SMS."""
    principal, site = factories.create_principal(), factories.create_site()
    for _ in range(count):
        factories.create_contact(principal, site, factories.create_customer(principal))
    factories.create_period(principal)
    known = {"method": "everyone", "sample_size": None}
    draw = factories.create_draw(factories.create_programme_of(principal, **known | terms))
    send(draw)
    return draw


def send(draw, now=NOW):
    for _piece in send_invitations(draw.id, SECRET, URL, now):
        db.session.commit()
    sent = db.update(Invitation).where(Invitation.draw_id == draw.id, Invitation.disposition == "queued")
    db.session.execute(sent.values(disposition="sent", sent_at=now))
    db.session.commit()


def test_invariant_01_a_sent_invitation_keeps_the_version_it_was_sent_with(app, client):
    first = create_version()
    invitation = create_invitation(create_draw(version=first))
    answer(client, link_of(invitation), "4")
    changed = copy.deepcopy(model_definition("post_contact"))
    changed["key"] = "questionnaire"
    changed["questions"][1]["title"]["fr"] = "Une autre question ?"
    second = publish(save_draft(changed, NOW).questionnaire_id, None, NOW)
    db.session.commit()
    assert second.id != first.id and second.content_hash != first.content_hash
    page = client.get(link_of(invitation)).text
    assert "Recommanderiez-vous" in page and "Une autre question" not in page
    answer(client, link_of(invitation), "9")
    assert set(db.session.scalars(db.select(AnswerEvent.version_id))) == {first.id}
    first.definition = changed
    with pytest.raises(SurveyRefused):
        db.session.flush()
    db.session.rollback()


def test_invariant_02_answers_are_only_added_and_the_current_one_is_a_view(app, client, text):
    invitation = create_invitation()
    text("2 j'attends toujours", message_id="SM1")
    take(interview_of(invitation.id), WebPage("satisfaction.2", {"satisfaction": ("4",)}), "web:1", NOW)
    invitation.disposition = "completed"
    db.session.commit()
    assert said("answer") == [
        ("answer", "satisfaction", 2, "sms", True),
        ("answer", "satisfaction", 4, "web", False),  # a correction: a new event, out of turn
    ]
    first = db.session.scalars(db.select(AnswerEvent).order_by(AnswerEvent.position)).first()
    words = db.session.get(AnswerText, first.id)
    assert (first.invitation_id, first.version_id, first.at, first.idempotency_key, words.text) == (
        invitation.id, invitation.version_id, NOW, "sms:SM1", "j'attends toujours",
    )  # fmt: skip
    assert [row["satisfaction"] for row in exported(invitation.programme_id)] == ["4"]
    first.value = 5
    with pytest.raises(SurveyRefused):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.get(AnswerEvent, first.id))
    with pytest.raises(SurveyRefused):
        db.session.flush()
    db.session.rollback()


def test_invariant_03_two_devices_at_once_and_a_late_page_file_nothing_wrongly(either):
    """Two posts at the same moment: one waits for the other; each answer is under the question of its own page."""
    link = link_of(create_invitation())
    phone, desk = visitor(either), visitor(either)
    pages = {}
    for device in (phone, desk):
        pages[device] = device.get(link).text
    db.session.remove()
    barrier, statuses = Barrier(2), []

    def post(device, value):
        barrier.wait()
        with either.app_context():
            statuses.append(answer(device, link, value, page=pages[device]).status_code)

    threads = [Thread(target=post, args=(device, value)) for device, value in ((phone, "4"), (desk, "2"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303, 303]
    kinds = said()
    assert [(kind, name) for kind, name, *_ in kinds] == [("answer", "satisfaction")] * 2
    assert [in_turn for *_, in_turn in kinds] == [True, False]
    answer_all(phone, link, "9")
    answer(desk, link, "7", page=re.sub(r"satisfaction", "recommendation", pages[desk]))
    assert said()[-1] == ("answer", "recommendation", 7, "web", False)
    steps = db.session.scalars(db.select(AnswerEvent.step).order_by(AnswerEvent.position)).all()
    assert steps[0].startswith("satisfaction.") and field(pages[phone], "step") == steps[0]


def test_invariant_04_a_timer_that_fires_twice_or_late_does_nothing(app, text):
    left, finished, stopped = (create_invitation(phone=f"+3361234567{n}") for n in range(3))
    text("4", phone="+33612345670")
    for body in ("4", "9", "oui", "0"):
        text(body, phone="+33612345671")
    text("4", phone="+33612345672")
    interviews.stop("+33612345672", NOW)
    late = NOW + timedelta(days=8)
    assert interviews.settle_expired(NOW) == 0
    assert [interviews.settle_expired(late) for _ in range(3)] == [1, 0, 0]
    db.session.commit()
    dispositions = [one.disposition for one in (left, finished, stopped)]
    assert dispositions == ["broken_off", "completed", "refused"]
    history = db.select(InvitationEvent.disposition).filter_by(invitation_id=left.id)
    assert db.session.scalars(history.order_by(InvitationEvent.id)).all() == ["started", "broken_off"]
    assert text("9", phone="+33612345670", now=late)
    assert said("late")[-1][:3] == ("late", "recommendation", 9)


def test_invariant_04_a_reminder_that_fires_twice_is_one_reminder(app):
    asked_by_sms(1, reminders=1)
    leave(NOW)
    assert [round_at(NOW + GAP) for _ in range(3)] == [1, 0, 0]
    leave(NOW + GAP)
    assert round_at(NOW + 2 * GAP) == 0


@pytest.mark.parametrize("body", ["STOP", " stop. ", "Arrêt !", "STOP SVP", "Unsubscribe", "désabonner"])
def test_invariant_05_stop_in_any_spelling_ends_all_and_chatter_never_lifts_it(app, text, body):
    mine, other = create_invitation(), create_invitation(create_draw(create_principal_too()))
    text("4")
    assert come_in(body) == "stop"
    assert {mine.disposition, other.disposition} == {"refused"}
    assert opted_out([PHONE], mine.principal_id, "survey") == {PHONE}
    for number, chatter in enumerate(("8", "bonjour", "finalement oui", "je veux bien répondre")):
        come_in(chatter, number=number)
    assert opted_out([PHONE], mine.principal_id, "survey") == {PHONE}
    assert come_in("START") == "start"
    assert opted_out([PHONE], mine.principal_id, "survey") == set()


def create_principal_too():
    from tests.surveys.answer_factories import create_principal

    return create_principal()


def test_invariant_05_stop_with_more_to_say_is_read_by_a_person_and_kept(app):
    create_invitation()
    assert come_in("STOP, c'est ma 3e réclamation") in ("complaint", "person")
    assert said()[-1][0] == "person"
    assert db.session.scalars(db.select(AnswerText.text)).all() == ["STOP, c'est ma 3e réclamation"]


def test_invariant_06_a_get_writes_nothing_and_the_token_is_one_persons_for_a_time(app, client, committed):
    invitation = create_invitation()
    link = link_of(invitation)
    for address in (link, f"{link}?score=1", f"{link}?q=comment", f"{link}/privacy", f"{link}?lang=en"):
        client.get(address)
        client.head(address)
    assert committed(AnswerEvent) == committed(InvitationEvent) == 0
    token = link.removeprefix("/s/")
    assert len(tokens.ALPHABET) ** tokens.LENGTH > 2**64
    assert set(token) <= set(tokens.ALPHABET) and cost(link).encoding == "gsm7"
    assert token not in str(vars(db.session.get(Invitation, invitation.id)))
    answer_all(client, link, "5", "9", "6", "yes", "5", "5", "4", "4", "", "no")
    again = visitor(app)
    assert again.get(link).status_code == 404
    before = said()
    page = client.get(link_of(create_invitation(phone="+33612345699"))).text
    answer(again, link, "1", page=page)
    assert [row for row in said() if row not in before] in ([], [("late", "satisfaction", 1, "web", False)])
    expired = create_invitation(phone="+33612345698", expires_at=NOW - timedelta(seconds=1))
    assert client.get(link_of(expired)).status_code == 404


def test_invariant_07_the_quarantine_is_kept_for_each_contact_and_counted_as_suppressed(app):
    draw = asked_customers(6, quarantine_days=30, method="proportional", sample_size=2)
    principal = db.session.get_one(Principal, draw.principal_id)
    later = factories.create_programme_of(principal, quarantine_days=30, sample_size=3)
    second = factories.create_draw(later)
    asked = {one.contact_id for one in factories.invitations_of(draw)}
    units = db.session.scalars(db.select(FrameUnit).filter_by(draw_id=second.id, status="suppressed")).all()
    assert {unit.contact_id for unit in units} == asked
    assert {(unit.reason, unit.drawn) for unit in units} == {("quarantine", False)}
    rungs = draw_ladder(second).overall
    assert (rungs.population, dict(rungs.suppressed), rungs.eligible) == (6, {"quarantine": 2}, 4)
    assert rungs.adds_up
    assert second.terms.quarantine_days == 30  # the rule that decided is the version's


def test_invariant_08_reminders_are_as_many_and_as_far_apart_as_the_version_says(app):
    draw = asked_by_sms(4, reminders=2)
    quiet, done, stopped, complains = factories.invitations_of(draw)
    leave(NOW)
    for number, body in enumerate(("4", "9", "oui", "0")):
        take(interview_of(done.id), SmsReply(body, "fr"), f"sms:{number}", NOW)
    take(interview_of(stopped.id), SmsReply("STOP", "fr"), "sms:stop", NOW)
    db.session.add(Hold(customer_id=complains.customer_id, code="complaint", key="complaint:1", starts_at=NOW))
    db.session.commit()
    moments = [NOW + GAP - HOUR, NOW + GAP, NOW + 2 * GAP - HOUR, NOW + 2 * GAP + HOUR, NOW + 4 * GAP]
    reminded = []
    for moment in moments:
        round_at(moment)
        reminded.append([message.subject_key for message in leave(moment)])
    mine = [f"invitation:{quiet.id}"]
    assert reminded == [[], mine, [], mine, []]


def test_invariant_09_the_page_the_export_and_the_ladder_count_the_same(app, client, sign_in):
    draw = asked_customers(5)
    invitations = factories.invitations_of(draw)
    for number, invitation in enumerate(invitations[:3]):
        interview = interview_of(invitation.id)
        for asked in interview.version.questions:
            interview = interview_of(invitation.id)
            value = {"satisfaction": (str(number + 2),), "comment": ("Rien.",)}.get(asked.id, ())
            if not interview.state.ended and interview.version.question(asked.id):
                page = WebPage(f"{asked.id}.{len(interview.events)}", {asked.id: value})
                take(interview, page, f"web:{invitation.id}:{asked.id}", NOW)
    db.session.commit()
    rows = exported(draw.programme_id)
    ladder = draw_ladder(draw).overall
    answered = [row for row in rows if row["satisfaction"]]
    assert len(rows) == len(answered) == ladder.completed == 3
    assert sorted(row["satisfaction"] for row in rows) == ["2", "3", "4"]
    cells = answer_cells([draw.id], ["satisfaction"])
    assert sorted((cell.value, cell.answers) for cell in cells) == [(2, 1), (3, 1), (4, 1)]
    assert {row["invitation"] for row in rows} == {one.public_id for one in invitations[:3]}
    assert sum(bool(row["effort"]) for row in rows) == 0 == len([one for one in said("answer") if one[1] == "effort"])
    page = sign_in("quality").get(f"/surveys/draws/{draw.id}").text
    assert re.search(rf">\s*{ladder.completed}\s*<", page)


@pytest.mark.parametrize(
    "asked_at, goes",
    [
        # 25 October 2026, 03:00 becomes 02:00 in Paris; 28 March 2027, 02:00 becomes 03:00, and Monday is a holiday.
        (datetime(2026, 10, 23, 19, tzinfo=UTC), datetime(2026, 10, 24, 6, tzinfo=UTC)),
        (datetime(2026, 10, 24, 19, tzinfo=UTC), datetime(2026, 10, 26, 7, tzinfo=UTC)),
        (datetime(2027, 3, 26, 20, tzinfo=UTC), datetime(2027, 3, 27, 7, tzinfo=UTC)),
        (datetime(2027, 3, 27, 20, tzinfo=UTC), datetime(2027, 3, 30, 6, tzinfo=UTC)),
    ],
)
def test_invariant_10_invitations_go_out_by_the_clock_of_whoever_gets_them(app, asked_at, goes):
    window = {"from": "08:00", "to": "20:00", "days": [0, 1, 2, 3, 4, 5], "holidays": False}
    draw = _drawn(sending_window=window)
    for _piece in send_invitations(draw.id, SECRET, URL, asked_at):
        db.session.commit()
    message = db.session.scalars(db.select(OutboxMessage)).one()
    assert (message.zone, message.not_before) == ("Europe/Paris", goes)


def test_invariant_10_nobody_is_asked_at_once_or_while_they_complain(app):
    draw = _drawn(send_delay_hours=24)
    contact = db.session.get(Invitation, factories.invitations_of(draw)[0].id).contact_id

    began = db.session.get(Contact, contact).started_at
    for _piece in send_invitations(draw.id, SECRET, URL, began + timedelta(hours=1)):
        db.session.commit()
    sent = db.session.scalars(db.select(OutboxMessage.not_before)).all()
    assert all(moment >= began + timedelta(hours=24) for moment in sent)
    busy = _drawn()
    invitation = factories.invitations_of(busy)[0]
    db.session.add(Hold(customer_id=invitation.customer_id, code="complaint", key="complaint:9", starts_at=NOW))
    db.session.commit()
    before = len(db.session.scalars(db.select(OutboxMessage.id)).all())
    for _piece in send_invitations(busy.id, SECRET, URL, NOW):
        db.session.commit()
    assert len(db.session.scalars(db.select(OutboxMessage.id)).all()) == before


def _drawn(**terms):
    principal, site = factories.create_principal(), factories.create_site()
    factories.create_contact(principal, site, factories.create_customer(principal))
    factories.create_period(principal)
    return factories.create_draw(factories.create_programme_of(principal, sample_size=1, **terms))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_invariant_11_the_preview_counts_parts_and_no_other_alphabet_is_published(language):
    definition = model_definition("post_contact")
    shown = preview(definition, language, LONGEST["brand"], LONGEST["contact"], LONGEST["link"])
    messages = [shown.invitation_sms, *(question.sms for question in shown.questions if question.sms)]
    assert all(message.cost == cost(message.text) for message in messages)
    assert {message.cost.encoding for message in messages} == {"gsm7"}
    version = compile_version(definition)
    worst = sum(message.cost.parts for message in messages[:1] + messages[2:])
    assert shown.most_parts == worst + shown.thanks.cost.parts
    for asked in version.asked_by("sms"):
        said_now = sms_texts.question(version, asked, "B", language)
        assert cost(said_now.body).parts <= version.parts
    definition["questions"][1]["sms"][language] = "Nous recommandez-vous ? ✓ De 0 à 10."
    assert "sms-letters" in {problem.code for problem in forbidding(problems(definition))}


def test_invariant_12_what_cannot_be_asked_by_sms_is_refused_and_not_made_smaller():
    definition = model_definition("post_contact")
    choices = [{"id": name, "label": {"fr": name, "en": name}} for name in ("a", "b", "c")]
    title = {"fr": "Classez ces sujets.", "en": "Rank these subjects."}
    ranking = {"id": "ranking", "type": "ranking", "title": title, "choices": choices}
    definition["questions"].append(ranking)
    found = [problem for problem in forbidding(problems(definition)) if problem.where.startswith("questions.ranking")]
    assert found
    ranking["sms"] = False
    assert forbidding(problems(definition)) == []
    version = compile_version(definition)
    assert "ranking" not in {question.id for question in version.asked_by("sms")}
    files = definition | {"questions": [*definition["questions"], {**ranking, "id": "file", "type": "matrix"}]}
    assert forbidding(problems(files))
