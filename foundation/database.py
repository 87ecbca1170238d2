"""The database: one SQLAlchemy session, moments in UTC, and transactions that suit SQLite and PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase

from foundation.web.clock import stopwatch

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table is declared on."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

#: Seconds to wait for another thread to end its writing transaction; after them SQLite itself decides.
TURN = 5.0
#: Seconds: a connection used within them is taken to be one still.
RESTED = 1.0
_reading: ContextVar[bool] = ContextVar("reading", default=False)
_alone: ContextVar[bool] = ContextVar("alone", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Refuses a time without zone, stores and returns UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Bind what SQLAlchemy's own type for SQLite writes, at a quarter of its cost: rows have several moments."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = moment_in_utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment_in_utc(value: datetime) -> datetime:
    """Return the same moment in UTC. Raises ValueError for a time without zone."""
    if value.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def moment_written(value: datetime) -> str:
    """Return a moment as SQLite keeps it, in UTC without its zone: 2026-10-12 09:30:00.000000."""
    return _as_text(moment_in_utc(value))


def _written(value: datetime | None) -> str | None:
    return None if value is None else moment_written(value)


# The rows of a batch share their moments. In UTC only: the two halves past two of an autumn night are equal to Python.
@lru_cache(maxsize=256)
def _as_text(moment: datetime) -> str:
    return moment.isoformat(" ", "microseconds")[:26]


def one_of(column: str, values: Iterable[str | int], name: str | None = None) -> CheckConstraint:
    """Return a constraint, named after ``column`` unless told, that holds it to ``values``."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=name or column)


def init_database(app: Flask) -> None:
    """Bind the session to the configured database and mark reading requests."""
    url = app.config["DATABASE_URL"]
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(url))
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine)
            else:
                _ask_the_rested(engine)
                _commit_or_fail(engine)
    app.before_request(_mark_reading)
    app.teardown_request(lambda _error: _forget_reading())


def _engine_options(url: str) -> dict[str, Any]:
    # What is bound to a statement is people's names, numbers and words: an error in the log shows none of it.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return options | {"connect_args": {"timeout": 20}}
    return options


def _prepare_sqlite(engine: Engine) -> None:
    """Set WAL and begin IMMEDIATE, so that a transaction that will write waits its turn instead of failing late.

    What is deleted is overwritten: an anonymous answer must not lie in a free page beside its invitation.
    """

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        pragmas = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", "secure_delete=ON")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    turn = Lock()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if _alone.get():
            return
        if _reading.get():
            connection.exec_driver_sql("BEGIN")
            return
        # Who waits for the file's one lock asks for it again and again, and sleeps between. Those of one process wait
        # for each other here instead, and are woken; the file's own lock still decides, also when this wait ends first.
        if not connection.info.get("turn"):
            connection.info["turn"] = turn.acquire(timeout=connection.info.get("patience", TURN))
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def pass_on(_connection: Any, record: Any) -> None:
        if record.info.pop("turn", False):
            turn.release()


def _mark_reading() -> None:
    _reading.set(request.method in {"GET", "HEAD", "OPTIONS"})


def _forget_reading() -> None:
    _reading.set(False)


def begin_writing() -> None:
    """End the reading transaction of a GET, so that what follows may write (the access log, a rate limit)."""
    db.session.rollback()
    _reading.set(False)


@contextmanager
def reading() -> Iterator[None]:
    """Run a block whose transactions only read, as a command or a job may, without taking SQLite's one write lock."""
    before = _reading.set(True)
    try:
        yield
    finally:
        # Also after an exception: what follows may write, and must begin a transaction that can.
        db.session.rollback()
        _reading.reset(before)


@contextmanager
def snapshot() -> Iterator[None]:
    """Run a block that only reads, and all of it as of one moment: what others commit meanwhile is not seen."""
    with reading():
        db.session.rollback()
        if db.session.get_bind().dialect.name == "postgresql":
            # In force until the transaction ends; the pool sets it back.
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield


def _ask_the_rested(engine: Engine) -> None:
    """Ask a connection that rested whether it still is one, and open another where it is not.

    Asking before every use, as the pool would, is a fourth of what the database is asked for a small page.
    """

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rested_from"] = stopwatch()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _holder: Any) -> None:
        if stopwatch() - record.info.get("rested_from", stopwatch()) < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise DisconnectionError from error


class NotCommitted(RuntimeError):
    """A transaction was to be committed in which a statement had failed: PostgreSQL would keep nothing of it."""


def _commit_or_fail(engine: Engine) -> None:
    """Let no commit pass that is none: to COMMIT after a failed statement, PostgreSQL says ROLLBACK and no error.

    Whoever caught the error of that statement would go on, and thank for answers that are gone.
    """

    @event.listens_for(engine, "commit")
    def commit(connection: Any) -> None:
        if connection.connection.driver_connection.info.transaction_status.name == "INERROR":
            raise NotCommitted


@contextmanager
def looking() -> Iterator[Connection]:
    """A connection on which each statement stands alone, outside the session and its transaction: for small pages.

    It saves the questions that begin and end a transaction, which are two of three for a page of one statement.
    """
    before = _alone.set(True)
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name != "sqlite":  # there it is ``begin`` below that begins nothing
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
    finally:
        _alone.reset(before)


def insert_if_absent(model: type[Any], values: list[dict[str, Any]], conflict: list[str]) -> list[int]:
    """Insert the rows whose ``conflict`` columns are not there yet; return the ids of those inserted.

    Works row by row under concurrency: a row that another transaction inserts first is left as it is.
    """
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    key = getattr(model, next(iter(model.__table__.primary_key)).name)  # its id, or the first column of its key
    statement = insert(model).on_conflict_do_nothing(index_elements=conflict).returning(key)
    # One statement for many rows, compiled once and cut by SQLAlchemy to what the database takes at once.
    # Without render_nulls, rows with another empty column would each become a statement of their own.
    options = {"render_nulls": True}
    return list(db.session.scalars(statement, values, execution_options=options)) if values else []
