"""Who was drawn and is asked only later: after a recent answer, or once there is room for another invitation."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from contacts.models import Contact
from foundation.database import db
from surveys.eligibility import ANSWERED_LATELY, CAPPED, Cap, Rules
from surveys.models import Invitation
from surveys.queries.suppressions import INVITED_AT, answered_since

CAP = "cap-"
#: Nothing has left about whoever stands here.
NOT_ASKED = ("drawn", "held", "not_sent", "ineligible")
_ABOUT: dict[str, Any] = {"agent": Contact.agent, "entry_point": Contact.entry_point_id}


class Delays:
    """What the rules of a programme put off, for some of its invitations, at one moment."""

    def __init__(self, rules: Rules, principal_id: int, invitations: Sequence[Invitation], now: datetime) -> None:
        customers = [one.customer_id for one in invitations if one.customer_id is not None]
        self._answered = answered_since(principal_id, rules, now, customers)
        self._days = rules.answered_days
        self._caps = {name: cap for name in CAPPED if (cap := getattr(rules, f"per_{name}"))}
        self._about = _about([one.contact_id for one in invitations]) if self._caps else {}
        self._asked = {
            name: _asked(name, cap, principal_id, {about[name] for about in self._about.values()}, now)
            for name, cap in self._caps.items()
        }

    def reason(self, invitation: Invitation) -> str:
        """Why this one has to wait; empty if it has not."""
        if invitation.customer_id in self._answered:
            return ANSWERED_LATELY
        about = self._about.get(invitation.contact_id, {})
        full = (
            name for name, cap in self._caps.items() if about.get(name) and self._asked[name][about[name]] >= cap.most
        )
        return next((CAP + name for name in full), "")

    def take(self, invitation: Invitation) -> None:
        """Count this one as asked."""
        for name, value in self._about.get(invitation.contact_id, {}).items():
            if name in self._asked:
                self._asked[name][value] += 1

    def until(self, invitation: Invitation) -> datetime | None:
        """When its reason ends, where that is known."""
        answered = self._answered.get(invitation.customer_id or 0)
        return answered + timedelta(days=self._days) if answered else None


def _about(contact_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = db.session.execute(select(Contact.id, *_ABOUT.values()).where(Contact.id.in_(contact_ids)))
    return {contact_id: dict(zip(_ABOUT, values, strict=True)) for contact_id, *values in rows}


def _asked(name: str, cap: Cap, principal_id: int, values: Collection[Any], now: datetime) -> Counter[Any]:
    """How many invitations about each of ``values`` left, or are about to, within the days of the cap."""
    rows = db.session.execute(
        select(_ABOUT[name], func.count())
        .select_from(Invitation)
        .join(Contact, Contact.id == Invitation.contact_id)
        .where(
            Invitation.principal_id == principal_id,
            Invitation.collection != "file",
            Invitation.disposition.not_in(NOT_ASKED),
            now - timedelta(days=cap.days) < INVITED_AT,
            _ABOUT[name].in_(values),
        )
        .group_by(_ABOUT[name])
    )
    return Counter({row[0]: row[1] for row in rows})
