"""The weather as it is kept: in the database, so that the pages and the worker see the same."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from foundation.database import db
from notifications.models import SimulatedNetwork
from notifications.networks import Network

_KEPT = SimulatedNetwork.__table__
_FIELDS = tuple(Network().values())


def read(connection: Connection) -> tuple[Network, datetime | None]:
    """Return the weather, and until when everything is refused; calm where nobody has set it."""
    row = connection.execute(select(_KEPT)).mappings().first()
    if row is None:
        return Network(), None
    return Network(**{name: row[name] for name in _FIELDS}), row["refuses_until"]


def current() -> tuple[Network, datetime | None]:
    """Return the same, read in the caller's transaction."""
    return read(db.session.connection())


def set_weather(weather: Network, refused_seconds: int, now: datetime) -> None:
    """Make it the weather from now on, begun by so many seconds in which everything is refused (429).

    What is already on its way keeps the journey it began. The caller commits.
    """
    row = db.session.scalars(select(SimulatedNetwork).with_for_update()).first() or SimulatedNetwork()
    for name, value in weather.values().items():
        setattr(row, name, value)
    row.refuses_until = now + timedelta(seconds=refused_seconds) if refused_seconds else None
    db.session.add(row)
    db.session.flush()
