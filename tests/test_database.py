"""Moments keep their zone, and writers wait for each other instead of failing."""

import multiprocessing
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError, StatementError

from app import create_app
from foundation.accounts.models import User
from foundation.database import RESTED, NotCommitted, begin_writing, db, insert_if_absent, looking
from tests.conftest import NOW, SETTINGS

WRITERS, ROUNDS = 4, 25


def person(email: str, role: str = "agent") -> dict:
    return {
        "email": email, "name": "0", "role": role, "principal_ids": None, "site_ids": None,
        "password": "x", "active": True, "fs_uniquifier": email, "created_at": NOW,
    }  # fmt: skip


def count_up(url: str, rounds: int) -> None:
    """Read a number and write it back one higher, as a process of its own."""
    app = create_app({**SETTINGS, "DATABASE_URL": url})
    with app.app_context():
        for _ in range(rounds):
            query = select(User)
            user = db.session.scalars(query if url.startswith("sqlite") else query.with_for_update()).one()
            user.name = str(int(user.name) + 1)
            db.session.commit()


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_four_writers_at_once_lose_nothing(request, fixture):
    house = request.getfixturevalue(fixture)
    insert_if_absent(User, [person("counter@example.org")], ["email"])
    db.session.commit()
    spawn = multiprocessing.get_context("spawn")
    url = house.config["DATABASE_URL"]
    writers = [spawn.Process(target=count_up, args=(url, ROUNDS)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert db.session.scalars(select(User)).one().name == str(WRITERS * ROUNDS)


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_a_row_that_is_there_already_is_left_as_it_is(request, fixture):
    request.getfixturevalue(fixture)
    first = insert_if_absent(User, [person("a@example.org"), person("b@example.org")], ["email"])
    again = insert_if_absent(User, [person("b@example.org", "admin"), person("c@example.org")], ["email"])
    assert (len(first), len(again)) == (2, 1)
    assert {user.role for user in db.session.scalars(select(User))} == {"agent"}


def test_more_rows_than_one_statement_takes(app):
    assert len(insert_if_absent(User, [person(f"{n}@example.org") for n in range(1203)], ["email"])) == 1203


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_a_moment_comes_back_in_utc(request, fixture):
    request.getfixturevalue(fixture)
    paris = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    insert_if_absent(User, [{**person("a@example.org"), "created_at": paris}], ["email"])
    stored = db.session.scalars(select(User)).one().created_at
    assert stored == paris and stored.tzinfo == UTC


def test_a_moment_without_zone_is_refused(app):
    with pytest.raises(StatementError, match="a moment needs a zone"):
        insert_if_absent(User, [{**person("a@example.org"), "created_at": datetime(2026, 11, 23)}], ["email"])


def test_a_reading_request_does_not_hold_the_write_lock(app):
    with app.test_request_context("/"):
        app.preprocess_request()
        db.session.execute(select(User)).all()
        other = db.engine.raw_connection()
        other.execute("PRAGMA busy_timeout=50")
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        other.close()
        begin_writing()
        assert db.session.execute(text("SELECT 1")).scalar() == 1


def test_a_connection_that_died_while_it_rested_is_replaced_before_it_is_used(pg_app):
    with db.engine.connect() as connection:
        dead = connection.scalar(text("SELECT pg_backend_pid()"))
    killer = sqlalchemy.create_engine(pg_app.config["DATABASE_URL"])
    with killer.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": dead})
    killer.dispose()
    time.sleep(RESTED + 0.1)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != dead


def test_a_commit_that_would_keep_nothing_is_an_error(pg_app):
    insert_if_absent(User, [person("a@example.org")], ["email"])
    with pytest.raises(ProgrammingError):
        db.session.execute(text("SELECT nothing_of_that_name"))
    with pytest.raises(NotCommitted):
        db.session.commit()
    db.session.rollback()
    insert_if_absent(User, [person("b@example.org")], ["email"])
    db.session.commit()
    assert [user.email for user in db.session.scalars(select(User))] == ["b@example.org"]


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_looking_begins_no_transaction_and_the_next_user_of_the_connection_has_one(request, fixture):
    request.getfixturevalue(fixture)
    with looking() as connection:
        connection.execute(select(User.id)).all()
        assert not in_transaction(connection)
    with db.engine.begin() as connection:
        connection.execute(select(User.id)).all()
        assert in_transaction(connection)


def in_transaction(connection) -> bool:
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return driver.in_transaction
    return driver.info.transaction_status.name == "INTRANS"


def test_writers_of_one_process_take_turns_and_leave_none_behind(app):
    for _ in range(3):
        with db.engine.begin() as connection:
            assert connection.info["turn"] is True
    with pytest.raises(ZeroDivisionError), db.engine.begin():
        _ = 1 / 0
    with db.engine.begin() as connection:
        assert connection.info["turn"] is True
