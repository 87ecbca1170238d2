"""Whether anybody chose whom we ask, or answered for them: what the counts of a draw would be asked about.

Everything is compared among equals (see ``estimation.peers``): contacts of one stratum, site and channel have equal
chances, whoever handled them. What stands out is a question to a person, never a finding about one: a new agent, a
line of its own or a fault of the telephone system explain most of them.

Nothing is tracked for this. There is no trace of a device and no address of a computer; what is used is the contact
log, the invitations and their times. Of an anonymous draw nothing is used that came after "sent".
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from estimation.peers import Lot, PeerCheck, all_of_one, at_once, compared

#: Chance of one false question or more on a page where all are equal.
LEVEL = 0.05
#: Numbers that the log does not give as they should be.
MISSING = frozenset({"absent", "hidden"})
ALTERED = frozenset({"unreadable", "invalid", "of_service"})
UNKNOWN = "unknown"
#: Complete within this time of sending: few do, so it is compared.
QUICK = timedelta(seconds=60)
#: Nobody reads and answers in that time: asked about wherever it happens.
TOO_QUICK = timedelta(seconds=10)
FEWEST_TOGETHER = 3


class Unit(NamedTuple):
    """One contact of the population. ``customer`` numbers a person; ``completed_at`` None where that is not told."""

    contact: str
    stratum: Hashable
    site: str
    channel: str
    agent: str
    customer: int | None
    day: date
    phone_state: str
    eligible: bool
    drawn: bool
    sent_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None


def _phone_known(unit: Unit) -> bool:
    return unit.phone_state != UNKNOWN


def _phone_wrong(unit: Unit) -> bool:
    return unit.phone_state in MISSING | ALTERED


def _answered(unit: Unit) -> bool:
    return unit.completed_at is not None and unit.sent_at is not None


def _quick(unit: Unit) -> bool:
    return unit.completed_at is not None and unit.sent_at is not None and unit.completed_at - unit.sent_at <= QUICK


#: Measure → (of which contacts, which of them).
MEASURES = {
    "askable": (lambda unit: True, lambda unit: unit.eligible),
    "invited": (lambda unit: unit.eligible, lambda unit: unit.drawn),
    "sent": (lambda unit: unit.drawn, lambda unit: unit.sent_at is not None),
    "delivered": (lambda unit: unit.sent_at is not None, lambda unit: unit.delivered_at is not None),
    "phones": (_phone_known, _phone_wrong),
    "quick": (_answered, _quick),
}
#: Only what lies above its limits is asked about: a low share is what one wishes.
ONLY_HIGH = frozenset({"phones", "quick"})
#: Measures that need to know what people did, or that messages went out.
AFTER_SENT, BY_MESSAGE = ("delivered", "quick"), ("sent", "delivered", "quick")


class Chart(NamedTuple):
    """One measure of all agents, or of all sites, by name."""

    measure: str
    subjects: str
    points: Mapping[str, PeerCheck]


@dataclass(frozen=True)
class Question:
    """Something to ask a person about: ``part`` of ``whole``, where ``expected`` would be usual.

    ``adjusted``: the p-value times the number of comparisons, at most 1; None where a fixed rule asks and no lot.
    """

    kind: str
    subject: str
    part: int
    whole: int
    expected: float | None = None
    adjusted: float | None = None
    #: What goes with it: the site of an agent, the day, the first contact.
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names the question within its draw, as long as its numbers stand."""
        return ":".join((self.kind, self.subject, *map(str, self.facts.values())))[:200]


@dataclass(frozen=True)
class Integrity:
    """The charts and questions of one draw. ``tests``: comparisons made. ``without_agent``: contacts of no agent."""

    charts: tuple[Chart, ...]
    questions: tuple[Question, ...]
    tests: int
    contacts: int
    without_agent: int
    answered: int


class _Test(NamedTuple):
    question: Question
    p_value: float


def integrity(units: Iterable[Unit], uses_addresses: bool, tells_answers: bool) -> Integrity:
    """What the population of a draw would be asked about. Strata are without agent and site (see ``Unit``)."""
    known = list(units)
    measures = [
        name
        for name in MEASURES
        if (uses_addresses or name not in BY_MESSAGE) and (tells_answers or name not in AFTER_SENT)
    ]
    tables = {(name, subjects): _table(known, name, subjects) for subjects in ("agent", "site") for name in measures}
    days = _days(known) if uses_addresses else {}
    singles = _same_number(known) + (_bursts(known) if tells_answers else [])
    tests = sum(len(table) for table in tables.values()) + len(days) + len(singles)
    charts = tuple(
        Chart(name, subjects, dict(sorted(compared(table, max(tests, 1), LEVEL).items())))
        for (name, subjects), table in tables.items()
        if table
    )
    asked = [question for chart in charts for question in _of_chart(chart, tests)]
    asked += _silent_days(days, tests)
    asked += [replace(question, adjusted=min(1.0, p * tests)) for question, p in singles if p * tests < LEVEL]
    asked += _too_quick(known) if tells_answers else []
    without = sum(not unit.agent for unit in known)
    answered = sum(map(_answered, known)) if tells_answers else 0
    return Integrity(charts, tuple(sorted(asked, key=lambda one: one.key)), tests, len(known), without, answered)


def _table(units: Sequence[Unit], measure: str, subjects: str) -> dict[str, list[Lot]]:
    """Subject → its lots; a class is what they have in common with those they are compared with."""
    among, which = MEASURES[measure]
    counts: dict[str, dict[Hashable, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for unit in units:
        subject = unit.agent if subjects == "agent" else unit.site
        if subject and among(unit):
            label = (unit.stratum, unit.channel, unit.site if subjects == "agent" else "")
            pair = counts[subject][label]
            pair[0] += 1
            pair[1] += which(unit)
    return {subject: [Lot(label, *pair) for label, pair in lots.items()] for subject, lots in counts.items()}


def _of_chart(chart: Chart, tests: int) -> Iterable[Question]:
    for subject, point in chart.points.items():
        is_high = point.share > point.expected
        if point.stands_out and (is_high or chart.measure not in ONLY_HIGH):
            kind = f"{chart.measure}-{chart.subjects}"
            facts = {"side": "high" if is_high else "low"}
            adjusted = min(1.0, point.p_value * tests)
            yield Question(kind, subject, point.successes, point.trials, point.expected, adjusted, facts)


def _days(units: Sequence[Unit]) -> dict[tuple[str, date], list[Lot]]:
    """(site, day) → of the contacts that could be asked, those who were sent something."""
    counts: dict[tuple[str, date], dict[Hashable, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for unit in units:
        if unit.eligible:
            pair = counts[unit.site, unit.day][unit.stratum, unit.channel, unit.site]
            pair[0] += 1
            pair[1] += unit.sent_at is not None
    return {place: [Lot(label, *pair) for label, pair in lots.items()] for place, lots in counts.items()}


def _silent_days(days: Mapping[tuple[str, date], Sequence[Lot]], tests: int) -> Iterable[Question]:
    for (site, day), check in compared(days, max(tests, 1), LEVEL).items():
        if check.stands_out and not check.successes:
            facts = {"day": day.isoformat()}
            adjusted = min(1.0, check.p_value * tests)
            yield Question("silent-day", site, 0, check.trials, check.expected, adjusted, facts)


def _same_number(units: Sequence[Unit]) -> list[_Test]:
    """Customers most of whose contacts are with one agent, though others take part of them at that site."""
    shares = Counter((unit.site, unit.agent) for unit in units)
    sites = Counter(unit.site for unit in units)
    agents = Counter(site for site, _agent in shares)
    contacts: dict[tuple[int, str], list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.customer is not None and unit.agent:
            contacts[unit.customer, unit.site].append(unit)
    found = []
    for (_customer, site), theirs in contacts.items():
        if len(theirs) < FEWEST_TOGETHER:
            continue
        agent, count = Counter(unit.agent for unit in theirs).most_common(1)[0]
        share = shares[site, agent] / sites[site]
        first = min(unit.contact for unit in theirs)
        facts = {"site": site, "contact": first}
        # Whichever of the agents it is: as many comparisons as there are agents at the site.
        p = min(1.0, all_of_one(len(theirs), count, share) * agents[site])
        found.append(_Test(Question("same-number", agent, count, len(theirs), share, None, facts), p))
    return found


def _bursts(units: Sequence[Unit]) -> list[_Test]:
    """Minutes in which one site, or one agent of a site, has more of the answers than its share of the day's."""
    done = [unit for unit in units if unit.completed_at]
    by_site = _burst(done, "site", lambda unit: ("", unit.site))
    return by_site + _burst(done, "agent", lambda unit: (unit.site, unit.agent))


def _burst(done: Sequence[Unit], kind: str, placed: Callable[[Unit], tuple[str, str]]) -> list[_Test]:
    days: Counter[Hashable] = Counter()
    minutes: Counter[Hashable] = Counter()
    own_days: Counter[tuple[str, str, date]] = Counter()
    own_minutes: Counter[tuple[str, str, datetime]] = Counter()
    for unit in done:
        group, name = placed(unit)
        minute = unit.completed_at.replace(second=0, microsecond=0)  # type: ignore[union-attr]
        days[group, minute.date()] += 1
        minutes[group, minute] += 1
        if name:
            own_days[group, name, minute.date()] += 1
            own_minutes[group, name, minute] += 1
    found = []
    for (group, name, minute), count in own_minutes.items():
        if count >= FEWEST_TOGETHER:
            everybody, own = days[group, minute.date()], own_days[group, name, minute.date()]
            p = at_once(everybody, own, minutes[group, minute], count)
            facts = {"minute": minute.isoformat()} | ({"site": group} if group else {})
            expected = own / everybody
            found.append(
                _Test(Question(f"burst-{kind}", name, count, minutes[group, minute], expected, None, facts), p)
            )
    return found


def _too_quick(units: Sequence[Unit]) -> list[Question]:
    """Sites with answers complete before anybody could have read the message."""
    answered, quick = Counter[str](), Counter[str]()
    for unit in units:
        if unit.completed_at is not None and unit.sent_at is not None:
            answered[unit.site] += 1
            quick[unit.site] += unit.completed_at - unit.sent_at <= TOO_QUICK
    return [Question("too-quick", site, count, answered[site]) for site, count in quick.items() if count]
