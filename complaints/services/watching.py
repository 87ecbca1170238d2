"""Looking at every delay that still runs, and telling the rest of the house which are near or past."""

from datetime import datetime

from complaints.queries.watch import watched
from complaints.signals import clocks_watched
from foundation.database import db, reading


def watch_clocks(now: datetime) -> None:
    """Tell once of all of them; whoever listens is idempotent. The database is only read until then."""
    with reading():
        near, passed = watched(now)
    clocks_watched.send(near, passed=passed, now=now)
    db.session.flush()
