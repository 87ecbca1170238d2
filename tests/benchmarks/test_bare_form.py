"""The bare form stores what the survey stores, and respondents without a screen can fill it in."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.bare_form import Answer, BareQuestion, Base, Response, connected, create_form
from benchmarks.browsers import asking_form
from benchmarks.product import bare_questions
from benchmarks.statements import HEADER, counted

QUESTIONS = [
    BareQuestion("satisfaction", "Satisfait ?", [(str(number), str(number)) for number in range(1, 6)]),
    BareQuestion("comment", "Un mot ?", []),
]


@pytest.fixture
def engine(tmp_path):
    engine = connected(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def form(engine):
    return counted(create_form(engine, QUESTIONS, QUESTIONS)).test_client()


def stored(engine):
    with Session(engine) as database:
        rows = database.execute(select(Answer.question, Answer.value, Answer.text).order_by(Answer.id)).all()
        return [tuple(row) for row in rows], database.scalar(select(func.count()).select_from(Response))


def test_one_page_stores_a_row_for_each_answer(form, engine):
    fields = asking_form(form.get("/").text).filled_in()
    answer = form.post("/", data=fields)
    assert answer.status_code == 200
    assert int(answer.headers[HEADER]) == 2
    rows, responses = stored(engine)
    assert rows == [("satisfaction", "5", None), ("comment", None, fields["comment"])]
    assert responses == 1


def test_a_question_a_page_stores_the_same_rows(form, engine):
    page = form.get("/1")
    while (asked := asking_form(page.text)) is not None:
        page = form.post(page.request.path, data=asked.filled_in(), follow_redirects=True)
    rows, responses = stored(engine)
    assert [row[0] for row in rows] == ["satisfaction", "comment"]
    assert responses == 1


@pytest.mark.parametrize("change", [{"csrf_token": "forged"}, {"satisfaction": "6"}])
def test_what_was_not_offered_is_refused(form, engine, change):
    fields = asking_form(form.get("/").text).filled_in()
    assert form.post("/", data={**fields, **change}).status_code == 400
    assert stored(engine) == ([], 0)


def test_the_bare_form_asks_what_a_content_customer_is_asked():
    asked = [question.id for question in bare_questions("post_contact")]
    assert len(asked) == 10
    assert "complaint" not in asked
    assert len(bare_questions("five_questions")) == 5


def test_the_first_form_that_asks_is_filled_in():
    page = """<form method="post" action="/stop"><button name="stop" value="1">Stop</button></form>
    <form method="post"><input type="hidden" name="step" value="a.1"><input type="radio" name="answer" value="1">
    <input type="radio" name="answer" value="2"><button>Next</button></form>"""
    assert asking_form(page).filled_in() == {"step": ["a.1"], "answer": "2"}
    assert asking_form(re.sub("radio", "submit", page)) is None
