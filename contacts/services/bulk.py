"""Many rows into one table by the quickest way each database has."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count, islice
from typing import Any

from sqlalchemy import func, select, text

from foundation.database import db, moment_written

Row = tuple[Any, ...]


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


def moment_for_driver(moment: datetime | None) -> datetime | str | None:
    """``moment`` as ``insert_rows`` takes it: a text on SQLite, which the driver would write in another form."""
    return moment if moment is None or is_postgresql() else moment_written(moment)
