"""What one version of a programme says: whom to ask with which questionnaire, how, when, and under which promise."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Protocol

from surveys.eligibility import Rules
from surveys.questionnaires import canonical_json

COLLECTIONS = ("sms", "web", "file")
PROMISES = ("anonymous", "confidential", "followed_up")
METHODS = ("everyone", "proportional", "equal", "fixed", "neyman", "precision")
DRAW_KINDS = ("batch", "continuous")
#: Which population the figures of a draw of each kind speak of.
POPULATION_NAMES = {"batch": "eligible_after_suppression", "continuous": "contactable"}
#: More would be pestering, whatever the gap.
MOST_REMINDERS = 3
USUAL_GAP_HOURS = 72


@dataclass(frozen=True)
class Terms:
    """Everything a version of a programme says. Fixed with it: a figure says under which terms it came about."""

    version_id: int
    """The published version of a questionnaire that is asked."""
    collection: str
    promise: str = "followed_up"
    low_score: int | None = 2
    """Answers at or below it, on the questions' own scale of satisfaction, get the follow-up question; None: never."""
    rules: Rules = field(default_factory=Rules)
    strata: Sequence[str] = ("site", "channel")
    """Contact fields whose combinations are the strata: site, channel, reason, …, facts.<key>."""
    method: str = "proportional"
    sample_size: int | None = None
    minimum: int = 2
    fixed_sizes: Mapping[str, int] = field(default_factory=dict)
    """For method fixed: {stratum: units}."""
    validity_days: int = 7
    send_delay_hours: int = 0
    """No message goes out earlier than so long after the beginning of the contact it is about."""
    reminders: int = 0
    reminder_gap_hours: int = USUAL_GAP_HOURS
    """At least so long between the invitation and the first reminder, and between one and the next."""
    quarantine_days: int = 0
    """A customer whom this principal invited less than so many days ago is left alone; 0: no such rule."""
    sending_window: Mapping[str, Any] | None = None
    """Hours in which messages may go out, as notifications.services.enqueue takes them; None: at any hour."""
    names_agent: bool = False
    """Whether a text may call the agent by the first name that the log gives."""
    draw_kind: str = "batch"
    """A batch is drawn from a closed period; a continuous draw takes each contact as it arrives."""
    design: Mapping[str, Any] = field(default_factory=dict)
    """What the method needs beside a size: see ``surveys.designs``; {} where it needs nothing."""
    weighting: Mapping[str, Any] = field(default_factory=dict)
    """Which strata join where few answer and which totals weights meet: see ``surveys.weighting``."""

    def to_json(self) -> dict[str, Any]:
        """Its values as they are stored, by the names of the columns."""
        plain = asdict(self) | {"rules": self.rules.to_json(), "strata": list(self.strata)}
        return plain | {
            "fixed_sizes": dict(self.fixed_sizes),
            "design": dict(self.design),
            "weighting": dict(self.weighting),
        }


TERMS = tuple(each.name for each in fields(Terms))
#: What later products added, with what every version said before: left out of the hash, so that old hashes hold.
ADDED_LATER: Mapping[str, Any] = {"draw_kind": "batch", "design": {}, "weighting": {}}


def terms_hash(values: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of everything ``Terms`` says, in hexadecimal."""
    said = {name: values[name] for name in TERMS if name not in ADDED_LATER or values[name] != ADDED_LATER[name]}
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs between two versions, in the order of ``Terms``: {name: [before, after]}."""
    return {name: [before[name], after[name]] for name in TERMS if before[name] != after[name]}


class Asking(Protocol):
    """Of what a version says, whom it asks."""

    @property
    def collection(self) -> str: ...
    @property
    def rules(self) -> Mapping[str, Any]: ...
    @property
    def strata(self) -> Sequence[str]: ...
    @property
    def quarantine_days(self) -> int: ...
    @property
    def uses_addresses(self) -> bool: ...


class Saying(Protocol):
    """Of what a version says, what its messages cost a customer."""

    @property
    def reminders(self) -> int: ...
    @property
    def reminder_gap_hours(self) -> int: ...
    @property
    def validity_days(self) -> int: ...


def burden(terms: Saying) -> int:
    """How many messages that ask one customer gets at most for one contact: the invitation, and the reminders that
    the days of the link leave room for.
    """
    return 1 + min(terms.reminders, max(0, terms.validity_days * 24 - 1) // terms.reminder_gap_hours)
