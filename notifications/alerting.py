"""Who of the staff is told what by itself, and when: kinds, ways, and the moment an alert is ripe."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DUE_SOON, BREACHED, LOW_SCORE, STUCK, NO_FILE, EMERGENCY, COUNTS_OFF = KINDS = (
    "due_soon", "breached", "low_score", "stuck", "no_file", "emergency", "counts_off",
)  # fmt: skip
#: About the house, which is nobody's scope.
OF_THE_HOUSE = (STUCK, COUNTS_OFF)
AT_ONCE, HOURLY, DAILY, NEVER = HOWS = ("at_once", "hourly", "daily", "never")
#: What a role may be told at all; a role that is not here is told nothing.
OFFERED: Mapping[str, tuple[str, ...]] = {
    "handler": (DUE_SOON, BREACHED),
    "reviewer": (DUE_SOON, BREACHED),
    "manager": (EMERGENCY, DUE_SOON, BREACHED, LOW_SCORE),
    "quality": (EMERGENCY, DUE_SOON, BREACHED, LOW_SCORE, NO_FILE),
    "admin": (STUCK, COUNTS_OFF, NO_FILE),
}
#: Told at once, at any hour, and by nobody's choice: somebody may be in danger.
FIXED = frozenset({EMERGENCY})
#: Roles that hear only of what is in their own hands.
OWN_ONLY = frozenset({"handler", "reviewer"})
#: How each is told unless they say otherwise; what is not here is never told.
_DEFAULTS = {
    ("handler", DUE_SOON): HOURLY,
    ("handler", BREACHED): AT_ONCE,
    ("reviewer", DUE_SOON): HOURLY,
    ("reviewer", BREACHED): AT_ONCE,
    ("manager", DUE_SOON): DAILY,
    ("manager", BREACHED): HOURLY,
    ("quality", LOW_SCORE): DAILY,
    ("quality", NO_FILE): AT_ONCE,
    ("admin", STUCK): AT_ONCE,
    ("admin", COUNTS_OFF): HOURLY,
    ("admin", NO_FILE): HOURLY,
}
#: Nobody gets two mails about one subject within this time.
APART = timedelta(hours=1)
#: What could not be told for so long is no news any more; the page still shows it.
KEPT = timedelta(days=7)
#: How long what is over stays in the database: who was told of it when can be asked for a quarter of a year.
FORGOTTEN = timedelta(days=90)


def hows_of(role: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return how somebody with ``role`` is told of each kind open to them, by what they chose or by default."""
    return {kind: _how(role, kind, chosen.get(kind)) for kind in OFFERED.get(role, ())}


def _how(role: str, kind: str, chosen: str | None) -> str:
    return AT_ONCE if kind in FIXED else chosen or _DEFAULTS.get((role, kind), NEVER)


@dataclass(frozen=True)
class Reader:
    """When somebody reads: from the hour ``opens`` to the hour ``closes`` (not included) in their ``zone``.

    Monday to Friday, unless ``weekends``. ``daily_hour`` is when a daily digest is made.
    """

    zone: str = "Europe/Paris"
    language: str = "fr"
    opens: int = 7
    closes: int = 20
    weekends: bool = False
    daily_hour: int = 8

    def is_reading(self, now: datetime) -> bool:
        """Whether a digest may reach them at ``now``."""
        local = now.astimezone(ZoneInfo(self.zone))
        return self.opens <= local.hour < self.closes and (self.weekends or local.weekday() < 5)

    def slot(self, how: str, now: datetime) -> datetime:
        """Return the last moment up to ``now`` at which a digest of this kind was made; ``now`` itself for at once."""
        if how == AT_ONCE:
            return now
        if how == HOURLY:
            local = now.astimezone(ZoneInfo(self.zone))
            return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        return next(made for made in self._daily(now) if made <= now)

    def _daily(self, now: datetime) -> Iterator[datetime]:
        today = now.astimezone(ZoneInfo(self.zone)).date()
        for day in (today - timedelta(days=back) for back in range(8)):
            if self.weekends or day.weekday() < 5:
                yield datetime.combine(day, time(self.daily_hour), ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True)
class Waiting:
    """An alert that somebody has not been told of."""

    id: int
    kind: str
    subject_key: str
    raised_at: datetime


def ripe(
    waiting: Iterable[Waiting], hows: Mapping[str, str], reader: Reader, told: Mapping[str, datetime], now: datetime
) -> list[Waiting]:
    """Return what goes into the mail that may be written now; the rest waits.

    ``told`` says when they were last told of each subject. A stuck dispatcher is told at any hour of the day to
    whoever wants it at once, an emergency to everybody.
    """
    return [one for one in waiting if _is_ripe(one, hows.get(one.kind, NEVER), reader, told, now)]


def _is_ripe(one: Waiting, how: str, reader: Reader, told: Mapping[str, datetime], now: datetime) -> bool:
    if how == NEVER or (one.subject_key in told and now - told[one.subject_key] < APART):
        return False
    if how == AT_ONCE:
        return one.kind in (STUCK, EMERGENCY) or reader.is_reading(now)
    return reader.is_reading(now) and one.raised_at < reader.slot(how, now)
