"""When what happens by itself last ran."""

from datetime import datetime

from sqlalchemy import select

from foundation.database import db, reading
from foundation.jobs.models import Schedule
from foundation.jobs.storage.statements import upsert


def schedules() -> dict[str, Schedule]:
    """Return the schedule rows by name, detached."""
    with reading():
        rows = list(db.session.scalars(select(Schedule)))
        db.session.expunge_all()
    return {row.name: row for row in rows}


def note_round(name: str, seconds: int, started_at: datetime, finished_at: datetime, error: str | None) -> None:
    """Keep when something scheduled last ran and how it ended."""
    values = {"seconds": seconds, "started_at": started_at, "finished_at": finished_at, "last_error": error}
    statement = upsert(Schedule).values(name=name, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    db.session.commit()
