"""The schema is made by migrations only: one head, up and down on both databases, no drift from the models."""

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from procrastinate.schema import SchemaManager
from sqlalchemy.engine import make_url

from app import ROOT, create_app
from foundation.database import UTCDateTime, db
from tests.conftest import SETTINGS

FOLDER = str(ROOT / "migrations")


@pytest.fixture
def empty_sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture
def empty_postgresql(postgresql_url):
    server = sqlalchemy.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text("CREATE DATABASE satisfecit_migrations"))
    yield make_url(postgresql_url).set(database="satisfecit_migrations").render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(sqlalchemy.text("DROP DATABASE satisfecit_migrations WITH (FORCE)"))
    server.dispose()


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
