"""What may happen to a case, in which state, by whom: one table for services and pages alike.

``by`` holds permissions of staff, or ``customer`` and ``system``. A rule without target leaves the state as it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

RECEIVED = "received"
IN_PROGRESS = "in_progress"
ANSWERED = "answered"
LATE_APPEAL = "late_appeal"
APPEALED = "appealed"
APPEAL_IN_PROGRESS = "appeal_in_progress"
APPEAL_ANSWERED = "appeal_answered"
CLOSED = "closed"
WITHDRAWN = "withdrawn"

OPEN_STATES = (RECEIVED, IN_PROGRESS, ANSWERED, LATE_APPEAL, APPEALED, APPEAL_IN_PROGRESS, APPEAL_ANSWERED)
ENDED_STATES = (CLOSED, WITHDRAWN)
STATES = (*OPEN_STATES, *ENDED_STATES)

CUSTOMER, SYSTEM = "customer", "system"
REGISTER = "complaints.register"
HANDLE = "complaints.handle"
APPEAL = "complaints.appeal"
MANAGE = "complaints.manage"

#: ``not-now`` and ``not-yours`` come from the table, the others from its guards.
REASONS = (
    "not-now",
    "not-yours",
    "already-acknowledged",
    "already-in-hand",
    "not-in-charge",
    "first-handler",
    "window-over",
    "window-open",
    "already-appealed",
    "already-placed",
)


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    event: str
    sources: tuple[str, ...]
    target: str | None
    by: tuple[str, ...]
    guards: tuple[str, ...] = ()


RULES = (
    Rule("assign", (RECEIVED, IN_PROGRESS), IN_PROGRESS, (HANDLE,), ("not-in-hand",)),
    Rule("entrust", (RECEIVED, IN_PROGRESS), IN_PROGRESS, (MANAGE,)),
    Rule("entrust", (APPEALED, APPEAL_IN_PROGRESS), APPEAL_IN_PROGRESS, (MANAGE,)),
    Rule("place", OPEN_STATES, None, (HANDLE, MANAGE), ("unplaced",)),
    Rule("acknowledge", (RECEIVED, IN_PROGRESS), None, (HANDLE,), ("unacknowledged",)),
    Rule("classify", OPEN_STATES, None, (HANDLE, APPEAL, MANAGE)),
    Rule("decide", (IN_PROGRESS,), ANSWERED, (HANDLE,), ("in-charge",)),
    Rule("file_appeal", (ANSWERED,), APPEALED, (CUSTOMER, REGISTER), ("window-open", "never-appealed")),
    Rule("file_late_appeal", (ANSWERED, CLOSED), LATE_APPEAL, (CUSTOMER, REGISTER), ("window-over", "never-appealed")),
    Rule("accept_late_appeal", (LATE_APPEAL,), APPEALED, (MANAGE,)),
    Rule("refer_late_appeal", (LATE_APPEAL,), CLOSED, (MANAGE,)),
    Rule(
        "assign_appeal",
        (APPEALED, APPEAL_IN_PROGRESS),
        APPEAL_IN_PROGRESS,
        (APPEAL,),
        ("another-person", "not-in-hand"),
    ),
    Rule("decide_appeal", (APPEAL_IN_PROGRESS,), APPEAL_ANSWERED, (APPEAL,), ("another-person", "in-charge")),
    Rule("close", (ANSWERED,), CLOSED, (HANDLE, MANAGE, SYSTEM), ("window-over",)),
    Rule("close", (APPEAL_ANSWERED,), CLOSED, (HANDLE, APPEAL, MANAGE)),
    Rule(
        "withdraw",
        (RECEIVED, IN_PROGRESS, LATE_APPEAL, APPEALED, APPEAL_IN_PROGRESS),
        WITHDRAWN,
        (CUSTOMER, HANDLE, MANAGE),
    ),
    Rule("send_message", OPEN_STATES, None, (HANDLE, APPEAL, MANAGE)),
    Rule("receive_message", OPEN_STATES, None, (CUSTOMER, REGISTER)),
    Rule("note", STATES, None, (HANDLE, APPEAL, MANAGE)),
)
#: Every event starts with the one that makes the case.
EVENTS = ("register", *dict.fromkeys(rule.event for rule in RULES))
TABLE = {(source, rule.event): rule for rule in RULES for source in rule.sources}

#: What moves a case on, in the order in which it is looked for.
NEXT_ACTS = {
    RECEIVED: ("assign",),
    IN_PROGRESS: ("acknowledge", "decide"),
    ANSWERED: ("close",),
    LATE_APPEAL: ("accept_late_appeal",),
    APPEALED: ("assign_appeal",),
    APPEAL_IN_PROGRESS: ("decide_appeal",),
    APPEAL_ANSWERED: ("close",),
}


@dataclass(frozen=True)
class Actor:
    """Who acts: ``party`` is ``customer``, ``staff`` or ``system``; only staff have an id and permissions."""

    party: str
    id: int | None = None
    permissions: frozenset[str] = frozenset()

    def belongs_to(self, by: Iterable[str]) -> bool:
        """Whether this actor is among those a rule names."""
        return self.party in by or not self.permissions.isdisjoint(by)


CUSTOMER_ACTOR = Actor(CUSTOMER)
SYSTEM_ACTOR = Actor(SYSTEM)


@dataclass(frozen=True)
class Situation:
    """All that decides which acts are possible."""

    state: str
    now: datetime
    handler_id: int | None = None
    #: Everyone who acknowledged the complaint, had it in hand or decided it at the first level.
    first_people: frozenset[int] = frozenset()
    acknowledged: bool = False
    #: In time or late.
    appealed: bool = False
    #: Whether the site that handles it is known.
    placed: bool = False
    #: End of the complainant's window to appeal; None before a decision.
    window_until: datetime | None = None

    @property
    def window_is_open(self) -> bool:
        """Whether an appeal made now is in time."""
        return self.window_until is not None and self.now < self.window_until


Guard = Callable[[Situation, Actor], bool]
#: The guard, and the reason given where it does not hold.
GUARDS: dict[str, tuple[Guard, str]] = {
    "unacknowledged": (lambda case, _: not case.acknowledged, "already-acknowledged"),
    "in-charge": (lambda case, actor: actor.id is not None and actor.id == case.handler_id, "not-in-charge"),
    "not-in-hand": (lambda case, actor: actor.id != case.handler_id, "already-in-hand"),
    "another-person": (lambda case, actor: actor.id not in case.first_people, "first-handler"),
    "window-open": (lambda case, _: case.window_is_open, "window-over"),
    "window-over": (lambda case, _: not case.window_is_open, "window-open"),
    "never-appealed": (lambda case, _: not case.appealed, "already-appealed"),
    "unplaced": (lambda case, _: not case.placed, "already-placed"),
}


@dataclass(frozen=True)
class Verdict:
    """Whether an act is possible; if not, why, and which permissions could."""

    event: str
    reason: str | None
    by: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Whether the act is possible."""
        return self.reason is None


def next_state(state: str, event: str) -> str | None:
    """Return the state after ``event``, or None where the table has no such line."""
    rule = TABLE.get((state, event))
    return (rule.target or state) if rule else None


def verdict(event: str, case: Situation, actor: Actor) -> Verdict:
    """Return whether ``actor`` may do ``event`` in this situation."""
    rule = TABLE.get((case.state, event))
    if rule is None:
        return Verdict(event, "not-now", _anyone(event))
    if not actor.belongs_to(rule.by):
        return Verdict(event, "not-yours", rule.by)
    failed = (GUARDS[name][1] for name in rule.guards if not GUARDS[name][0](case, actor))
    return Verdict(event, next(failed, None), rule.by)


def verdicts(events: Iterable[str], case: Situation, actor: Actor) -> list[Verdict]:
    """Return the verdict on each of ``events``."""
    return [verdict(event, case, actor) for event in events]


def next_act(case: Situation, actor: Actor) -> Verdict | None:
    """Return the act that moves the case on, possible for ``actor`` or not; None where none is left.

    An act already done (acknowledged) gives way to the one after it.
    """
    found = verdicts(NEXT_ACTS.get(case.state, ()), case, actor)
    left = [act for act in found if act.reason != "already-acknowledged"]
    return left[0] if left else None


def _anyone(event: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(party for rule in RULES if rule.event == event for party in rule.by))
