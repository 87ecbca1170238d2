"""The bare loop into the product's own two tables: their keys, indexes and foreign keys; nothing is judged or traced.

``python -m benchmarks.bare_tables FILE URL`` on a database that has the product's tables, one principal (1) and the
sites. Numbers are read as in ``benchmarks.bare_import``; a customer is whoever has the same number, or without one the
same e-mail address, by a dict. Words and moments stand as they are in the file; no row is refused, no import is noted,
agents keep their names, and it cannot be begun again. It commits every 10,000 rows, the customers with their contacts.
"""

import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.bare_import import AT_ONCE, PRAGMAS, rows_of

CUSTOMERS = ("id", "phone", "phone_takes_sms", "email", "name", "language", "principal_id", "created_at")
CONTACTS = (
    *("id", "public_id", "customer_id", "late", "started_at", "agent", "facts", "principal_id", "source"),
    *("recorded_at", "site_id", "external_id", "channel", "direction", "entry_address", "reason", "reason_leaf"),
    *("reason_group", "outcome", "phone_state", "language"),
)
NOW = "2026-11-23 09:00:00.000000"
Rows = list[tuple[Any, ...]]


class Book:
    """Rows of the file made into rows of the two tables."""

    def __init__(self, path: Path, sites: dict[str, int]) -> None:
        self.rows = rows_of(path)
        self.sites = sites
        self.customers: dict[str, int] = {}
        self.contacts = 0

    def pieces(self) -> Iterator[tuple[Rows, Rows]]:
        """New customers and contacts, piece by piece."""
        while piece := list(islice(self.rows, AT_ONCE)):
            new: Rows = []
            yield new, [self._contact(row, new) for row in piece]

    def _contact(self, row: list[Any], new: Rows) -> tuple[Any, ...]:
        name, started, site, channel, direction, outcome, reason, agent, _phone, email, e164 = row
        self.contacts += 1
        return (
            *(self.contacts, secrets.token_hex(16), self._customer(e164, email, new), False, started + ".000000"),
            *(agent, "{}", 1, "benchmark", NOW, self.sites[site], name, channel, direction, "", reason, "", ""),
            *(outcome, "given" if e164 else "absent", "fr"),
        )

    def _customer(self, e164: str | None, email: str, new: Rows) -> int | None:
        address = e164 or email
        if not address:
            return None
        if address not in self.customers:
            self.customers[address] = len(self.customers) + 1
            new.append((self.customers[address], e164, True, email or None, "", "fr", 1, NOW))
        return self.customers[address]


def fill(path: Path, sites: list[tuple[str, int]], write: Callable[[str, tuple[str, ...], Rows], None]) -> None:
    for customers, contacts in Book(path, dict(sites)).pieces():
        write("customers", CUSTOMERS, customers)
        write("contacts", CONTACTS, contacts)


def into_sqlite(path: Path, database: str) -> None:
    connection = sqlite3.connect(database)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")

    def write(table: str, columns: tuple[str, ...], rows: Rows) -> None:
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        if table == "contacts":
            connection.commit()

    fill(path, connection.execute("SELECT key, id FROM sites").fetchall(), write)
    connection.close()


def into_postgresql(path: Path, url: str) -> None:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:

        def write(table: str, columns: tuple[str, ...], rows: Rows) -> None:
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            if table == "contacts":
                connection.commit()

        fill(path, connection.execute("SELECT key, id FROM sites").fetchall(), write)


if __name__ == "__main__":
    file, address = Path(sys.argv[1]), sys.argv[2]
    if address.startswith("sqlite:///"):
        into_sqlite(file, address.removeprefix("sqlite:///"))
    else:
        into_postgresql(file, address)
