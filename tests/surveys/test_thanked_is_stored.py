"""Whoever read "thank you" has their answers in the database, whatever became of the server meanwhile.

Real processes under gunicorn, whose workers are killed; on PostgreSQL their connections are ended too.
An error is allowed, a thank-you for what is not stored is not.
"""

import http.client
import os
import random
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from benchmarks import product
from benchmarks.browsers import LOOPBACK, Browser, asking_form
from benchmarks.servers import family, served
from benchmarks.web_survey import postgresql_databases, sqlite_databases
from foundation.database import db
from surveys.models import AnswerEvent, AnswerText, Invitation
from surveys.tokens import token_hash

LONG = bool(os.environ.get("LONG"))
VISITS, CLIENTS = (5000, 12) if LONG else (64, 8)
HARMS = {"sqlite": 12, "postgresql": 60} if LONG else {"sqlite": 1, "postgresql": 2}
THANKS = "Merci, vos réponses sont enregistrées"
END = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"


@dataclass
class Told:
    """What respondents were told, by token: the answers of those who were thanked, and how many were not."""

    to_come: list[str]
    thanked: dict[str, dict[str, str]] = field(default_factory=dict)
    failed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def done(self) -> int:
        return len(self.thanked) + self.failed


@contextmanager
def databases(kind, folder, request):
    made = (
        sqlite_databases(folder)
        if kind == "sqlite"
        else postgresql_databases(folder, request.getfixturevalue("postgresql_url"))
    )
    with made as urls:
        yield urls.product


def own_answers(form, token):
    """Answers like nobody else's: by the id of their question."""
    chance = random.Random(token)
    answers = {name: chance.choice(values) for name, values in form.choices.items()}
    return answers | dict.fromkeys(form.texts, f"words of {token}")


def visit(browser, token):
    """Answer everything; return the answers when the server said thank you, None when it said anything else."""
    page = browser.get(f"/s/{token}")
    form = asking_form(page.body)
    if page.status != 200 or form is None:
        return None
    answers = own_answers(form, token)
    ended = browser.post(f"/s/{token}", form.filled_in() | answers)
    return answers if ended.status == 200 and THANKS in ended.body else None


def respond(port, told):
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
    while True:
        with told.lock:
            if not told.to_come:
                break
            token = told.to_come.pop()
        try:
            answers = visit(Browser(connection), token)
        except (OSError, http.client.HTTPException):
            connection.close()
            answers = None
        with told.lock:
            if answers is None:
                told.failed += 1
            else:
                told.thanked[token] = answers
    connection.close()


def do_harm(server, url, number):
    """End every connection to PostgreSQL, or kill a worker: now and then, as the other one takes seconds to load."""
    if number % 5 and url.startswith("postgresql"):
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            connection.execute(sa.text(END), {"name": sa.make_url(url).database})
        engine.dispose()
    else:
        workers = [pid for pid in family(server.process.pid) if pid != server.process.pid]
        os.kill(workers[number % len(workers)], signal.SIGKILL)


def all_respond(server, url, told, harms):
    threads = [threading.Thread(target=respond, args=(server.port, told)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    harmed, pause = 0, threading.Event()
    while any(thread.is_alive() for thread in threads):
        if harmed < harms and told.done >= (harmed + 1) * VISITS // (harms + 2):
            do_harm(server, url, harmed)
            harmed += 1
        pause.wait(0.01)
    assert harmed == harms


def stored(url, folder):
    """By hash of a token, the answers of each completed interview as they were posted, by field of the form."""
    answers = sa.select(Invitation.token_hash, AnswerEvent.question_id, AnswerEvent.value, AnswerText.text)
    answers = answers.join(AnswerEvent, AnswerEvent.invitation_id == Invitation.id).outerjoin(
        AnswerText, AnswerText.answer_event_id == AnswerEvent.id
    )
    completed = answers.where(Invitation.completed_at.is_not(None), AnswerEvent.kind == "answer")
    found = {}
    with product.application(url, folder):
        for digest, question, value, words in db.session.execute(completed.order_by(AnswerEvent.position)):
            said = found.setdefault(digest, {})
            assert f"q.{question}" not in said
            said[f"q.{question}"] = words or str(value)
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whoever_was_thanked_is_stored_though_workers_and_connections_die(kind, tmp_path, request):
    with databases(kind, tmp_path, request) as url:
        made = product.prepare(url, tmp_path, {"five_questions": VISITS})["five_questions"]
        told = Told(list(made))
        environment = product.environment(url, tmp_path)
        with served("benchmarks.product:create_served()", environment, tmp_path / "product.log") as server:
            all_respond(server, url, told, HARMS[kind])
        kept = stored(url, tmp_path)
    assert told.done == VISITS and len(told.thanked) > VISITS // 2
    assert all(len(answers) == 5 for answers in told.thanked.values())
    assert {token: kept.get(token_hash(token)) for token in told.thanked} == told.thanked
