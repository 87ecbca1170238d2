"""What the complaint register says about the service: how many complaints, and answered in time or not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from estimation import poisson_rate, wilson
from satisfaction import findings as rules
from satisfaction.findings import Finding, Period
from satisfaction.indicators import COMPLAINTS, COMPLAINTS_FROM_SURVEYS, IN_TIME, RATE, SHARE

NO_SITE = ""  # complaints whose site is not known yet count in the whole only


@dataclass(frozen=True)
class DueCount:
    """Complaints whose answer fell due, and how many of them had it by then."""

    due: int
    in_time: int


@dataclass(frozen=True)
class Register:
    """The complaints of one principal, each count by the key of its site.

    ``spontaneous`` and ``from_surveys`` were received, and ``contacts`` made, on the days of closed periods.
    """

    contacts: Mapping[str, int]
    spontaneous: Mapping[str, int]
    from_surveys: Mapping[str, int]
    due: Mapping[str, DueCount]
    caveats: tuple[str, ...] = ()
    refusal: str | None = None


def complaint_figures(register: Register, sites: list[str], asked: Period, level: float = 0.95) -> list[Finding]:
    """The complaint figures of the whole, then those of each of ``sites``. Channels are not told apart."""
    found: list[Finding] = []
    for site in [None, *sites]:
        by = {} if site is None else {"site": site}
        for code, counts in ((COMPLAINTS, register.spontaneous), (COMPLAINTS_FROM_SURVEYS, register.from_surveys)):
            blank = Finding(code, RATE, asked, by, level=level, method="garwood")
            found.append(_rate(blank, register, _of(counts, site), _of(register.contacts, site)))
        blank = Finding(IN_TIME, SHARE, asked, by, level=level, method="wilson")
        found.append(_in_time(blank, _due(register.due, site)))
    return found


def _of(counts: Mapping[str, int], site: str | None) -> int:
    return sum(counts.values()) if site is None else counts.get(site, 0)


def _due(counts: Mapping[str, DueCount], site: str | None) -> DueCount:
    chosen = [count for key, count in counts.items() if site in (None, key)]
    return DueCount(sum(count.due for count in chosen), sum(count.in_time for count in chosen))


def _rate(blank: Finding, register: Register, events: int, contacts: int) -> Finding:
    if register.refusal:
        return replace(blank, flags=(register.refusal,))
    counted = replace(blank, n=events, events=events, exposure=contacts, population=contacts)
    if not contacts:
        return replace(counted, flags=(rules.NO_CONTACTS,))
    rate = poisson_rate(events, contacts, per=1000, confidence_level=blank.level)
    return replace(counted, value=rate.rate, lower=rate.lower, upper=rate.upper, flags=register.caveats)


def _in_time(blank: Finding, count: DueCount) -> Finding:
    """However few they are, they are shown: they tell how we work, not what somebody answered."""
    if not count.due:
        return replace(blank, n=0, events=0, exposure=0, population=0, flags=(rules.NOTHING_DUE,))
    lower, upper = wilson(count.in_time, count.due, blank.level)
    finding = replace(
        blank, value=count.in_time / count.due, lower=lower, upper=upper, n=count.due, n_effective=float(count.due),
        events=count.in_time, exposure=count.due, population=count.due,
    )  # fmt: skip
    return replace(finding, flags=(rules.UNRELIABLE,)) if rules.is_unreliable(finding) else finding
