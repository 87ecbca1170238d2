"""A bare loop that imports a log: csv, phonenumbers, executemany or COPY; nothing is checked, kept or told.

``python -m benchmarks.bare_import FILE URL``. Each number becomes the same E.164 as in the product, or nothing, by
phonenumbers alone. The table has the columns of the file as text, the number, and one key by which a contact is known
again; the pragmas of SQLite are the product's. It commits every 10,000 rows.
"""

import csv
import sqlite3
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import phonenumbers
import psycopg

AT_ONCE = 10_000
COLUMNS = ("id", "started", "site", "channel", "direction", "outcome", "reason", "agent", "phone", "email", "e164")
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", "secure_delete=ON")
TABLE = f"CREATE TABLE bare_contacts ({', '.join(f'{name} TEXT' for name in COLUMNS)}, UNIQUE (id))"


def normalised(written: str) -> str | None:
    """``written`` in E.164 if it is the number of a person."""
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    phonenumbers.number_type(number)  # a fixed line takes no SMS: the product asks too
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def rows_of(path: Path) -> Iterator[list[Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        phone = next(reader).index("phone")
        for row in reader:
            yield [*row, normalised(row[phone])]


def into_sqlite(path: Path, database: str) -> None:
    connection = sqlite3.connect(database)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(TABLE)
    statement = f"INSERT INTO bare_contacts VALUES ({', '.join('?' * len(COLUMNS))})"
    rows = rows_of(path)
    while piece := list(islice(rows, AT_ONCE)):
        connection.executemany(statement, piece)
        connection.commit()
    connection.close()


def into_postgresql(path: Path, url: str) -> None:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        connection.execute(TABLE)
        rows = rows_of(path)
        while piece := list(islice(rows, AT_ONCE)):
            with connection.cursor() as cursor, cursor.copy("COPY bare_contacts FROM STDIN") as copy:
                for row in piece:
                    copy.write_row(row)
            connection.commit()


if __name__ == "__main__":
    file, address = Path(sys.argv[1]), sys.argv[2]
    if address.startswith("sqlite:///"):
        into_sqlite(file, address.removeprefix("sqlite:///"))
    else:
        into_postgresql(file, address)
