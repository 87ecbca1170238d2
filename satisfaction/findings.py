"""Finding: the only thing a page or an export shows, and the rules that decide whether it may be shown.

The codes in ``flags`` are a public contract: docs/report.md lists them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

UNRELIABLE_BELOW = 30  # answers, and effective answers
FEW_DEGREES = 8
WIDE = 0.30
RELATIVELY_WIDE = (0.05, 1.30)  # wider than the first, and than so many times the share itself
LOW_RESPONSE = 0.05

SUPPRESSED = "suppressed"
NO_ANSWERS = "no-answers"
UNRELIABLE = "unreliable"
EMPTY_STRATUM = "empty-stratum"
LONELY_STRATUM = "lonely-stratum"
ALL_EQUAL = "all-equal"
SEED_LATE = "seed-late"
LOW_RESPONSE_RATE = "low-response-rate"
SERIES_BREAK = "series-break"
PERIOD_INCOMPLETE = "period-incomplete"
NO_CLOSED_PERIOD = "no-closed-period"
NOTHING_DUE = "nothing-due"
NO_CONTACTS = "no-contacts"
NO_COMPLAINT = "no-complaint"
NO_KNOWN_CUSTOMER = "no-known-customer"
NOT_REACHED = "not-reached"
NO_UPPER_END = "no-upper-end"
TOO_EARLY = "too-early"
NO_SPREAD = "no-spread"
OVERDISPERSED = "overdispersed"
ONE_PER_CUSTOMER = "one-per-customer"
WEB_ONLY = "web-only"
ANSWERS_WAITING = "answers-waiting"
STRATA_TOGETHER = "strata-together"
PLACE_IN_PART = "place-in-part"
CLASSES_JOINED = "classes-joined"
CLASSES_SHORT = "classes-short"
TOTALS_LEFT_OUT = "totals-left-out"
POPULATIONS_MIXED = "populations-mixed"
EVERYONE_ASKED = "everyone-asked"
SCORE_UNKNOWN = "score-unknown"


@dataclass(frozen=True)
class Period:
    """The first and the last day, both inclusive, in the zone of the principal."""

    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    def as_json(self) -> dict[str, str]:
        return {"from": self.first_day.isoformat(), "to": self.last_day.isoformat()}


@dataclass(frozen=True)
class Covered:
    """The figure of the strata that can be estimated, when the others forbid the whole; ``share`` of the population."""

    share: float
    value: float
    lower: float | None
    upper: float | None
    n: int

    def as_json(self) -> dict[str, float | int | None]:
        return {
            "share": self.share,
            "estimate": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "n": self.n,
        }


@dataclass(frozen=True)
class CoverageLoss:
    """What the figure would be over the contacts that could not be asked too, had they said the worst, or the best.

    ``share``: theirs of all that would be asked.
    """

    share: float
    lower: float
    upper: float

    def as_json(self) -> dict[str, float]:
        return {"share": self.share, "lower": self.lower, "upper": self.upper}


@dataclass(frozen=True)
class Finding:
    """A value with everything needed to judge it. ``value`` is None when ``flags`` say that it may not be shown.

    ``unit``: share (0 to 1), mean (on the scale of the question), nps (−100 to 100), per_1000_contacts,
    days, share_difference (−1 to 1).
    ``level``: confidence level of lower and upper. ``detail``: the numbers between the answers and the value.
    """

    indicator: str
    unit: str
    period: Period
    by: Mapping[str, str] = field(default_factory=dict)
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    n: int | None = None
    n_effective: float | None = None
    population: int | None = None
    method: str = ""
    weighting: str = "none"
    flags: tuple[str, ...] = ()
    question: str | None = None
    series: str | None = None
    series_number: int | None = None
    events: int | None = None
    exposure: int | None = None
    covered: Covered | None = None
    population_name: str | None = None
    coverage_loss: CoverageLoss | None = None
    #: Strata that count as one, and what each step of weighting did; in the report's shape.
    #: What those who did not answer could do: {share, lower, upper}.
    silence: Mapping[str, float] | None = None
    joined: Sequence[Mapping[str, Any]] = ()
    steps: Sequence[Mapping[str, Any]] = ()
    detail: Mapping[str, float | int | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The figure in the report's shape (docs/report.md)."""
        return {
            "by": dict(self.by),
            "indicator": self.indicator,
            "question": self.question,
            "unit": self.unit,
            "estimate": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "confidence_level": self.level,
            "n": self.n,
            "n_effective": self.n_effective,
            "events": self.events,
            "exposure": self.exposure,
            "population": self.population,
            "population_name": self.population_name,
            "coverage_loss": self.coverage_loss.as_json() if self.coverage_loss else None,
            "silence": dict(self.silence) if self.silence else None,
            "joined_strata": list(self.joined),
            "weighting_steps": list(self.steps),
            "series": self.series,
            "series_number": self.series_number,
            "method": self.method,
            "weighting": self.weighting,
            "flags": list(self.flags),
            "covered": self.covered.as_json() if self.covered else None,
            "detail": dict(self.detail),
        }


def is_unreliable(finding: Finding, degrees: int | None = None) -> bool:
    """Whether a published figure needs the unreliable mark (thresholds of NCHS, Parker et al. 2017)."""
    if finding.value is None or finding.n is None:
        return False
    few = finding.n < UNRELIABLE_BELOW or (finding.n_effective is not None and finding.n_effective < UNRELIABLE_BELOW)
    return few or (degrees is not None and degrees < FEW_DEGREES) or (finding.unit == "share" and _is_wide(finding))


def _is_wide(finding: Finding) -> bool:
    if finding.value is None or finding.lower is None or finding.upper is None:
        return False
    width = finding.upper - finding.lower
    least, times = RELATIVELY_WIDE
    return width >= WIDE or (width > least and width > times * finding.value)
