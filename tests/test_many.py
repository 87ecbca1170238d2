"""Rows by the hundred are written from one document, and come back as they were given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Integer, Table, insert, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from foundation.accounts.models import User
from foundation.database import db
from foundation.many import ForRows, any_of
from tests.conftest import NOW

USERS: Table = User.__table__
TYPES = {column.name: column.type for column in USERS.c if column.name != "id"}
PARIS = timezone(timedelta(hours=1))


def write(rows):
    def build(_dialect, given):
        return insert(USERS).from_select(list(given), select(*given.values()), include_defaults=False)

    ForRows(TYPES, "email", build).execute(rows)
    return {row.email: row for row in db.session.execute(select(USERS))}


def person(email, **changes):
    return {
        "email": email, "name": "Zoé", "role": "agent", "principal_ids": None, "site_ids": None, "password": "x",
        "active": True, "fs_uniquifier": email, "created_at": NOW, **changes,
    }  # fmt: skip


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_what_differs_and_what_is_alike_come_back_as_they_were_given(request, fixture):
    request.getfixturevalue(fixture)
    names = ["Zoé", 'O\'Hara "Bob" \\ 100 %s :x ?', "😀\n\ttab", ""]
    rows = [person(f"{n}@x.org", name=name, principal_ids=[n] if n else None) for n, name in enumerate(names)]
    stored = write(rows)
    assert [stored[f"{n}@x.org"].name for n in range(4)] == names
    assert [stored[f"{n}@x.org"].principal_ids for n in range(4)] == [None, [1], [2], [3]]
    assert {(row.role, row.active, row.site_ids, row.created_at) for row in stored.values()} == {
        ("agent", True, None, NOW)
    }


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_moments_that_differ_come_back_in_utc(request, fixture):
    request.getfixturevalue(fixture)
    moments = [datetime(2026, 11, 23, 10, minute, 0, 7, tzinfo=PARIS) for minute in (0, 30)]
    stored = write([person(f"{n}@x.org", created_at=moment) for n, moment in enumerate(moments)])
    assert [stored[f"{n}@x.org"].created_at for n in range(2)] == moments
    assert stored["0@x.org"].created_at.tzinfo == UTC
    # And are found among those written one by one, which SQLite compares as text.
    db.session.execute(insert(USERS), [person("one@x.org", created_at=moments[0])])
    assert len(db.session.execute(select(USERS).where(USERS.c.created_at == moments[0])).all()) == 2


def test_a_moment_without_zone_is_refused_also_in_a_document(app):
    with pytest.raises(StatementError, match="a moment needs a zone"):
        write([person("a@x.org"), person("b@x.org", created_at=datetime(2026, 11, 23))])


@pytest.mark.parametrize("fixture", ["app", "pg_app"])
def test_any_of_finds_numbers_and_texts_and_nothing_among_none(request, fixture):
    request.getfixturevalue(fixture)
    stored = write([person(f"{n}@x.org") for n in range(5)])
    ids = [stored[f"{n}@x.org"].id for n in (1, 3)]
    by_id, by_mail = select(USERS.c.email).where(any_of(USERS.c.id, "ids")), any_of(USERS.c.email, "mails")
    assert set(db.session.scalars(by_id, {"ids": ids})) == {"1@x.org", "3@x.org"}
    assert set(db.session.scalars(select(USERS.c.id).where(by_mail), {"mails": {"1@x.org", "3@x.org"}})) == set(ids)
    assert list(db.session.scalars(by_id, {"ids": []})) == []


def test_any_of_leaves_sqlite_its_index(app):
    compiled = select(USERS.c.id).where(any_of(USERS.c.id, "ids")).compile(dialect=sqlite.dialect())
    plan = db.session.execute(text("EXPLAIN QUERY PLAN " + str(compiled).replace("?", "'[1]'"))).all()
    assert isinstance(USERS.c.id.type, Integer) and plan[0].detail.startswith("SEARCH")
