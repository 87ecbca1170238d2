"""Many rows into one table by the quickest way each database has."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import count, islice
from typing import Any

from sqlalchemy import func, select, text

from foundation.database import db, moment_in_utc

Row = tuple[Any, ...]
CACHE_KIB, PAGES_BETWEEN_CHECKPOINTS = 48_000, 16_000


def is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def next_ids(model: type[Any], number: int) -> list[int]:
    """Ids for ``number`` new rows of ``model``; on SQLite, whose one writer asks, those it would give itself."""
    table = model.__table__.name
    if is_postgresql():
        drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")
        return list(db.session.scalars(drawn, {"name": table, "number": number}))
    last = db.session.scalar(select(func.coalesce(func.max(model.id), 0))) or 0
    return list(islice(count(last + 1), number))


def insert_rows(model: type[Any], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows whose cells are in the order of ``columns`` and as the driver takes them.

    By COPY on PostgreSQL, by one prepared statement on SQLite: a statement built for each row costs more than the row.
    """
    table, names = model.__table__.name, ", ".join(columns)
    connection = db.session.connection()
    if not is_postgresql():
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))
        return
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def make_room() -> None:
    """Let SQLite keep more pages at hand and move them to their place less often, on this connection.

    Random keys touch a page of their index each; with the usual two megabytes each is read and written again and again.
    """
    connection = db.session.connection()
    if not is_postgresql() and not connection.info.get("roomy"):
        connection.info["roomy"] = True
        connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={PAGES_BETWEEN_CHECKPOINTS}")


def look_anew(*models: type[Any]) -> None:
    """Let PostgreSQL count tables that have grown, so that it finds rows by the right index from now on.

    It does so by itself a minute later; an import has by then asked a hundred times as if the tables were empty.
    """
    if is_postgresql():
        db.session.execute(text(f"ANALYZE {', '.join(model.__table__.name for model in models)}"))


def moment_writer() -> Callable[[datetime], datetime | str]:
    """What makes of a moment what ``insert_rows`` takes: a text on SQLite, whose driver would write another form."""
    return _as_it_is if is_postgresql() else _as_text


def _as_text(moment: datetime) -> str:
    """As ``foundation.database.moment_written``, without its memory: hardly two rows share a moment."""
    return moment_in_utc(moment).isoformat(" ", "microseconds")[:26]


def _as_it_is(moment: datetime) -> datetime:
    return moment
