"""The schema is made by migrations only: one head, up and down on both databases, no drift from the models."""

import uuid

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from procrastinate.schema import SchemaManager
from sqlalchemy.engine import make_url

from app import ROOT, create_app
from contacts.agents import pseudonym
from contacts.keys import agents_secret
from foundation.database import UTCDateTime, db
from notifications.keys import hash_of
from tests.conftest import SETTINGS

FOLDER = str(ROOT / "migrations")


@pytest.fixture
def empty_sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture
def empty_postgresql(postgresql_url):
    """A database of its own name: another worker, or another run on the same server, may be at the same test."""
    name = f"satisfecit_migrations_{uuid.uuid4().hex[:12]}"
    server = sqlalchemy.create_engine(postgresql_url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["empty_sqlite", "empty_postgresql"])
def fresh(request):
    app = create_app({**SETTINGS, "DATABASE_URL": request.getfixturevalue(request.param)})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def ours(names) -> set[str]:
    """Return ``names`` without those of Alembic and Procrastinate, which no model of ours describes."""
    return {name for name in names if name != "alembic_version" and not name.startswith("procrastinate_")}


def tables() -> set[str]:
    return ours(sqlalchemy.inspect(db.engine).get_table_names())


def test_there_is_one_head():
    assert len(ScriptDirectory(FOLDER).get_heads()) == 1


def same_type(_context, _inspected, _column, inspected_type, model_type):
    """Moments are stored as plain date-times; everything else is compared as usual."""
    return False if isinstance(model_type, UTCDateTime) else None


def is_ours(name, kind, _parents):
    return kind != "table" or bool(ours([name]))


def test_migrations_make_what_the_models_say(fresh):
    upgrade(FOLDER)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type, "include_name": is_ours})
        assert compare_metadata(context, db.metadata) == []
    assert tables() == set(db.metadata.tables)


def triggers() -> set[str]:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with db.engine.connect() as connection:
        return ours(connection.scalars(sqlalchemy.text(names[db.engine.dialect.name])))


def test_migrations_put_on_the_triggers_of_the_models(fresh):
    upgrade(FOLDER)
    made = triggers()
    downgrade(FOLDER, revision="base")
    db.create_all()
    assert made == triggers() != set()


def test_migrations_go_down_to_nothing(fresh):
    upgrade(FOLDER)
    downgrade(FOLDER, revision="base")
    assert tables() == set()


# Everything of Procrastinate that stands in a database, whatever it is.
PROCRASTINATE = """
    SELECT relname FROM pg_class WHERE relname LIKE '%procrastinate%' UNION ALL
    SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate%' UNION ALL
    SELECT typname FROM pg_type WHERE typname LIKE 'procrastinate%' UNION ALL
    SELECT tgname FROM pg_trigger WHERE tgname LIKE 'procrastinate%'
"""


def procrastinate() -> set[str]:
    with db.engine.connect() as connection:
        return set(connection.exec_driver_sql(PROCRASTINATE.replace("%", "%%")).scalars())


@pytest.mark.parametrize("fresh", ["empty_postgresql"], indirect=True)
def test_the_tables_of_procrastinate_come_and_go_whole(fresh):
    upgrade(FOLDER)
    assert {"procrastinate_jobs", "procrastinate_fetch_job_v2", "procrastinate_job_status"} <= procrastinate()
    downgrade(FOLDER, revision="base")
    assert procrastinate() == set()
    upgrade(FOLDER)


def test_the_tables_are_those_of_the_version_that_is_installed():
    copied = max((ROOT / "migrations" / "procrastinate").glob("schema_*.sql"))
    assert copied.read_text() == SchemaManager.get_schema(), "a new version of Procrastinate needs a migration: ADR 11"


# A few rows of each table whose shape has changed, as the first revision had them.
MOMENT = "2026-11-23 09:00:00"
MESSAGE = {
    "subject_key": "invitation:1", "channel": "sms", "purpose": "survey", "message_class": "relation",
    "principal_id": 1, "recipient": "+33639981234", "recipient_hash": "a" * 64, "sender": "38600", "subject": "",
    "body": "Votre avis ?", "secrets": "[]", "language": "fr", "parts": 1, "zone": "Europe/Paris",
    "region": "metropole", "not_before": MOMENT, "priority": 1, "state": "queued", "rank": 1, "attempt": 0, "looks": 0,
    "created_at": MOMENT, "changed_at": MOMENT,
}  # fmt: skip
INBOUND = {
    "language": "fr", "sender": "+33639981234", "recipient": "38600", "body": "STOP", "received_at": MOMENT,
    "attempt": 0,
}  # fmt: skip
STOP = {"scope": "all", "source": "sms", "at": MOMENT}
LINK = {"brand": "Énergie du Rhône", "language": "fr", "created_at": MOMENT}
SIMULATED = {
    "direction": "out", "phone": "+33639981234", "number": "38600", "body": "Votre avis ?", "created_at": MOMENT
}  # fmt: skip
PRINCIPAL = {
    "key": "belline", "name": "Belline", "brand": "Belline", "zone": "Europe/Paris", "language": "fr", "sms_sender": "",
    "reply_email": "", "mediator_name": "", "mediator_address": "", "mediator_url": "", "controller": "",
    "privacy_notice": "{}", "created_at": MOMENT, "version": 1,
}  # fmt: skip
PROGRAMME = {
    "name": "Après appel", "principal_id": 1, "version_id": 2, "collection": "sms", "promise": "followed_up",
    "validity_days": 7, "low_score": 2, "rules": '{"outcomes": ["answered"]}', "strata": '["site"]',
    "method": "proportional", "sample_size": 40, "minimum": 2, "fixed_sizes": "{}", "quarantine_days": 90,
    "sending_window": '{"key": "usual"}', "created_at": MOMENT,
}  # fmt: skip
OCTOBER = {"first_day": "2026-10-01", "last_day": "2026-10-31"}
DRAW = {
    "programme_id": 1, "principal_id": 1, "version_id": 2, "seed_commitment_id": 1, "seed_commitment": "c" * 64,
    "state": "requested", "requested_at": MOMENT, "progress": 0, "late": False, "allocation": "{}",
    "one_per_customer": True, "exclusions": "{}",
}  # fmt: skip
SURVEYS = {
    "principals": [PRINCIPAL | {"id": 1}],
    "questionnaires": [{"id": 1, "key": "apres", "title": "Après", "created_at": MOMENT}],
    "questionnaire_versions": [
        {"id": number, "questionnaire_id": 1, "number": number, "definition": "{}", "created_at": MOMENT,
         "published_at": MOMENT, "content_hash": "e" * 64}
        for number in (1, 2)
    ],
    "programmes": [
        PROGRAMME | {"id": 1, "key": "apres"},
        PROGRAMME | {"id": 2, "key": "annuelle", "version_id": 1, "low_score": None, "sending_window": None},
    ],
    "periods": [OCTOBER | {"id": 1, "principal_id": 1}],
    "seed_commitments": [
        OCTOBER | {"id": 1, "programme_id": 1, "seed": "00", "commitment": "c" * 64, "late": False,
                   "committed_at": MOMENT}
    ],
    "draws": [DRAW | {"id": 1, "period_id": 1}],
}  # fmt: skip
FILE = {
    "principal_id": 1, "filename": "appels.csv", "file_hash": "f" * 64, "source": "calls",
    "mapping": '{"fields": {"agent": {"column": "Agent"}}, "facts": ["Agent", "Motif"]}', "columns": '["Id", "Agent"]',
    "separator": ";", "state": "done", "total_rows": 3, "read_rows": 3, "added": 2, "known": 0, "rejected": 1,
    "warned": 1, "late": 0, "created_at": MOMENT,
}  # fmt: skip
CONTACT = {
    "principal_id": 1, "site_id": 1, "source": "calls", "channel": "phone", "direction": "in", "started_at": MOMENT,
    "reason": "Facture", "outcome": "answered", "language": "fr", "late": False, "recorded_at": MOMENT,
    "batch_id": 1,
}  # fmt: skip
LOG = {
    "sites": [
        {"id": 1, "key": "lyon", "name": "Lyon", "zone": "Europe/Paris", "holiday_region": "metropole",
         "created_at": MOMENT, "version": 1}
    ],
    "import_batches": [FILE | {"id": 1}],
    "import_notes": [
        {"id": 1, "batch_id": 1, "kind": "warning", "line": 2, "cells": '["1", "Ada Lovelace"]', "faults": "[]"},
        {"id": 2, "batch_id": 1, "kind": "reject", "line": 3, "cells": '["", "Ada Lovelace"]', "faults": "[]"},
    ],
    "contacts": [
        CONTACT | {"id": 1, "public_id": "a", "external_id": "1", "agent": "Ada Lovelace",
                   "facts": '{"Agent": "Ada Lovelace", "Motif": "Facture"}'},
        CONTACT | {"id": 2, "public_id": "b", "external_id": "2", "agent": "", "facts": "{}"},
    ],
}  # fmt: skip
ROWS = {
    **SURVEYS,
    **LOG,
    "outbox_messages": [
        MESSAGE | {"id": 1, "public_id": "a", "business_key": "1"},
        MESSAGE | {"id": 2, "public_id": "b", "business_key": "2", "state": "delivered", "rank": 9},
        MESSAGE | {"id": 3, "public_id": "c", "business_key": "3", "channel": "email", "sender": ""},
    ],
    "outbox_events": [
        {"id": 1, "message_id": 2, "source": "provider", "state": "delivered", "key": "SM2:delivered:", "at": MOMENT},
        {"id": 2, "message_id": None, "source": "provider", "state": "sent", "key": "SM9:sent:", "at": MOMENT},
    ],
    "sender_pauses": [{"id": 1, "channel": "sms", "code": "20003", "since": MOMENT, "until": MOMENT}],
    "inbound_messages": [
        INBOUND | {"id": 1, "provider_id": "SM1"},
        INBOUND | {"id": 2, "provider_id": "SM2", "routed_to": "stop", "routed_at": MOMENT},
    ],
    "opt_outs": [
        STOP | {"id": 1, "address_hash": "a" * 64},
        STOP | {"id": 2, "address_hash": "b" * 64, "scope": "principal", "principal_id": 1, "source": "person"},
        STOP | {"id": 3, "address_hash": "c" * 64, "source": "provider", "lifted_at": MOMENT},
    ],
    "opt_out_links": [LINK | {"id": 1, "token_hash": "d" * 64, "address": "ada@example.org", "principal_id": 1}],
    "simulated_messages": [
        SIMULATED | {"id": 1, "sid": "SM1", "status": "delivered", "next_at": None},
        SIMULATED | {"id": 2, "sid": "SM2", "status": "queued", "next_at": MOMENT},
    ],
}  # fmt: skip


def put_rows() -> None:
    with db.engine.begin() as connection:
        for table, rows in ROWS.items():
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(sqlalchemy.text(f'INSERT INTO "{table}" ({names}) VALUES ({values})'), row)


def columns(table: str, names: str) -> list[tuple]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sqlalchemy.text(f"SELECT {names} FROM {table} ORDER BY id"))]


def test_rows_of_the_first_revision_come_along_and_go_back(fresh):
    upgrade(FOLDER, revision="0001")
    put_rows()
    upgrade(FOLDER)
    assert set(columns("senders", "channel, sender, pause_code")) == {("email", "", None), ("sms", "38600", "20003")}
    assert columns("outbox_messages", "id, state, resend, brand") == [
        (1, "queued", 0, ""), (2, "delivered", 0, ""), (3, "queued", 0, ""),
    ]  # fmt: skip
    assert columns("outbox_events", "id, message_id") == [(1, 2), (2, None)]
    assert columns("inbound_messages", "id, channel, kind") == [(1, "sms", "message"), (2, "sms", "message")]
    assert columns("opt_outs", "id, topic, source, means") == [
        (1, "all", "sms", None), (2, "all", "person", "phone"), (3, "all", "provider", None),
    ]  # fmt: skip
    assert columns("opt_out_links", "hint, address_hash") == [("a•••@example.org", hash_of("ada@example.org"))]
    assert columns("simulated_happenings", "message_id, status") == [(2, "sent")] * 2 + [(2, "delivered")] * 2
    said = "number, version_id, low_score, CAST(strata AS VARCHAR(20)), quarantine_days, reminders, names_agent"
    assert columns("programme_versions", f"programme_id, {said}") == [
        (1, 1, 2, 2, '["site"]', 90, 0, False), (2, 1, 1, None, '["site"]', 90, 0, False),
    ]  # fmt: skip
    ada = pseudonym(agents_secret(), 1, "Ada Lovelace")
    assert columns("contacts", "id, agent, CAST(facts AS VARCHAR(80))") == [
        (1, ada, f'{{"Agent": "{ada}", "Motif": "Facture"}}'), (2, "", "{}"),
    ]  # fmt: skip
    assert columns("agents", "principal_id, pseudonym, first_name") == [(1, ada, "")]
    assert columns("import_notes", "id, CAST(cells AS VARCHAR(80))") == [
        (1, f'["1", "{ada}"]'), (2, '["", "Ada Lovelace"]'),
    ]  # fmt: skip
    assert columns("draws", "id, programme_version_id") == [(1, columns("programme_versions", "id")[0][0])]
    downgrade(FOLDER, revision="0001")
    assert columns("programmes", "id, version_id, low_score, sample_size, validity_days") == [
        (1, 2, 2, 40, 7), (2, 1, None, 40, 7),
    ]  # fmt: skip
    assert columns("draws", "id, version_id") == [(1, 2)]
    kept = {name: len(rows) for name, rows in ROWS.items()} | {"opt_out_links": 0}
    assert {name: len(columns(name, "id")) for name in ROWS} == kept
    upgrade(FOLDER)
    assert set(columns("senders", "channel, sender, pause_code")) == {("email", "", None), ("sms", "38600", "20003")}
    assert len(columns("opt_outs", "id")) == 3
    assert columns("contacts", "agent") == [(ada,), ("",)]
