"""Whether a contact may be drawn, and if not, the first rule that says so.

*Ineligible*: the programme does not ask about such a contact. *Suppressed*: it would, but this person cannot or may
not be asked. The rules are tried in this order, and the first one counts:

- ineligible: ``direction``, ``outcome-<outcome>``, ``channel``, ``entry-point``, ``reason``, ``language``, ``marked``
  (the log marks it as staff's or a test's), ``no-consent``, ``out-of-scope``, ``too-old``
- suppressed: ``no-address``, ``opted-out``, ``hold-<code>``, ``answered-lately``, ``quarantine``, ``too-often``, and in
  the draw itself ``same-customer`` (see sampling.py). When answers are supplied by file nobody is asked, so nothing is
  suppressed.

To *delay* and to *block* are two outcomes. A hold of a complaint and a recent answer (``DELAYABLE``) delay unless the
programme says otherwise: such a contact takes part in the draw, and its invitation waits until the reason is gone. Both
depend on what people think of us, so that whoever they block is missing for a reason that has to do with the score:
that is a loss of coverage, told as "score unknown", and no weight makes up for it.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

SAME_CUSTOMER = "same-customer"
QUARANTINE = "quarantine"
TOO_OFTEN = "too-often"
ANSWERED_LATELY = "answered-lately"
HOLD = "hold-"
COMPLAINT = "hold-complaint"
STRATA_FIELDS = (
    "site",
    "channel",
    "direction",
    "entry_point",
    "reason",
    "reason_group",
    "reason_leaf",
    "language",
    "agent",
)
FACT = "facts."
#: What a programme may say to delay or to block: each depends on an answer or on a complaint.
DELAYABLE = frozenset({COMPLAINT, ANSWERED_LATELY})
#: Invitations about the contacts of one agent, or through one entry point, are held to a number; what is over waits.
CAPPED = ("agent", "entry_point")
#: Between a group of reasons and a reason in it.
BENEATH = " / "


class Kind(NamedTuple):
    """What the rules of a programme read of a contact; contacts of the same kind fare alike."""

    direction: str
    outcome: str
    channel: str = "phone"
    entry_point: str = ""
    reason: str = ""
    language: str = ""
    mark: str = ""
    consent: str = ""
    in_scope: bool = True
    too_old: bool = False


@dataclass(frozen=True)
class Cap:
    """At most so many invitations in so many days."""

    most: int
    days: int


@dataclass(frozen=True)
class Rules:
    """Whom a programme asks; an empty tuple, None or an empty text is no rule. Days count back from the draw."""

    outcomes: tuple[str, ...] = ("answered",)
    directions: tuple[str, ...] = ("in", "out")
    max_age_days: int | None = None
    channels: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    """Their keys."""
    reasons: tuple[str, ...] = ()
    """Reasons, or groups of them: ``Billing`` takes in ``Billing / Refund``."""
    languages: tuple[str, ...] = ()
    mark: str = ""
    """A column of the log that marks staff and tests: whoever has anything there but 0, no, non, false is left out."""
    consent: str = ""
    """A column of the log that says "asked and agreed"; only whoever has 1, yes, oui, true there is asked."""
    certified_only: bool = False
    """Only contacts that sites in the certified scope handled on days when they were in it."""
    complaint: str = "delay"
    """What an open complaint does: ``delay`` or ``block``."""
    answered_days: int = 0
    """Whoever answered less than so many days ago waits, or is blocked; 0: no such rule."""
    answered: str = "delay"
    per_person: Cap | None = None
    """Besides the quarantine: whoever was invited so often in so many days is left alone."""
    per_agent: Cap | None = None
    per_entry_point: Cap | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Rules":
        said: dict[str, Any] = {each.name: stored[each.name] for each in fields(cls) if each.name in stored}
        for name, value in said.items():
            if isinstance(value, list):
                said[name] = tuple(value)
            elif isinstance(value, Mapping):
                said[name] = Cap(**value)
        return cls(**said)

    def to_json(self) -> dict[str, Any]:
        """As it is stored: what the first versions could not say only where it is said, so that their hashes hold."""
        usual = asdict(Rules())
        said = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {name: value for name, value in said.items() if name in _FIRST or getattr(self, name) != usual[name]}

    @property
    def blocking(self) -> frozenset[str]:
        """Those of ``DELAYABLE`` that block."""
        said = {COMPLAINT: self.complaint, ANSWERED_LATELY: self.answered}
        return frozenset(reason for reason, effect in said.items() if effect == "block")

    def blocks(self, reason: str) -> bool:
        """Whether a hold of this reason keeps a contact out of the draw, instead of making its invitation wait."""
        return reason not in DELAYABLE or reason in self.blocking


#: What every version has always said.
_FIRST = ("outcomes", "directions", "max_age_days")


class Address(NamedTuple):
    channel: str  # sms or email
    recipient: str


class Standing(NamedTuple):
    """``eligible``, ``ineligible`` or ``suppressed``, and the reason of the last two."""

    status: str
    reason: str = ""


ELIGIBLE = Standing("eligible")
_NO = frozenset({"", "0", "no", "non", "false", "faux", "n"})
_YES = frozenset({"1", "yes", "oui", "true", "vrai", "o", "y"})


class Row(Protocol):
    """What is read of a contact; ``contacts.queries.FrameRow`` is one."""

    @property
    def customer_id(self) -> int | None: ...
    @property
    def direction(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def entry_point(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


def kind_of(row: Row, rules: Rules, at: datetime, in_scope: bool = True) -> Kind:
    """What the rules read of one contact; ages count back from ``at``."""
    said = (row.direction, row.outcome, row.channel, row.entry_point, row.reason, row.language)
    mark, consent = (fact_words(row.facts.get(name)) if name else "" for name in (rules.mark, rules.consent))
    oldest = at - timedelta(days=rules.max_age_days or 0)
    return Kind(*said, mark, consent, in_scope, rules.max_age_days is not None and row.started_at < oldest)


def standing(row: Row, rules: Rules, at: datetime, suppressed: Mapping[int | None, str]) -> Standing:
    """Where one contact stands at ``at``. ``suppressed`` has the reason for customers not to be asked."""
    if reason := ineligible_because(kind_of(row, rules, at), rules):
        return Standing("ineligible", reason)
    if reason := suppressed.get(row.customer_id, ""):
        return Standing("suppressed", reason)
    return ELIGIBLE


def ineligible_because(kind: Kind, rules: Rules) -> str:
    """The first rule of the programme that leaves such a contact out, or an empty string."""
    found = (
        (kind.direction not in rules.directions, "direction"),
        (kind.outcome not in rules.outcomes, f"outcome-{kind.outcome}"),
        (bool(rules.channels) and kind.channel not in rules.channels, "channel"),
        (bool(rules.entry_points) and kind.entry_point not in rules.entry_points, "entry-point"),
        (bool(rules.reasons) and not _is_within(kind.reason, rules.reasons), "reason"),
        (bool(rules.languages) and kind.language not in rules.languages, "language"),
        (bool(rules.mark) and kind.mark.strip().casefold() not in _NO, "marked"),
        (bool(rules.consent) and kind.consent.strip().casefold() not in _YES, "no-consent"),
        (rules.certified_only and not kind.in_scope, "out-of-scope"),
        (rules.max_age_days is not None and kind.too_old, "too-old"),
    )
    return next((reason for applies, reason in found if applies), "")


def _is_within(reason: str, groups: Sequence[str]) -> bool:
    return any(reason == group or reason.startswith(group + BENEATH) for group in groups)


def address_of(collection: str, phone: str | None, email: str | None, opted_out: AbstractSet[str]) -> Address | str:
    """Where to write to a customer, or the reason why nowhere: ``no-address`` or ``opted-out``.

    ``phone`` is a number that takes SMS, or None. A link may also go by e-mail, to those without such a number.
    """
    known = [Address("sms", phone)] if phone else []
    if collection == "web" and email:
        known.append(Address("email", email))
    if not known:
        return "no-address"
    return next((address for address in known if address.recipient not in opted_out), "opted-out")


def fact_words(value: Any) -> str:
    """A value of a strata field as it stands in a stratum's name; what the log did not say is an empty string."""
    return "" if value is None else str(value)


def stratum_values(row: Any, fields: Sequence[str]) -> list[str]:
    """The values of the strata fields for one contact."""
    return [_value(row, field) for field in fields]


def _value(row: Any, field: str) -> str:
    if field.startswith(FACT):
        return fact_words(row.facts.get(field.removeprefix(FACT)))
    return fact_words(getattr(row, "site_key" if field == "site" else field))
