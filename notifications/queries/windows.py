"""The windows there are, the one a message waits for, and the moments it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from foundation.timing.storage import holiday_calendar
from notifications.hours import ANY, BUILT_IN, DEFAULT_CHOICES, HOUSE, SAMPLES, Choice, Sample
from notifications.models import SendingWindow, WindowChoice, WindowChoices
from notifications.windows import Window


@dataclass(frozen=True)
class Named:
    """A window under its key, whose it is (0: the house), and the version somebody may change; 0 before the first."""

    key: str
    principal_id: int
    name: str
    window: Window
    version: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """What a programme keeps: the hours of today, and the key under which those of tomorrow are found."""
        return {"key": self.key, **self.window.document()}


@dataclass(frozen=True)
class Moments:
    """When a message goes out in one place: one asked for now, and one asked for at noon of its next holiday."""

    place: Sample
    now: datetime
    holiday: datetime
    after_holiday: datetime


def windows(scope: Scope) -> list[Named]:
    """Return the windows of the house, and those of the principals that ``scope`` sees."""
    own = scoped(select(SendingWindow), scope, principal=SendingWindow.principal_id)
    house = select(SendingWindow).where(SendingWindow.principal_id == HOUSE)
    rows = {row.id: row for row in [*db.session.scalars(house), *db.session.scalars(own)]}
    changed = [_named(row) for row in rows.values()]
    taken = {row.key for row in changed if row.principal_id == HOUSE}
    built_in = [Named(key, HOUSE, "", window) for key, window in BUILT_IN.items() if key not in taken]
    return sorted([*built_in, *changed], key=lambda one: (one.principal_id, one.key not in BUILT_IN, one.name, one.key))


def window(key: str, principal_id: int = HOUSE) -> Named | None:
    """Return the window ``key`` as it is now: the principal's own, else the house's, else the built-in one."""
    same = select(SendingWindow).where(
        SendingWindow.key == key, or_(SendingWindow.principal_id == principal_id, SendingWindow.principal_id == HOUSE)
    )
    found = db.session.scalars(same.order_by(SendingWindow.principal_id.desc()).limit(1)).first()
    if found is not None:
        return _named(found)
    return Named(key, HOUSE, "", BUILT_IN[key]) if key in BUILT_IN else None


def choices(principal_id: int = HOUSE) -> dict[str, Choice]:
    """Return by purpose the window its messages wait for: the principal's choice, the house's, or the default."""
    kept = select(WindowChoice).where(WindowChoice.principal_id.in_({HOUSE, principal_id}))
    rows = db.session.scalars(kept.order_by(WindowChoice.principal_id))
    return DEFAULT_CHOICES | {row.purpose: Choice(row.key, row.emails) for row in rows}


def chosen_by(principal_id: int) -> set[str]:
    """Return the purposes for which this principal (or the house, 0) made a choice of its own."""
    return set(db.session.scalars(select(WindowChoice.purpose).where(WindowChoice.principal_id == principal_id)))


def choices_version(principal_id: int) -> int:
    """Return how often this principal's (or the house's, 0) choices were changed."""
    return db.session.scalar(select(WindowChoices.version).filter_by(principal_id=principal_id)) or 0


def window_for(principal_id: int, purpose: str, channel: str) -> dict[str, Any] | None:
    """Return the document of the window that a message of ``purpose`` waits for; None: it may go at any hour."""
    choice = choices(principal_id).get(purpose)
    if choice is None or choice.key == ANY or (channel == "email" and not choice.emails):
        return None
    found = window(choice.key, principal_id)
    return found.document if found else None


def current(document: Mapping[str, Any] | None, principal_id: int) -> dict[str, Any] | None:
    """Return ``document``, as a programme kept it, with the hours its window has today.

    Without a key, or where that window is gone, the hours are those that were kept.
    """
    if document is None:
        return None
    found = window(str(document["key"]), principal_id) if "key" in document else None
    return found.document if found else dict(document)


def moments(shown: Window, now: datetime) -> list[Moments]:
    """Return what a window means at each sample place. Raises NeverOpen."""
    return [_moments(shown, place, now) for place in SAMPLES]


def _moments(shown: Window, place: Sample, now: datetime) -> Moments:
    zone, calendar = ZoneInfo(place.zone), holiday_calendar(place.region)
    today = now.astimezone(zone).date()
    coming = min(day for day in calendar.holidays if day > today)
    noon = datetime.combine(coming, time(12), zone).astimezone(UTC)
    goes, later = (shown.next_moment(asked, zone, calendar.is_holiday) for asked in (now, noon))
    return Moments(place, goes, noon, later)


def _named(row: SendingWindow) -> Named:
    return Named(row.key, row.principal_id, row.name, Window.from_document(row.document), row.version)
