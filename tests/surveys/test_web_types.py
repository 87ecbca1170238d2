"""The twelve types as forms: what is shown, what is kept, what is refused, without a line of JavaScript."""

import json
import re
from pathlib import Path

import pytest

from benchmarks import product
from foundation.database import db
from surveys.models import AnswerEvent, AnswerText, Invitation
from tests.conftest import token_in, visitor
from tests.surveys.answer_factories import create_draw, create_invitation, create_version, link_of

EVERY_TYPE = json.loads((Path(__file__).parent / "questionnaires" / "every_type.json").read_text())
CHOSEN = {
    "satisfaction": "4",
    "recommendation": "9",
    "effort": "6",
    "solved": "_na",
    "topic": "move",
    "ways": ["chat", "phone"],
    "calls": "12",
    "since": "2026-10-31",
    "order": ["once", "speed", ""],
    "word": "Rapide",
    "comment": "Rien à redire.",
    "agree": "yes",
}


def definition(**changes):
    """The questionnaire with every type; ``changes`` by question."""
    questions = [{**question, **changes.get(question["id"], {})} for question in EVERY_TYPE["questions"]]
    return {**EVERY_TYPE, "questions": questions}


def link_to(asked, promise="confidential", **changes):
    return link_of(create_invitation(create_draw(version=create_version(asked), promise=promise), **changes))


def post(client, link, page, answers=None, act="answer", **changes):
    """Post the page as a browser would: what is asked on it, with these answers."""
    asked = re.findall(r'name="asked" value="([^"]*)"', page)
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("step", "key", "lang")}
    fields = {f"q.{name}": value for name, value in (answers or {}).items() if name in asked}
    data = {**hidden, "csrf_token": token_in(page), "asked": asked, "act": act, **fields, **changes}
    return client.post(link, data=data)


def walk(client, link, answers, until=None):
    """Answer page after page; return the last one, or the first that asks ``until``."""
    page = client.get(link).text
    while 'name="step"' in page and f'name="asked" value="{until}"' not in page:
        posted = post(client, link, page, answers)
        page = client.get(link).text if posted.status_code == 303 else posted.text
    return page


def current():
    db.session.rollback()
    rows = db.session.execute(
        db.select(AnswerEvent.question_id, AnswerEvent.value, AnswerEvent.shown, AnswerText.text)
        .outerjoin(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .where(AnswerEvent.kind == "answer")
        .order_by(AnswerEvent.position)
    )
    return {row.question_id: row for row in rows}


def test_every_type_is_answered_by_a_plain_form(client):
    page = walk(client, link_to(EVERY_TYPE), CHOSEN)
    assert "Merci, vos réponses sont enregistrées" in page
    answers = {name: row.text or row.value for name, row in current().items()}
    assert answers == {
        "satisfaction": 4, "recommendation": 9, "effort": 6, "solved": "_na", "topic": "move",
        "ways": ["phone", "chat"], "calls": 12, "since": "2026-10-31", "order": ["once", "speed"], "word": "Rapide",
        "comment": "Rien à redire.", "read": "seen", "agree": "yes",
    }  # fmt: skip


def test_the_order_of_shuffled_choices_is_stored_as_it_was_shown(client):
    link = link_to(EVERY_TYPE)
    page = walk(client, link, CHOSEN, until="topic")
    shown = re.findall(r'name="q.topic" value="(\w+)"', page)
    assert shown[-1] == "other"  # it keeps its place
    assert re.findall(r'name="q.topic" value="(\w+)"', client.get(link).text) == shown
    post(client, link, page, CHOSEN)
    assert current()["topic"].shown == shown


@pytest.mark.parametrize(
    "name, value, reason",
    [
        ("ways", ["none", "phone"], "se choisit seule"),
        ("ways", ["phone", "mail", "chat"], "Choisissez jusqu’à 2 réponses."),
        ("ways", ["phone", "_private"], "gardez l’un des deux"),
        ("calls", "douzaine", "un nombre en chiffres"),
        ("calls", "21", "De 1 à 20."),
        ("calls", ["3", "_na"], "gardez l’un des deux"),
        ("since", "hier ou avant", "le jour, le mois et l’année"),
        ("since", "2031-01-01", "en dehors de ce qui peut être répondu"),
        ("order", ["once", "once", ""], "La même réponse figure à deux rangs."),
        ("word", "é" * 251, "restez sous 250 caractères"),
    ],
)
def test_what_is_refused_keeps_all_that_was_entered_and_says_why(client, name, value, reason):
    link = link_to(EVERY_TYPE)
    page = walk(client, link, CHOSEN, until=name)
    others = re.findall(r'name="asked" value="([^"]*)"', page)
    response = post(client, link, page, {**CHOSEN, name: value})
    assert response.status_code == 400
    assert f'href="#q-{name}"' in response.text and f'id="q-{name}"' in response.text
    assert reason in response.text
    for given in value if isinstance(value, list) else [value]:
        kept = rf'value="{re.escape(given)}"( id="\S+")?( checked| selected|>)'
        assert not given or re.search(kept, response.text), given
    assert name not in current()
    # What else could be read is stored; the page, sent once more with a readable answer, goes on.
    assert set(others) - {name} <= set(current()) | {"agree"}
    assert post(client, link, response.text, CHOSEN).status_code == 303
    assert name in current()


def test_several_faults_are_listed_and_each_stands_at_its_field(client):
    link = link_to(EVERY_TYPE)
    page = walk(client, link, CHOSEN, until="calls")
    response = post(client, link, page, {**CHOSEN, "calls": "0", "since": "?"})
    assert "2 réponses n’ont pas pu être prises en compte" in response.text
    summary = re.search(r'<div[^>]* id="errors"[^>]*>', response.text)[0]
    assert 'tabindex="-1"' in summary and "autofocus" in summary
    assert re.findall(r'href="#(q-\w+)"', response.text) == ["q-calls", "q-since"]
    assert "<title>Erreur\u00a0:" in response.text


def test_going_back_shows_the_page_as_it_was_answered_and_takes_a_correction(client):
    link = link_to(EVERY_TYPE)
    walk(client, link, CHOSEN, until="order")
    page = client.get(f"{link}?q=calls").text
    assert re.search(r'value="chat" checked', page) and re.search(r'value="12"', page)
    post(client, link, page, {**CHOSEN, "calls": "3"})
    assert current()["calls"].value == 3
    assert 'name="asked" value="order"' in client.get(link).text


def test_an_old_page_sent_again_does_not_undo_what_was_corrected_since(client):
    link = link_to(EVERY_TYPE)
    page = walk(client, link, CHOSEN, until="recommendation")
    post(client, link, page, {"recommendation": "3"})
    earlier = client.get(f"{link}?q=recommendation").text
    post(client, link, earlier, {"recommendation": "7"})
    # The browser went back to the first page, which has its old key, and the person chose something else there.
    post(client, link, page, {"recommendation": "5"})
    assert current()["recommendation"].value == 5
    post(client, link, page, {"recommendation": "3"})
    assert current()["recommendation"].value == 3


def test_the_language_is_changed_without_losing_what_was_entered_and_stored_with_the_answer(client):
    link = link_to(EVERY_TYPE)
    page = walk(client, link, CHOSEN, until="comment")
    switched = post(client, link, page, {"comment": "Rien à redire.", "word": "Rapide"}, act="speak.en")
    assert switched.status_code == 200
    assert "Is there anything you would like to add?" in switched.text
    assert "Rien à redire." in switched.text and 'value="Rapide"' in switched.text
    assert "comment" not in current()
    post(client, link, switched.text, {"comment": "All well.", "word": ""})
    kinds = db.session.scalars(db.select(AnswerEvent.value).where(AnswerEvent.kind == "language")).all()
    assert kinds == ["en"]
    # Another browser goes on in that language.
    assert "Every year we publish" in visitor(client.application).get(link).text


def test_a_language_the_questionnaire_does_not_have_changes_nothing(client):
    link = link_to(EVERY_TYPE)
    page = client.get(link).text
    assert "Cet échange" in post(client, link, page, act="speak.de").text


def test_a_score_of_a_link_is_only_proposed(client):
    link = link_to(EVERY_TYPE)
    page = client.get(f"{link}?score=4").text
    assert re.search(r'<label class="proposed"><input type="radio" name="q.satisfaction" value="4"[^>]* checked', page)
    assert "Votre lien propose la réponse 4" in page
    assert current() == {}
    for other in ("9", "_na", "<b>", "_private"):
        assert 'class="proposed"' not in client.get(f"{link}?score={other}").text


@pytest.mark.parametrize(
    "promise, words",
    [
        ("anonymous", "rien ne relie vos réponses à vous"),
        ("confidential", "vos interlocuteurs ne voient pas qui les a données"),
        ("followed_up", "peut revenir vers vous"),
    ],
)
def test_the_first_screen_says_the_promise_and_leads_to_the_rights(client, promise, words):
    link = link_to(EVERY_TYPE, promise)
    assert words in client.get(link).text
    rights = client.get(f"{link}/privacy").text
    for said in ("Responsable de vos données", "Pourquoi cette enquête", "Durée de conservation", "Vos droits"):
        assert said in rights


def test_texts_name_earlier_answers_and_the_contact_and_are_kept_for_nobody_else(client):
    title = {"fr": "{agent} vous a répondu à {site} : {topic}", "en": "{agent} answered you at {site}: {topic}"}
    asked = definition(word={"title": title})
    first, second = link_to(asked), link_to(asked, phone="+33612345679")
    assert "Un déménagement" in walk(client, first, CHOSEN, until="word")
    other = walk(visitor(client.application), second, {**CHOSEN, "topic": "bill"}, until="word")
    assert "Lyon\u00a0: Une facture" in other or "Lyon : Une facture" in other
    assert "déménagement" not in other


def test_two_people_see_one_kept_page_each_with_their_own(client):
    version = create_version(EVERY_TYPE)
    draw = create_draw(version=version)
    links = [
        link_of(create_invitation(draw, phone=f"+3361234567{number}", contact={"reason": reason}))
        for number, reason in enumerate(("<b>Panne</b>", "Facture"))
    ]
    pages = [visitor(client.application).get(link).text for link in links]
    assert "&lt;b&gt;Panne" in pages[0] or "&lt;b&gt;panne" in pages[0]
    assert "facture" in pages[1] and "anne" not in pages[1].split("<h1>")[0]
    for page, link in zip(pages, links, strict=True):
        assert f'action="{link}"' in page
    assert token_in(pages[0]) != token_in(pages[1])
    keys = [re.search(r'name="key" value="(\w+)"', page)[1] for page in pages]
    assert keys[0] != keys[1]


def test_a_first_view_is_under_14_kb_with_its_style_and_asks_nobody_else(client):
    css = client.get("/static/css/customer.css")
    for asked in (EVERY_TYPE, product.definition("five_questions"), product.definition("post_contact")):
        response = client.get(link_to(asked, phone=f"+336123456{len(str(asked)) % 90 + 10}"))
        headers = sum(len(f"{name}: {value}\r\n") for each in (response, css) for name, value in each.headers)
        assert len(response.data) + len(css.data) + headers <= 14 * 1024
        addresses = re.findall(r'(?:src|href|action)="([^"]*)"', response.text)
        assert [address for address in addresses if not address.startswith(("/", "#", "data:,"))] == []
        assert "<script" not in response.text and "style=" not in response.text
    css.close()


def test_five_questions_on_one_page_take_three_statements_to_show_and_eight_to_store(app, client):
    from tests.surveys.test_survey_pages import statements

    link = link_to(product.definition("five_questions"))
    with statements(app) as read:
        page = client.get(link).text
    assert len(read) <= 3, read
    given = {"recommendation": "9", "access": "4", "handling": "5", "conclusion": "3", "comment": "Merci."}
    with statements(app) as written:
        response = post(client, link, page, given)
    assert len(written) <= 8, written
    assert "Merci, vos réponses sont enregistrées" in response.text
    assert len(current()) == 5
    assert db.session.scalar(db.select(Invitation.disposition)) == "completed"
    # Loaded once more, the last page posts the same again: nothing happens twice.
    assert "Merci, vos réponses sont enregistrées" in post(client, link, page, given).text
    assert len(db.session.scalars(db.select(AnswerEvent.id)).all()) == 6
