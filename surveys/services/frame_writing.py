"""Writing many rows of a draw at once, as the database takes them fastest.

PostgreSQL is given a stream (COPY), SQLite one prepared statement for a hundred rows at a time. A frame unit goes
through no object of its own: of a hundred thousand, that would be most of the work.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Table

from foundation.database import db, moment_written

#: In one statement of SQLite, which begins each anew: the list that a CHECK … IN looks through is made again each time,
#: and a row alone takes twice as long. Parameters stay far below the 32,766 that one statement may have.
ROWS_AT_ONCE = 100


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the garbage collector not look through hundreds of thousands of tuples that are all still needed.

    It would do so again and again while they are made: a third of the time. Short, and without a cycle of our own.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_rows(table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add ``rows``, whose values are in the order of ``columns``, to ``table``.

    Moments are given as ``moment_as_kept`` returns them.
    """
    if not rows:
        return
    connection, names = db.session.connection(), ", ".join(columns)
    if connection.dialect.name == "sqlite":
        whole = len(rows) - len(rows) % ROWS_AT_ONCE
        for at_once, some in ((ROWS_AT_ONCE, rows[:whole]), (1, rows[whole:])):
            if some:
                one = f"({', '.join('?' * len(columns))})"
                places = ", ".join([one] * at_once)
                values = _joined(some, at_once)
                connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES {places}", values)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        _stream(copy, rows)


def _joined(rows: Sequence[tuple[Any, ...]], at_once: int) -> list[tuple[Any, ...]]:
    """The values of each ``at_once`` rows as one tuple."""
    starts = range(0, len(rows), at_once)
    return [tuple(chain.from_iterable(rows[start : start + at_once])) for start in starts]


def moment_as_kept(moment: datetime) -> datetime | str:
    """A moment as ``write_rows`` takes it."""
    return moment_written(moment) if db.session.get_bind().dialect.name == "sqlite" else moment


def _stream(copy: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        copy.write_row(row)
