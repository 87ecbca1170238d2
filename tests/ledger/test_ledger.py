"""What cannot be rewritten: nothing committed is missed, and every change is named."""

import multiprocessing
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from foundation.database import db
from foundation.ledger import queries, services
from foundation.ledger.chain import GENESIS, canonical, commitment
from foundation.ledger.immutability import removal
from foundation.ledger.models import Access, Entry, Salt
from foundation.web.clock import utc_now
from tests.conftest import NOW, SETTINGS

WRITERS, ENTRIES = 4, 40


@pytest.fixture(params=["app", "pg_app"])
def any_app(request):
    return request.getfixturevalue(request.param)


def record(number=1, **changes):
    entry = services.record("draw.made", f"draw:{number}", {"n": number, "seed": "ab"}, NOW, **changes)
    db.session.commit()
    return entry


def seal():
    services.seal_round(NOW)
    db.session.commit()


def sealed_ledger(count=5):
    for number in range(1, count + 1):
        record(number, actor_id=number, principal_id=1, personal={"name": "Zoé"})
    seal()


def tamper(statement):
    """Do what somebody with the database in hand can do, triggers taken off."""
    for trigger in removal(db.engine.dialect.name):
        db.session.execute(text(trigger))
    db.session.execute(text(statement))
    db.session.flush()


def broken():
    found = queries.verify().broken
    return found and (found.code, found.number)


def test_an_entry_has_no_place_before_the_sealer_gives_it_one(any_app):
    record()
    before = queries.verify()
    assert (before.sealed, before.unsealed, before.head) == (0, 1, GENESIS)
    seal()
    after = queries.verify()
    assert (after.sealed, after.unsealed, after.broken) == (1, 0, None)
    assert after.head != GENESIS


def test_sealing_twice_changes_nothing(any_app):
    sealed_ledger()
    head = queries.head()
    seal()
    assert queries.head() == head and queries.verify().broken is None


def test_an_entry_of_a_transaction_that_is_undone_was_never_written(any_app):
    services.record("draw.made", "draw:1", {}, NOW)
    db.session.rollback()
    seal()
    assert queries.verify().sealed == 0


@pytest.mark.parametrize(
    "change, found",
    [
        ("kind = 'draw.unmade'", ("changed", 3)),
        ("subject = 'draw:9'", ("changed", 3)),
        ("facts = '[]'", ("changed", 3)),
        ("actor_id = 9", ("changed", 3)),
        ("actor_id = NULL", ("changed", 3)),
        ("principal_id = 2", ("changed", 3)),
        ("commitment = NULL", ("changed", 3)),
        ("recorded_at = '2020-01-01 00:00:00'", ("changed", 3)),
        ("hash = 'f'", ("changed", 3)),
        ("previous = 'f'", ("moved", 3)),
        ("number = 9", ("missing", 3)),
        ("number = NULL, hash = NULL, previous = NULL", ("missing", 3)),
    ],
)
def test_whatever_is_changed_the_entry_is_named(any_app, change, found):
    sealed_ledger()
    tamper(f"UPDATE ledger_entries SET {change} WHERE number = 3")
    assert broken() == found
    db.session.rollback()
    assert broken() is None


@pytest.mark.parametrize(
    "statement, found",
    [
        ("UPDATE ledger_entries SET id = 99 WHERE number = 3", ("changed", 3)),
        ("DELETE FROM ledger_entries WHERE number = 3", ("missing", 3)),
        ("DELETE FROM ledger_entries WHERE number = 5", ("cut", 5)),
        ("UPDATE ledger_head SET number = 4", ("forked", 4)),
        ("UPDATE ledger_head SET hash = 'f'", ("forked", 5)),
        ("DELETE FROM ledger_head", ("forked", 1)),
    ],
)
def test_whatever_is_taken_away_is_noticed(any_app, statement, found):
    sealed_ledger()
    db.session.execute(text("DELETE FROM ledger_salts"))
    tamper(statement)
    assert broken() == found
    db.session.rollback()


@pytest.mark.parametrize("statement", ["UPDATE ledger_entries SET facts = '{}'", "DELETE FROM ledger_entries"])
def test_the_database_itself_refuses(any_app, statement):
    sealed_ledger(1)
    db.session.execute(text("DELETE FROM ledger_salts"))
    with pytest.raises(DBAPIError, match="a ledger entry is never"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_the_personal_part_can_be_proved_while_its_salt_is_kept_and_not_after(any_app):
    entry = record(personal={"name": "Zoé", "phone": "+33612345678"})
    salt = db.session.get(Salt, entry.id).salt
    assert entry.commitment == commitment(salt, {"phone": "+33612345678", "name": "Zoé"})
    assert "Zo" not in entry.facts
    seal()
    db.session.delete(db.session.get(Salt, entry.id))
    db.session.commit()
    assert queries.verify().broken is None


def test_the_same_person_twice_leaves_two_commitments(any_app):
    first, second = (record(personal={"name": "Zoé"}).commitment for _ in range(2))
    assert first != second


def test_facts_have_one_spelling():
    assert canonical({"b": 1, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1}'
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})


def test_an_entry_belongs_to_the_principal_among_its_facts(any_app):
    entry = services.record("case.opened", "complaint:1", {"principal_id": 7}, NOW)
    assert entry.principal_id == 7


def test_a_late_commit_is_not_missed(pg_app):
    """An entry with a smaller id may appear after a larger one has been sealed."""
    with pg_app.app_context():
        late = services.record("slow", "draw:1", {}, NOW)
        db.session.flush()
        with pg_app.app_context():
            quick = record(2)
            assert quick.id > late.id
            seal()
            assert queries.head()[0] == 1
        db.session.commit()
    seal()
    found = queries.verify()
    assert (found.sealed, found.unsealed, found.broken) == (2, 0, None)


def write(url, writer):
    """Write entries, and seal now and then, as a process of its own."""
    app = create_app({**SETTINGS, "DATABASE_URL": url})
    with app.app_context():
        for number in range(ENTRIES):
            services.record("counted", f"writer:{writer}", {"number": number}, utc_now())
            db.session.commit()
            if number % 10 == 9:
                seal()


def test_four_writers_and_sealers_at_once_lose_nothing(any_app):
    url = any_app.config["DATABASE_URL"]
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write, args=(url, number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    seal()
    found = queries.verify()
    assert (found.sealed, found.unsealed, found.broken) == (WRITERS * ENTRIES, 0, None)
    per_writer = db.session.execute(select(func.count()).select_from(Entry).group_by(Entry.subject)).scalars().all()
    assert per_writer == [ENTRIES] * WRITERS


def test_the_worker_seals_within_a_second(any_app):
    assert any_app.extensions["jobs"].schedule["ledger.seal"].seconds == 1


def test_the_command_names_the_first_broken_entry(app):
    runner = app.test_cli_runner()
    sealed_ledger()
    fine = runner.invoke(args=["ledger", "verify"])
    assert (fine.exit_code, fine.output.startswith("5 entries, gapless and unchanged.")) == (0, True)
    tamper("UPDATE ledger_entries SET facts = '{}' WHERE number IN (2, 4)")
    db.session.commit()
    wrong = runner.invoke(args=["ledger", "verify"])
    assert wrong.exit_code == 3
    assert "Broken at entry 2: what it says is not what was sealed." in wrong.output


def test_entries_are_found_by_kind_subject_and_moment(any_app):
    record(1)
    record(12)
    services.record("case.opened", "complaint:1", {}, NOW + timedelta(days=1))
    db.session.commit()

    def subjects(**asked):
        return [entry.subject for entry in db.session.scalars(queries.entries(**asked))]

    assert subjects(kind="draw.made") == ["draw:12", "draw:1"]
    assert subjects(subject="draw:") == ["draw:12", "draw:1"]
    assert subjects(since=NOW + timedelta(hours=1)) == ["complaint:1"]
    seal()
    assert [entry.number for entry in queries.entries_of(["complaint:1", "draw:1", "nobody:1"])] == [1, 3]


def test_who_looked_is_kept(app, committed):
    services.log_access("contact:5", NOW, actor_id=3, page="card")
    db.session.commit()
    assert committed(Access) == 1
