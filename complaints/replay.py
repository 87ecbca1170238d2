"""A case rebuilt from its events. Whatever else is stored of its state is a copy of this."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from complaints import lifecycle
from complaints.clocks import OURS, Promise, read_promise
from complaints.errors import UnknownEvents


@dataclass(frozen=True)
class Event:
    """One event of a case, as plain values."""

    number: int
    kind: str
    party: str
    actor_id: int | None
    at: datetime
    facts: dict[str, Any]


@dataclass
class StageState:
    """A level: 1 the complaint, 2 the appeal."""

    level: int
    opened_at: datetime
    late: bool = False
    handler_id: int | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    outcome: str | None = None


@dataclass
class ClockState:
    """A delay and whether it was kept."""

    promise: Promise
    level: int
    start_event: int
    met_at: datetime | None = None
    void_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is neither met nor void."""
        return self.met_at is None and self.void_at is None


@dataclass
class CaseState:
    """Everything about a case that follows from its events."""

    state: str = ""
    version: int = 0
    category: str | None = None
    site_id: int | None = None
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None
    stages: list[StageState] = field(default_factory=list)
    clocks: dict[str, ClockState] = field(default_factory=dict)
    first_people: frozenset[int] = frozenset()

    @property
    def stage(self) -> StageState:
        """The level reached last."""
        return self.stages[-1]

    @property
    def next_due(self) -> ClockState | None:
        """The running delay of ours that ends first; of two on one day, the one started first."""
        running = [clock for kind, clock in self.clocks.items() if kind in OURS and clock.is_running]
        return min(running, key=lambda clock: (clock.promise.due_at, clock.start_event), default=None)

    def situation(self, now: datetime) -> lifecycle.Situation:
        """Return what decides which acts are possible at ``now``."""
        window = self.clocks.get("appeal_window")
        return lifecycle.Situation(
            state=self.state,
            now=now,
            handler_id=self.stage.handler_id,
            first_people=self.first_people,
            acknowledged=self.acknowledged_at is not None,
            appealed=not self.clocks.keys().isdisjoint({"appeal_answer", "late_appeal"}),
            placed=self.site_id is not None,
            window_until=window.promise.due_at if window else None,
        )


def replay(events: Iterable[Event]) -> CaseState:
    """Return the case after ``events``, given in order. Raises UnknownEvents for a history that cannot be."""
    case = CaseState()
    for event in events:
        apply(case, event)
    return case


def apply(case: CaseState, event: Event) -> None:
    """Let ``event`` happen to ``case``."""
    following = lifecycle.next_state(case.state, event.kind) if case.state else _first_state(event)
    if following is None or event.number != case.version + 1:
        raise UnknownEvents(f"{event.kind} as number {event.number} after {case.state or 'nothing'}")
    if event.kind in EFFECTS:
        EFFECTS[event.kind](case, event)
    case.state, case.version = following, event.number
    for facts in event.facts.get("clocks", ()):
        begun = read_promise(facts)
        case.clocks[begun.kind] = ClockState(begun, case.stage.level, event.number)
    case.ended_at = (case.ended_at or event.at) if following in lifecycle.ENDED_STATES else None


def _first_state(event: Event) -> str | None:
    return lifecycle.RECEIVED if event.kind == "register" else None


def _register(case: CaseState, event: Event) -> None:
    case.stages.append(StageState(1, event.at))
    case.category = event.facts.get("category")
    case.site_id = event.facts.get("site_id")


def _assign(case: CaseState, event: Event) -> None:
    case.stage.handler_id = event.facts["handler_id"]
    if case.stage.level == 1:
        case.first_people |= {event.facts["handler_id"]}


def _place(case: CaseState, event: Event) -> None:
    case.site_id = event.facts["site_id"]


def _acknowledge(case: CaseState, event: Event) -> None:
    case.acknowledged_at = event.at
    if event.actor_id is not None:
        case.first_people |= {event.actor_id}
    _meet(case, event.at, "acknowledgement")


def _classify(case: CaseState, event: Event) -> None:
    case.category = event.facts["category"]


def _decide(case: CaseState, event: Event) -> None:
    stage = case.stage
    stage.decided_by, stage.decided_at, stage.outcome = event.actor_id, event.at, event.facts["outcome"]
    if stage.level == 1 and event.actor_id is not None:
        case.first_people |= {event.actor_id}
    # An answer on the merits sent first is an acknowledgement too.
    _meet(case, event.at, "acknowledgement", "answer", "legal", "appeal_answer")


def _open_appeal(case: CaseState, event: Event) -> None:
    case.stages.append(StageState(2, event.at, late=event.kind == "accept_late_appeal"))
    legal = case.clocks.get("legal")
    if legal and legal.met_at and event.at < legal.promise.due_at:
        # The file is answered when its last internal decision is notified; its date stays as it was.
        legal.met_at = None
    _meet(case, event.at, "appeal_window", "late_appeal")


def _refer(case: CaseState, event: Event) -> None:
    _meet(case, event.at, "late_appeal")


def _withdraw(case: CaseState, event: Event) -> None:
    for clock in case.clocks.values():
        if clock.is_running:
            clock.void_at = event.at


def _meet(case: CaseState, at: datetime, *kinds: str) -> None:
    for kind in kinds:
        clock = case.clocks.get(kind)
        if clock and clock.is_running:
            clock.met_at = at


EFFECTS = {
    "register": _register,
    "assign": _assign,
    "assign_appeal": _assign,
    "entrust": _assign,
    "place": _place,
    "acknowledge": _acknowledge,
    "classify": _classify,
    "decide": _decide,
    "decide_appeal": _decide,
    "file_appeal": _open_appeal,
    "accept_late_appeal": _open_appeal,
    "refer_late_appeal": _refer,
    "withdraw": _withdraw,
}
