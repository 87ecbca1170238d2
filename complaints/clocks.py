"""Which delays run on a complaint, from when, how long, and where each number comes from."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from foundation.timing.calendars import WorkingCalendar, due_date, end_of_day
from foundation.timing.strips import StripDay, strip

#: Of a case. A proposal has one of its own, ``qualification``.
KINDS = ("acknowledgement", "answer", "legal", "appeal_window", "late_appeal", "appeal_answer")
#: Those that bind us; the window binds the complainant.
OURS = ("acknowledgement", "answer", "legal", "late_appeal", "appeal_answer")


@dataclass(frozen=True)
class ClockRule:
    """One delay. ``starts`` names the moment: sent, received, decided, appealed, answered.

    ``source`` is printed beside the date, by language; ``checked_on`` is when someone last read it there.
    """

    kind: str
    bond: str  # legal, commitment, internal or window
    starts: str
    quantity: int
    unit: str
    source: dict[str, str]
    checked_on: date


@dataclass(frozen=True)
class Profile:
    """A set of delays. Never edited once used: a change is a new number, and running clocks keep theirs."""

    key: str
    number: int
    rules: dict[str, ClockRule]

    @property
    def name(self) -> str:
        """The key and the number, such as ``service@1``."""
        return f"{self.key}@{self.number}"


_CHECKED = date(2026, 11, 23)
_COMMITMENT = {"fr": "Engagement de service", "en": "Service commitment"}
_POLICY = {"fr": "Règle interne", "en": "Internal policy"}
_ACPR = "recommandation ACPR 2024-R-02"

SERVICE = Profile(
    "service",
    1,
    {
        rule.kind: rule
        for rule in (
            # From sending, the stricter of the two readings of the recommendation.
            ClockRule(
                "acknowledgement",
                "commitment",
                "sent",
                10,
                "ouvrables",
                {
                    "fr": f"Engagement de service, sur le modèle de la {_ACPR}",
                    "en": "Service commitment, modelled on ACPR recommendation 2024-R-02",
                },
                _CHECKED,
            ),
            ClockRule("answer", "commitment", "received", 10, "ouvres", _COMMITMENT, _CHECKED),
            # The whole file: never paused, and not begun again by an appeal.
            ClockRule(
                "legal",
                "legal",
                "sent",
                2,
                "months",
                {
                    "fr": f"Code de la consommation L612-1 et {_ACPR} : le médiateur peut être saisi après deux mois",
                    "en": "Code de la consommation L612-1 and ACPR recommendation 2024-R-02: "
                    "the mediator may be asked after two months",
                },
                _CHECKED,
            ),
            ClockRule("appeal_window", "window", "decided", 2, "months", _POLICY, _CHECKED),
            # To say whether it is examined in its case or in a linked one.
            ClockRule("late_appeal", "commitment", "appealed", 10, "ouvres", _COMMITMENT, _CHECKED),
            ClockRule("appeal_answer", "commitment", "appealed", 20, "ouvres", _COMMITMENT, _CHECKED),
            ClockRule("qualification", "internal", "answered", 2, "ouvrables", _POLICY, _CHECKED),
        )
    },
)
PROFILES = {profile.name: profile for profile in (SERVICE,)}


@dataclass(frozen=True)
class Place:
    """Whose days are counted: the zone and the holidays of the site that handles the case."""

    zone: str
    calendar: WorkingCalendar


@dataclass(frozen=True)
class Promise:
    """A delay that has started, with all it takes to count it again."""

    kind: str
    profile: str
    started_on: date
    quantity: int
    unit: str
    region: str
    calendar_version: str
    due_on: date
    due_at: datetime

    def facts(self) -> dict[str, Any]:
        """Return it as plain values, for an event."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}


def promise(profile: Profile, kind: str, started_on: date, place: Place) -> Promise:
    """Return the delay ``kind`` that starts on ``started_on``, a day that is not counted itself.

    Raises CalendarExhausted if the holiday list ends before the delay does.
    """
    rule = profile.rules[kind]
    due_on = due_date(started_on, rule.quantity, rule.unit, place.calendar)
    return Promise(
        kind=kind,
        profile=profile.name,
        started_on=started_on,
        quantity=rule.quantity,
        unit=rule.unit,
        region=place.calendar.region,
        calendar_version=place.calendar.version,
        due_on=due_on,
        due_at=end_of_day(due_on, ZoneInfo(place.zone)),
    )


def read_promise(facts: dict[str, Any]) -> Promise:
    """Return the delay an event holds as plain values."""
    days = {name: date.fromisoformat(facts[name]) for name in ("started_on", "due_on")}
    return Promise(**{**facts, **days, "due_at": datetime.fromisoformat(facts["due_at"])})


def rule_of(profile: str, kind: str) -> ClockRule:
    """Return the rule a running delay was started by."""
    return PROFILES[profile].rules[kind]


def explanation(started_on: date, quantity: int, unit: str, calendar: WorkingCalendar) -> list[StripDay]:
    """Return the delay day by day: each counted, or why not."""
    return strip(started_on, quantity, unit, calendar)


def standing(due_at: datetime, met_at: datetime | None, void_at: datetime | None, now: datetime) -> str:
    """Return ``running``, ``overdue``, ``met``, ``met-late``, ``void`` or ``missed``."""
    if met_at is not None:
        return "met" if met_at < due_at else "met-late"
    if void_at is not None:
        return "void" if void_at < due_at else "missed"
    return "running" if now < due_at else "overdue"
