"""A survey form with nothing around it: what the web survey of the product is compared with.

Flask, a compiled template, a CSRF token, checked answers, and the same answers stored as rows, one for each. It knows
no invitation, no language, no condition, no event. ``/`` asks all of a short form on one page; ``/1``, ``/2``, … ask a
longer one a question a page. ``BARE_DATABASE_URL`` and ``BARE_QUESTIONS`` (a JSON file) say where and what.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

from flask import Flask, abort, redirect, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import Engine, ForeignKey, String, Table, Text, create_engine, event, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from werkzeug import Response as WerkzeugResponse

from benchmarks.statements import counted

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Votre avis</title></head><body><main><h1>Votre avis</h1>
<form method="post"><input type="hidden" name="csrf_token" value="{{ token }}">
{% for question in questions %}<fieldset><legend>{{ question.title }}</legend>
{% for value, label in question.options %}
<label><input type="radio" name="{{ question.id }}" value="{{ value }}" required> {{ label }}</label>
{% else %}<textarea name="{{ question.id }}" rows="4" aria-label="{{ question.title }}"></textarea>{% endfor %}
</fieldset>{% endfor %}
<button>Envoyer</button></form></main></body></html>"""
THANKS = "<!doctype html><html lang='fr'><head><title>Merci</title></head><body><h1>Merci</h1></body></html>"


class BareQuestion(NamedTuple):
    """A question as it is shown: ``options`` are values and labels, none for a comment."""

    id: str
    title: str
    options: list[tuple[str, str]]


class Base(DeclarativeBase):
    """What the two tables are declared on."""


class Response(Base):
    __tablename__ = "responses"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class Answer(Base):
    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"))
    question: Mapped[str] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)


# As a plain table, so that all answers of a response are one statement, whichever of their columns are empty.
ANSWERS = cast(Table, Answer.__table__)


def create_served() -> Flask:
    """The form as gunicorn serves it."""
    written = json.loads(Path(os.environ["BARE_QUESTIONS"]).read_text())
    on_one_page, one_a_page = ([BareQuestion(*question) for question in written[name]] for name in ("short", "long"))
    return counted(create_form(connected(os.environ["BARE_DATABASE_URL"]), on_one_page, one_a_page))


def connected(url: str) -> Engine:
    """An engine with the pragmas of the product on SQLite, which begins IMMEDIATE, as the product does to write."""
    engine = create_engine(url, connect_args={"timeout": 20} if url.startswith("sqlite") else {})
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def create_form(engine: Engine, on_one_page: list[BareQuestion], one_a_page: list[BareQuestion]) -> Flask:
    """Return the bare forms: they show the questions, check what is posted and store a row an answer, no more."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ.get("BARE_SECRET_KEY", "a secret for a benchmark on loopback")
    CSRFProtect(app)
    page, sessions = app.jinja_env.from_string(PAGE), sessionmaker(engine)

    def shown(questions: list[BareQuestion]) -> str:
        return page.render(questions=questions, token=generate_csrf())

    @app.get("/")
    def whole_form() -> str:
        return shown(on_one_page)

    @app.post("/")
    def whole_answer() -> str:
        with sessions.begin() as database:
            response_id = new_response(database)
            database.execute(insert(ANSWERS), [checked(question, response_id) for question in on_one_page])
        return THANKS

    @app.get("/<int:number>")
    def one_question(number: int) -> str:
        return shown([one_a_page[number - 1]]) if number <= len(one_a_page) else THANKS

    @app.post("/<int:number>")
    def one_answer(number: int) -> WerkzeugResponse:
        with sessions.begin() as database:
            if number == 1:
                session["response"] = new_response(database)
            database.execute(insert(ANSWERS), [checked(one_a_page[number - 1], session["response"])])
        return redirect(f"/{number + 1}", 303)

    return app


def new_response(database: Session) -> int:
    response = Response(created_at=datetime.now(UTC).replace(tzinfo=None))
    database.add(response)
    database.flush()
    return response.id


def checked(question: BareQuestion, response_id: int) -> dict[str, Any]:
    """The row of one posted answer; 400 for a value that is not offered."""
    posted = request.form.get(question.id, "")
    if question.options and posted not in {value for value, _ in question.options}:
        abort(400)
    value, text = (posted, None) if question.options else (None, posted)
    return {"response_id": response_id, "question": question.id, "value": value, "text": text}
