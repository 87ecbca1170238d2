"""Whether a contact may be drawn, and if not, the first reason why not.

*Ineligible*: the programme does not ask about such a contact. *Suppressed*: it would, but this person cannot or may
not be asked now. The reasons are tried in this order, and the first one counts:

- ineligible: ``direction``, ``outcome-<outcome>``, ``too-old``
- suppressed: ``no-address``, ``opted-out``, ``hold-<code>``, ``quarantine``, and in the draw itself ``same-customer``
  (see sampling.py). When answers are supplied by file nobody is asked, so nothing is suppressed.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

SAME_CUSTOMER = "same-customer"
STRATA_FIELDS = ("site", "channel", "direction", "entry_point", "reason", "language", "agent")
FACT = "facts."


class Row(Protocol):
    """What is read of a contact; ``contacts.queries.FrameRow`` is one."""

    @property
    def customer_id(self) -> int | None: ...
    @property
    def direction(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...


@dataclass(frozen=True)
class Rules:
    """Whom a programme asks. ``max_age_days`` counts back from the draw; None: any age."""

    outcomes: tuple[str, ...] = ("answered",)
    directions: tuple[str, ...] = ("in", "out")
    max_age_days: int | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Rules":
        return cls(tuple(stored["outcomes"]), tuple(stored["directions"]), stored.get("max_age_days"))

    def to_json(self) -> dict[str, Any]:
        return {
            "outcomes": list(self.outcomes),
            "directions": list(self.directions),
            "max_age_days": self.max_age_days,
        }


class Address(NamedTuple):
    channel: str  # sms or email
    recipient: str


class Standing(NamedTuple):
    """``eligible``, ``ineligible`` or ``suppressed``, and the reason of the last two."""

    status: str
    reason: str = ""


ELIGIBLE = Standing("eligible")


def ineligible_because(row: Row, rules: Rules, at: datetime) -> str:
    """The first rule of the programme that leaves this contact out, or an empty string."""
    if row.direction not in rules.directions:
        return "direction"
    if row.outcome not in rules.outcomes:
        return f"outcome-{row.outcome}"
    if rules.max_age_days is not None and row.started_at < at - timedelta(days=rules.max_age_days):
        return "too-old"
    return ""


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


def standing(row: Row, rules: Rules, at: datetime, suppressed: Mapping[int | None, str]) -> Standing:
    """Where a contact stands at the moment ``at``. ``suppressed`` has the reason for customers not to be asked."""
    if reason := ineligible_because(row, rules, at):
        return Standing("ineligible", reason)
    if reason := suppressed.get(row.customer_id, ""):
        return Standing("suppressed", reason)
    return ELIGIBLE


def stratum_values(row: Any, fields: Sequence[str]) -> list[str]:
    """The values of the strata fields for one contact; what the log did not say is an empty string."""
    return [_value(row, field) for field in fields]


def _value(row: Any, field: str) -> str:
    if field.startswith(FACT):
        value = row.facts.get(field.removeprefix(FACT))
    else:
        value = getattr(row, "site_key" if field == "site" else field)
    return "" if value is None else str(value)
