"""The interview on the web: one question per screen, nothing lost, nothing told to strangers."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from foundation.database import db
from surveys.models import AnswerEvent, AnswerText, Invitation, InvitationEvent
from surveys.signals import complaint_requested, dissatisfaction_expressed, interview_completed
from surveys.storage import model_definition
from tests.conftest import token_in, visitor
from tests.surveys.answer_factories import (
    NOW,
    create_draw,
    create_invitation,
    create_principal,
    create_version,
    link_of,
)

REST = ("recommendation", "effort", "solved", "access", "taking_charge", "handling", "conclusion")


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def answer(client, link, value="", act="answer", page=None, **changes):
    """Post what the page of the current question holds, with an answer."""
    page = page or client.get(link).text
    fields = {name: field(page, name) for name in ("step", "key", "lang", "asked")}
    answers = {f"q.{fields['asked']}": value, "csrf_token": token_in(page)}
    return client.post(link, data={**fields, **answers, "act": act, **changes})


def answer_all(client, link, *values):
    for value in values:
        assert answer(client, link, value).status_code in (200, 303)
    return client.get(link)


def stored():
    db.session.rollback()
    rows = db.session.scalars(db.select(AnswerEvent).order_by(AnswerEvent.id))
    return [(row.kind, row.question_id, row.value) for row in rows]


@contextmanager
def statements(app):
    """Collect the SQL statements of a block, transaction control aside."""
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield said
    event.remove(db.engine, "before_cursor_execute", note)
    said[:] = [
        statement for statement in said if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT"))
    ]


@contextmanager
def heard(*signals):
    """Collect (signal name, payload) of what is sent in a block."""
    said = []
    receivers = []
    for signal in signals:

        def receive(sender, payload, at, name=signal.name):
            said.append((name, payload))

        receivers.append(receive)
        signal.connect(receive)
    yield said


@pytest.fixture
def link(app):
    return link_of(create_invitation())


def test_the_first_screen_says_who_asks_about_what_and_under_which_promise(client, link):
    page = client.get(link).text
    assert "Mutuelle Belline" in page
    assert "Votre appel du mardi 17 novembre 2026, facturation" in page
    assert "Question 1 sur 10" in page
    assert "Mutuelle Belline, Lyon" in page
    assert "STOP" in page


def test_a_get_changes_nothing_and_a_score_in_the_link_only_preselects(client, link, committed):
    page = client.get(f"{link}?score=4").text
    assert re.search(r'value="4" checked', page)
    assert committed(AnswerEvent) == committed(InvitationEvent) == 0
    assert "checked" not in client.get(f"{link}?score=9").text


def test_an_answer_is_stored_and_leads_to_the_next_question(client, link, committed):
    response = answer(client, link, "4")
    assert (response.status_code, response.location) == (303, link)
    assert "Question 2 sur 10" in client.get(link).text
    assert stored() == [("answer", "satisfaction", 4)]
    assert db.session.scalar(db.select(Invitation.disposition)) == "started"


def test_a_whole_interview_ends_with_thanks(client, link):
    page = answer_all(client, link, "5", "9", "6", "yes", "5", "5", "4", "4", "Rien à redire.", "no").text
    assert "Merci, vos réponses sont enregistrées" in page
    assert "/complain" in page
    db.session.rollback()
    assert db.session.scalar(db.select(Invitation.disposition)) == "completed"
    assert db.session.scalars(db.select(AnswerText.text)).all() == ["Rien à redire."]


def test_a_low_score_offers_a_complaint_and_tells_the_house(client, link):
    with heard(complaint_requested, dissatisfaction_expressed, interview_completed) as said:
        answer_all(client, link, "1", "2", *[""] * 6, "J'attends toujours.")
        page = client.get(link).text
        assert "réclamation" in page and "Rappelez-moi" in page
        page = answer_all(client, link, "yes", "no").text
    assert [name for name, _ in said] == ["dissatisfaction-expressed", "complaint-requested", "interview-completed"]
    payload = said[1][1]
    assert (payload["score"], payload["words"], payload["wants"]) == (1, "J'attends toujours.", "complaint")
    assert payload["answers"]["recommendation"] == 2
    assert "référence" in page


def test_a_double_click_counts_once(client, link):
    page = client.get(link).text
    for _ in range(2):
        assert answer(client, link, "4", page=page).status_code == 303
    assert stored() == [("answer", "satisfaction", 4)]
    assert "Question 2 sur 10" in client.get(link).text


def test_two_devices_at_one_question_lose_nothing_and_mix_nothing(app, link):
    phone, desk = visitor(app), visitor(app)
    old = desk.get(link).text
    answer_all(phone, link, "4", "9")
    answer(desk, link, "2", page=old)
    assert stored() == [("answer", "satisfaction", 4), ("answer", "recommendation", 9), ("answer", "satisfaction", 2)]
    assert "Question 3 sur 11" in phone.get(link).text


def test_the_previous_question_shows_its_answer_and_takes_a_correction(client, link):
    page = answer_all(client, link, "4", "9").text
    assert "?q=recommendation" in page
    earlier = client.get(f"{link}?q=recommendation").text
    assert re.search(r'value="9" checked', earlier)
    answer(client, link, "8", page=earlier)
    assert stored()[-1] == ("answer", "recommendation", 8)
    assert "Question 3 sur 10" in client.get(link).text


def test_a_question_further_on_cannot_be_opened_by_its_address(client, link):
    assert "Question 1 sur 10" in client.get(f"{link}?q=comment").text


def test_the_one_required_question_says_so_and_stores_nothing(client, link):
    response = answer(client, link, "")
    assert response.status_code == 400
    assert "choisir une réponse" in response.text
    assert stored() == []


def test_a_text_that_is_too_long_is_refused_and_kept(client, link):
    answer_all(client, link, "4", *[""] * 7)
    response = answer(client, link, "é" * 4001)
    assert response.status_code == 400
    assert "é" * 4001 in response.text


def test_an_expired_form_keeps_what_was_typed(client, link):
    answer_all(client, link, "4", *[""] * 7)
    page = client.get(link).text
    response = answer(client, link, "Une longue histoire.", page=page, csrf_token="old")
    assert response.status_code == 400
    assert "Une longue histoire." in response.text
    assert answer(client, link, "Une longue histoire.", page=response.text).status_code == 303
    assert stored()[-1] == ("answer", "comment", None)


@pytest.mark.parametrize(
    "act, disposition, words",
    [("refuse", "refused", "C’est noté"), ("wrong_person", "wrong_person", "Merci de nous l’avoir dit")],
)
def test_someone_may_refuse_or_say_it_was_not_them(client, link, act, disposition, words):
    answer(client, link, act=act)
    assert words in client.get(link).text
    db.session.rollback()
    assert db.session.scalar(db.select(Invitation.disposition)) == disposition


def test_unknown_expired_and_used_links_show_the_same_page(app, client):
    used, late = create_invitation(), create_invitation(phone="+33612345679", expires_at=NOW - timedelta(days=1))
    answer(visitor(app), link_of(used), act="refuse")
    pages = [client.get(path) for path in (link_of(used), link_of(late), "/s/23456789bcdfgh", "/s/x", "/s/%00é'--")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "/complain" in pages[0].text


def test_an_answer_that_comes_too_late_is_kept_and_not_counted(app, client, link, set_clock):
    page = client.get(link).text
    set_clock(NOW + timedelta(days=7))
    answer(client, link, "1", page=page)
    assert stored() == [("late", "satisfaction", 1)]
    assert client.get(link).status_code == 404
    assert db.session.scalar(db.select(Invitation.disposition)) == "sent"


def test_a_complaint_wished_too_late_is_still_heard(client, link, set_clock):
    answer_all(client, link, "1", *[""] * 8)
    page = client.get(link).text
    set_clock(NOW + timedelta(days=7))
    with heard(complaint_requested) as said:
        answer(client, link, "yes", page=page)
    assert [payload["score"] for _, payload in said] == [1]
    assert stored()[-1] == ("late", "complaint", "yes")


def test_a_link_of_someone_who_said_stop_asks_nothing(client):
    assert client.get(link_of(create_invitation(disposition="refused"))).status_code == 404


def test_nothing_that_is_posted_breaks_a_page(client, link):
    page = client.get(link).text
    for changes in (
        {"step": "nothing.0"},
        {"step": ""},
        {"key": "x" * 500},
        {"act": "explode"},
        {"step": "satisfaction"},
    ):
        assert answer(client, link, "3", page=page, **changes).status_code in (303, 400)


def test_the_page_speaks_the_language_of_the_invitation_and_switches(app):
    client = visitor(app, "fr")
    link = link_of(create_invitation(language="en"))
    assert "Were you satisfied with this contact?" in client.get(link).text
    assert "Cet échange vous a-t-il donné satisfaction" in client.get(f"{link}?lang=fr").text
    answer(client, link, "4")
    assert "Recommanderiez-vous Mutuelle Belline" in client.get(link).text


def test_objecting_ends_the_interview_and_stops_further_surveys(client, link, submit):
    assert "Vos droits." in client.get(f"{link}/privacy").text
    assert submit(f"{link}/privacy").status_code == 303
    from notifications.queries import opted_out

    db.session.rollback()
    assert opted_out(["+33612345678"], db.session.scalar(db.select(Invitation.principal_id)), "survey")
    assert db.session.scalar(db.select(Invitation.disposition)) == "refused"


def test_an_objection_on_an_old_page_is_asked_for_again_and_not_lost(client, link):
    response = client.post(f"{link}/privacy", data={"csrf_token": "old"})
    assert response.status_code == 400
    assert "une nouvelle fois" in response.text
    assert client.post(f"{link}/privacy", data={"csrf_token": token_in(response.text)}).status_code == 303


def test_the_brand_and_the_words_of_customers_are_escaped(app, client):
    principal = create_principal(brand="<b>Évil & Co</b>")
    page = client.get(link_of(create_invitation(create_draw(principal)))).text
    assert "<b>Évil" not in page
    assert "&lt;b&gt;Évil &amp; Co" in page


def test_pages_are_small_and_not_remembered(client, link):
    with client.get("/static/css/customer.css") as answered:
        css = answered.data
    assert len(css) <= 7 * 1024
    for _ in range(3):
        response = client.get(link)
        assert len(response.data) + len(css) <= 14 * 1024
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "<script" not in response.text
        answer(client, link, "4")


def test_a_page_asks_the_database_little(app, client, link):
    client.get(link)
    with statements(app) as read:
        client.get(link)
    assert len(read) <= 3, read
    for value in ("1", "4", "4", "no", "1", "1", "1", "1", "Assez attendu.", "yes", "yes"):
        page = client.get(link).text
        with statements(app) as written:
            answer(client, link, value, page=page)
        assert len(written) <= 8, written


def test_two_devices_at_once_on_postgresql_both_count(pg_app):
    from threading import Barrier, Thread

    link = link_of(create_invitation())
    pages = [(visitor(pg_app), value) for value in ("4", "2")]
    pages = [(client, value, client.get(link).text) for client, value in pages]
    db.session.rollback()
    barrier, statuses = Barrier(2), []

    def send(client, value, page):
        barrier.wait()
        statuses.append(answer(client, link, value, page=page).status_code)

    threads = [Thread(target=send, args=each) for each in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303, 303]
    assert sorted(value for _, _, value in stored()) == [2, 4]


def in_languages(written, languages):
    """The definition in ``languages``; its German is English that says so."""
    if isinstance(written, list):
        return [in_languages(each, languages) for each in written]
    if not isinstance(written, dict):
        return written
    if set(written) != {"fr", "en"}:
        return {name: in_languages(value, languages) for name, value in written.items()}
    english = written["en"]
    german = f"DE {english}" if isinstance(english, str) else english
    return {code: {**written, "de": german}[code] for code in languages}


@pytest.mark.parametrize("languages", [["de"], ["fr", "en", "de"]])
def test_a_questionnaire_may_speak_a_language_that_the_pages_around_it_do_not(app, languages):
    definition = in_languages(model_definition("post_contact"), languages) | {"languages": languages, "key": "german"}
    invitation = create_invitation(create_draw(version=create_version(definition)), language="de")
    client, link = visitor(app), link_of(invitation)
    page = client.get(link, headers={"Accept-Language": "en"}).text
    assert "DE " in page and 'lang="de"' in page and "Who uses your answers" in page
    assert answer(client, link, "4", page=page).status_code == 303
    assert "DE " in client.get(link).text and "DE " in answer(client, link, "x" * 9).text
    if len(languages) > 1:
        assert ">Français</button>" in page
        assert "DE " not in answer(client, link, act="speak.fr").text
        back = answer(client, link, act="speak.de", page=client.get(link).text).text
        assert "DE " in back and ">Deutsch</button>" not in back
        assert "DE " in client.get(link).text
    assert ("answer", "satisfaction", 4) in stored()
