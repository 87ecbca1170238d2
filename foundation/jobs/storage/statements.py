"""How a statement is written and sent on either database."""

from typing import Any

from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from foundation.database import TURN, db
from foundation.jobs.patience import Patience

PATIENCE_MS = 50


def patience() -> Patience:
    """Return the leases of the running application."""
    return current_app.extensions["jobs_patience"]


def upsert(model: type[Any]) -> Any:
    """Return an INSERT that can say what happens ON CONFLICT."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(model)


def hurriedly(statement: Any) -> bool:
    """Commit one statement on a connection of its own, unless SQLite's write lock is held for longer than a blink."""
    with db.engine.connect() as connection:
        before = _set_timeout(connection, PATIENCE_MS)
        try:
            connection.execute(statement)
            connection.commit()
        except OperationalError:
            connection.rollback()
            return False
        finally:
            _set_timeout(connection, before)
    return True


def _set_timeout(connection: Connection, milliseconds: int) -> int:
    """Set how long SQLite waits for the write lock, and for its turn among our own threads; return what it was."""
    if connection.dialect.name != "sqlite":
        return 0
    connection.info["patience"] = min(TURN, milliseconds / 1000)
    before = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute(f"PRAGMA busy_timeout={milliseconds}")
    return before
