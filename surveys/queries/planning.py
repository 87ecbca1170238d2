"""A draw that is not made: the last closed period counted under the rules of a programme, or under others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from contacts.models import Period, Principal
from foundation.database import db
from notifications.models import Sender
from notifications.queries.senders import sender_key
from notifications.queries.texts import in_force
from notifications.segments import cost
from surveys import sms_texts
from surveys.eligibility import DELAYABLE
from surveys.models import ProgrammeVersion
from surveys.planning import Messages
from surveys.previews import preview
from surveys.publication.worst import LONGEST
from surveys.queries.population import population
from surveys.questionnaires import compile_version
from surveys.sampling import one_of_each

#: Any key does: how many take part does not depend on who.
_ANY_KEY = b"\0" * 32


@dataclass(frozen=True)
class Asked:
    """Whom a version of a programme asks, or would ask."""

    collection: str
    rules: Mapping[str, Any]
    strata: Sequence[str]
    quarantine_days: int

    @property
    def uses_addresses(self) -> bool:
        return self.collection != "file"

    @classmethod
    def of(cls, terms: ProgrammeVersion) -> "Asked":
        return cls(terms.collection, terms.rules, terms.strata, terms.quarantine_days)


@dataclass(frozen=True)
class Counted:
    """A period under some rules. ``held``: stratum → units that would take part, one of each customer."""

    population: int
    eligible: int
    ineligible: Mapping[str, int]
    suppressed: Mapping[str, int]
    held: Mapping[str, int]
    values: Mapping[str, list[str]]

    @property
    def lost(self) -> float:
        """The share of the contacts the programme asks about that nobody may be asked about."""
        missing = sum(self.suppressed.values())
        return missing / (missing + self.eligible) if missing else 0.0

    @property
    def unknown(self) -> int:
        """Contacts left out for a reason that depends on an answer or a complaint: their score stays unknown."""
        return sum(count for reason, count in self.suppressed.items() if reason in DELAYABLE)


def last_closed(principal_id: int) -> Period | None:
    """The last period of the principal that is closed."""
    closed = select(Period).filter_by(principal_id=principal_id).where(Period.closed_at.is_not(None))
    return db.session.scalars(closed.order_by(Period.last_day.desc()).limit(1)).one_or_none()


def counted(asked: Asked, period: Period) -> Counted:
    """The contacts of a closed period under these rules, as they stood when it was closed."""
    assert period.closed_at is not None
    found = population(asked, period.principal_id, period.id, period.closed_at)
    counts: dict[str, Counter[str]] = {"eligible": Counter(), "ineligible": Counter(), "suppressed": Counter()}
    for member in found.members:
        counts[member.status][member.reason] += 1
    units = [(one.public_id, one.stratum, one.cluster) for one in found.members if one.status == "eligible"]
    held = Counter(stratum for _public_id, stratum, _cluster in one_of_each(_ANY_KEY, units)[0])
    left_out = (counts["ineligible"], counts["suppressed"])
    return Counted(len(found.members), len(units), *left_out, dict(sorted(held.items())), found.strata)


def messages_of(terms: ProgrammeVersion, principal: Principal) -> Messages | None:
    """The SMS parts of what somebody invited may get, in the principal's language; None where no message goes out."""
    if not terms.uses_addresses:
        return None
    version, wordings = compile_version(terms.version.definition, terms.low_score), in_force()
    example = {"brand": principal.brand, "contact_phrase": LONGEST["contact"], "link": LONGEST["link"]}
    shown = preview(terms.version.definition, principal.language, wordings=wordings, **example)
    language = version.speaks(principal.language)
    first = next((one.sms.text for one in shown.questions if one.sms), "") if terms.collection == "sms" else ""
    again = sms_texts.reminder(version, *example.values(), language, first, wordings)
    by_sms = terms.collection == "sms"
    invitation = (shown.invitation_sms if by_sms else shown.invitation_web).cost.parts
    rest = shown.most_parts - shown.invitation_sms.cost.parts if by_sms else 0
    return Messages(invitation, cost(again.body).parts, rest, terms.reminders)


def pace_of(principal: Principal, usual: float | None) -> float | None:
    """Parts per second that the principal's sender may send; None: as fast as the provider takes them."""
    own = select(Sender).filter_by(channel="sms", sender=sender_key(principal.sms_sender, "sms"))
    known = db.session.scalars(own).one_or_none()
    return (known.rate if known else usual) or None
