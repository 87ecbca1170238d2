"""Who may be due for a reminder, and the last sign between us and them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from foundation.database import UTCDateTime, db
from notifications.models import OutboxMessage
from notifications.states import RANKS
from surveys.dispositions import REMINDED
from surveys.models import AnswerEvent, Draw, Invitation, ProgrammeVersion

#: A message of lower rank may still go out by itself.
_OUT = RANKS["accepted"]


@dataclass(frozen=True)
class Sign:
    """``waiting``: a message of ours has not gone out yet. ``last``: the last word of either side."""

    waiting: bool
    last: datetime | None


def reminding_terms() -> Sequence[ProgrammeVersion]:
    """The versions of programmes under which reminders are sent."""
    used = select(Draw.programme_version_id).where(Draw.state == "drawn")
    found = select(ProgrammeVersion).where(ProgrammeVersion.reminders > 0, ProgrammeVersion.id.in_(used))
    return db.session.scalars(found.order_by(ProgrammeVersion.id)).all()


def maybe_due(terms: ProgrammeVersion, now: datetime, after: int, at_most: int) -> Sequence[int]:
    """The ids of invitations that could be due for a reminder, in order, beyond ``after``."""
    draws = select(Draw.id).where(Draw.programme_version_id == terms.id)
    asked = func.coalesce(Invitation.reminded_at, Invitation.sent_at)
    due = select(Invitation.id).where(
        Invitation.draw_id.in_(draws),
        Invitation.disposition.in_(REMINDED),
        Invitation.reminders < terms.reminders,
        Invitation.expires_at > now,
        asked <= now - timedelta(hours=terms.reminder_gap_hours),
        Invitation.id > after,
    )
    return db.session.scalars(due.order_by(Invitation.id).limit(at_most)).all()


def last_signs(invitation_ids: Collection[int]) -> dict[int, Sign]:
    """The last sign of each invitation: of its messages by the outbox, of the customer by their answers."""
    subjects = {f"{kind}:{one}": one for one in invitation_ids for kind in ("invitation", "interview")}
    waits = func.max(case((OutboxMessage.rank < _OUT, 1), else_=0))
    sent = (
        select(OutboxMessage.subject_key, func.max(OutboxMessage.sent_at, type_=UTCDateTime), waits)
        .where(OutboxMessage.subject_key.in_(subjects))
        .group_by(OutboxMessage.subject_key)
    )
    said = (
        select(AnswerEvent.invitation_id, func.max(AnswerEvent.at, type_=UTCDateTime))
        .where(AnswerEvent.invitation_id.in_(invitation_ids))
        .group_by(AnswerEvent.invitation_id)
    )
    rows: list[Any] = [(subjects[key], at, waiting) for key, at, waiting in db.session.execute(sent)]
    rows += [(one, at, 0) for one, at in db.session.execute(said)]
    found: dict[int, Sign] = {}
    for one, at, waiting in rows:
        before = found.get(one, Sign(False, None))
        moments = [moment for moment in (before.last, at) if moment is not None]
        found[one] = Sign(before.waiting or bool(waiting), max(moments, default=None))
    return found
