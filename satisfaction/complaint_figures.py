"""What the complaint register says about the service: how many complaints, and what became of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from estimation import Dispersion, poisson_rate, wilson, winsorised_dispersion
from satisfaction import findings as rules
from satisfaction.findings import Finding, Period
from satisfaction.indicators import COMPLAINTS, COMPLAINTS_FROM_SURVEYS, RATE, SHARE
from satisfaction.response_times import CaseTime, time_figures

NO_SITE = ""  # complaints whose site is not known yet count in the whole only
#: Weeks it takes to tell whether they differ by more than chance.
FEWEST_WEEKS = 8


@dataclass(frozen=True)
class Counted:
    """How many there were, and how many of them went well, or as the indicator says."""

    n: int
    hits: int

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.n + other.n, self.hits + other.hits)


@dataclass(frozen=True)
class Week:
    """Seven days of closed periods, or what is left of them: contacts made and complaints received, by site."""

    contacts: Mapping[str, int]
    complaints: Mapping[str, int]


@dataclass(frozen=True)
class Register:
    """The complaints of one principal, each count by the key of its site.

    ``weeks`` holds contacts and spontaneous complaints. ``from_surveys``: answers, and those that became complaints.
    ``shares``: the counts of each indicator that is a share of cases.
    """

    weeks: Sequence[Week] = ()
    from_surveys: Mapping[str, Counted] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, Counted]] = field(default_factory=dict)
    times: Sequence[CaseTime] = ()
    caveats: tuple[str, ...] = ()
    refusal: str | None = None

    @property
    def sites(self) -> frozenset[str]:
        """Where something happened."""
        counted = [week.contacts for week in self.weeks] + [week.complaints for week in self.weeks]
        keys = [*counted, self.from_surveys, *self.shares.values()]
        return frozenset({site for each in keys for site in each} | {each.site for each in self.times})


def complaint_figures(register: Register, sites: list[str], asked: Period, level: float = 0.95) -> list[Finding]:
    """The complaint figures of the whole, then those of each of ``sites``. Channels are not told apart."""
    found: list[Finding] = []
    for site in [None, *sites]:
        by = {} if site is None else {"site": site}
        found.append(_rate(Finding(COMPLAINTS, RATE, asked, by, level=level, method="garwood"), register, site))
        found.append(_born_of_surveys(register, site, asked, by, level))
        for code, counts in register.shares.items():
            found.append(_share(Finding(code, SHARE, asked, by, level=level, method="wilson"), _sum(counts, site)))
        times = [each for each in register.times if site in (None, each.site)]
        found += time_figures(times, asked, by, level)
    return found


def _of(counts: Mapping[str, int], site: str | None) -> int:
    return sum(counts.values()) if site is None else counts.get(site, 0)


def _sum(counts: Mapping[str, Counted], site: str | None) -> Counted:
    return sum((count for key, count in counts.items() if site in (None, key)), Counted(0, 0))


def _rate(blank: Finding, register: Register, site: str | None) -> Finding:
    if register.refusal:
        return replace(blank, flags=(register.refusal,))
    weeks = [(_of(week.complaints, site), _of(week.contacts, site)) for week in register.weeks]
    events, contacts = (sum(column) for column in zip(*weeks, strict=True)) if weeks else (0, 0)
    counted = replace(blank, n=events, events=events, exposure=contacts, population=contacts)
    if not contacts:
        return replace(counted, flags=(rules.NO_CONTACTS,))
    rate = poisson_rate(events, contacts, per=1000, confidence_level=blank.level)
    shown = replace(counted, value=rate.rate, lower=rate.lower, upper=rate.upper, flags=register.caveats)
    dispersion = week_dispersion(weeks)
    return _dispersed(shown, dispersion) if dispersion else shown


def week_dispersion(weeks: Sequence[tuple[int, int]]) -> Dispersion | None:
    """Whether complaints (first) in contacts (second) vary from week to week by more than chance; None if too few.

    A week whose contacts would be expected to bring under one complaint tells nothing by itself, so it counts with
    the next one.
    """
    events, contacts = (sum(column) for column in zip(*weeks, strict=True))
    rate = events / contacts
    joined, waiting = [], (0, 0)
    for complaints, made in weeks:
        waiting = (waiting[0] + complaints, waiting[1] + made)
        if waiting[1] * rate >= 1:
            joined.append(waiting)
            waiting = (0, 0)
    if len(joined) < FEWEST_WEEKS:
        return None
    return winsorised_dispersion([(seen - made * rate) / math.sqrt(made * rate) for seen, made in joined])


def _dispersed(finding: Finding, found: Dispersion) -> Finding:
    """The interval of a count supposes one rate all along; where it was not, a wider one stands beside it."""
    detail = {"dispersion": found.phi, "dispersion_threshold": found.threshold, "weeks": found.points}
    if not found.is_over or finding.value is None or finding.lower is None or finding.upper is None:
        return replace(finding, detail=detail)
    lower = max(finding.value - (finding.value - finding.lower) * found.widening, 0.0)
    upper = finding.value + (finding.upper - finding.value) * found.widening
    detail |= {"widened_lower": lower, "widened_upper": upper}
    return replace(finding, flags=(*finding.flags, rules.OVERDISPERSED), detail=detail)


def _born_of_surveys(
    register: Register, site: str | None, asked: Period, by: Mapping[str, str], level: float
) -> Finding:
    """Beside the rate and never added to it: it grows with the number of people asked."""
    blank = Finding(COMPLAINTS_FROM_SURVEYS, SHARE, asked, by, level=level, method="wilson")
    if register.refusal:
        return replace(blank, flags=(register.refusal,))
    shown = _share(blank, _sum(register.from_surveys, site), rules.NO_ANSWERS)
    return replace(shown, flags=(*shown.flags, *register.caveats)) if shown.value is not None else shown


def _share(blank: Finding, count: Counted, empty: str = rules.NOTHING_DUE) -> Finding:
    """However few they are, they are shown: they tell how we work, not what somebody answered."""
    if not count.n:
        return replace(blank, n=0, events=0, exposure=0, population=0, flags=(empty,))
    lower, upper = wilson(count.hits, count.n, blank.level)
    finding = replace(
        blank, value=count.hits / count.n, lower=lower, upper=upper, n=count.n, n_effective=float(count.n),
        events=count.hits, exposure=count.n, population=count.n,
    )  # fmt: skip
    return replace(finding, flags=(rules.UNRELIABLE,)) if rules.is_unreliable(finding) else finding
