"""The list of words of emergency, what is to be read for them, and who waits for a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from contacts.models import Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.emergencies import BUILT_IN, KINDS, Watch, phrases
from satisfaction.models import Emergency, EmergencyRead, EmergencyWord
from surveys.models import AnswerEvent, AnswerText, Invitation

#: Where nothing was read yet, what is older than this is no news.
NEWS = timedelta(days=1)


def watch() -> Watch:
    """The list as it stands now."""
    return Watch(_listed())


def listed() -> dict[str, list[str]]:
    """The phrases of each kind, in their order."""
    found = _listed()
    return {kind: sorted(phrase for phrase, its in found.items() if its == kind) for kind in KINDS}


def struck() -> list[EmergencyWord]:
    """The phrases that were built in and somebody struck off."""
    known = {phrase for each in BUILT_IN.values() for phrase in each}
    off = db.session.scalars(select(EmergencyWord).filter_by(is_on=False).order_by(EmergencyWord.phrase))
    return [row for row in off if row.phrase in known]


def _listed() -> dict[str, str]:
    rows = db.session.execute(select(EmergencyWord.phrase, EmergencyWord.kind, EmergencyWord.is_on))
    return phrases((row.phrase, row.kind, row.is_on) for row in rows)


def read_so_far() -> EmergencyRead | None:
    return db.session.get(EmergencyRead, 1)


def last_before(now: datetime) -> int:
    """The last answer event that is no news any more; 0 for none."""
    return db.session.scalar(select(func.max(AnswerEvent.id)).where(AnswerEvent.at < now - NEWS)) or 0


def texts_after(floor: int) -> Sequence[Any]:
    """(id of the event, words, principal, site) of all words whose event is above ``floor``, in order."""
    rows = (
        select(AnswerEvent.id, AnswerText.text, Invitation.principal_id, Invitation.site_id)
        .join(AnswerText, AnswerText.answer_event_id == AnswerEvent.id)
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(AnswerEvent.id > floor)
    )
    return db.session.execute(rows.order_by(AnswerEvent.id)).all()


def newest_event() -> int:
    return db.session.scalar(select(func.max(AnswerEvent.id))) or 0


def site_id_of(key: str) -> int | None:
    return db.session.scalar(select(Site.id).where(Site.key == key)) if key else None


def waiting(scope: Scope, principal_id: int | None = None) -> list[Emergency]:
    """The emergencies in scope that nobody has taken in hand, the oldest first; not of words that were erased."""
    found = select(Emergency).where(Emergency.taken_at.is_(None)).order_by(Emergency.found_at, Emergency.id)
    if principal_id is not None:
        found = found.where(Emergency.principal_id == principal_id)
    rows = db.session.scalars(scoped(found, scope, principal=Emergency.principal_id, site=Emergency.site_id)).all()
    events = {row.comment: int(row.comment[6:]) for row in rows if row.comment.startswith("event:")}
    left = set(
        db.session.scalars(select(AnswerText.answer_event_id).where(AnswerText.answer_event_id.in_(events.values())))
    )
    return [row for row in rows if row.comment not in events or events[row.comment] in left]


def waiting_keys() -> list[str]:
    """The alerts of all emergencies that still wait."""
    return [
        alert_key(name) for name in db.session.scalars(select(Emergency.comment).where(Emergency.taken_at.is_(None)))
    ]


def emergency_of(comment: str) -> Emergency | None:
    return db.session.scalars(select(Emergency).filter_by(comment=comment)).first()


def alert_key(comment: str) -> str:
    return f"emergency:{comment}"
