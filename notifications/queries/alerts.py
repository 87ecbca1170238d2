"""What somebody is told by itself: within their scope, of the kinds open to their role, and how they want it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, exists, func, or_, select

from foundation.accounts.models import User
from foundation.accounts.queries import scoped, users
from foundation.database import db
from notifications.alerting import (
    APART,
    KEPT,
    LOW_SCORE,
    NEVER,
    OF_THE_HOUSE,
    OFFERED,
    OWN_ONLY,
    Reader,
    Waiting,
    hows_of,
    ripe,
)
from notifications.models import Alert, AlertPreference, AlertReader, AlertTelling

PAGE = 40
#: What one digest holds at most; the rest comes with the next one of those subjects' turn.
AT_ONCE = 200


@dataclass(frozen=True)
class Told:
    """An alert as its reader sees it on the page, and when a mail told them of it."""

    alert: Alert
    told_at: datetime | None


def reader_of(user_id: int) -> Reader:
    """Return when and how somebody reads."""
    row = db.session.scalars(select(AlertReader).filter_by(user_id=user_id)).first()
    if row is None:
        return Reader(zone=current_app.config["TIMEZONE"])
    return Reader(**{name: getattr(row, name) for name in asdict(Reader())})


def preferences_of(user: User) -> dict[str, str]:
    """Return how somebody is told of each kind open to their role."""
    return hows_of(user.role, {row.kind: row.how for row in _preferences(user.id)})


def recent(user: User, now: datetime) -> list[Told]:
    """Return the last alerts that concern somebody, of the kinds they want to hear of, the latest first."""
    kinds = [kind for kind, how in preferences_of(user).items() if how != NEVER]
    told = select(AlertTelling.alert_id, AlertTelling.at).where(AlertTelling.user_id == user.id)
    since = now - 2 * KEPT
    at = dict(db.session.execute(told.where(AlertTelling.at >= since)).tuples().all())
    found = _of(user, kinds, Alert.raised_at >= since)
    return [Told(alert, at.get(alert.id)) for alert in found[:PAGE]]


def due_readers(now: datetime) -> list[int]:
    """Return the ids of those for whom a mail may be written now; reads only."""
    anything = select(Alert.id).where(Alert.raised_at >= now - KEPT).limit(1)
    if db.session.scalar(anything) is None:
        return []
    return [user.id for user in users() if user.active and user.role in OFFERED and ripe_for(user, now)]


def ripe_for(user: User, now: datetime) -> list[Alert]:
    """Return what somebody is to be told now, in the order it was raised; no more than one mail holds."""
    hows = preferences_of(user)
    untold = _untold(user, hows, now)
    waiting = [Waiting(alert.id, alert.kind, alert.subject_key, alert.raised_at) for alert in untold]
    told = _last_told(user.id, {one.subject_key for one in waiting}, now - APART)
    chosen = {one.id for one in ripe(waiting, hows, reader_of(user.id), told, now)}
    return [alert for alert in untold if alert.id in chosen][:AT_ONCE]


def _untold(user: User, hows: dict[str, str], now: datetime) -> list[Alert]:
    since = {row.kind: row.since for row in _preferences(user.id)}
    wanted = [kind for kind, how in hows.items() if how != NEVER]
    already = exists().where(AlertTelling.alert_id == Alert.id, AlertTelling.user_id == user.id)
    # Whoever has just arrived is not told of what happened before.
    oldest = max(now - KEPT, user.created_at)
    found = _of(user, wanted, ~already, Alert.raised_at >= oldest, Alert.ended_at.is_(None))
    return [alert for alert in reversed(found) if alert.raised_at >= since.get(alert.kind, oldest)]


def _of(user: User, kinds: Sequence[str], *conditions: Any) -> list[Alert]:
    """Return the alerts of these kinds that concern somebody, the latest first."""
    subjects = select(Alert).where(Alert.kind.in_([kind for kind in kinds if kind not in OF_THE_HOUSE]), *conditions)
    subjects = scoped(subjects, user.scope, principal=Alert.principal_id, site=Alert.site_id)
    if user.role in OWN_ONLY:
        subjects = subjects.where(or_(Alert.kind == LOW_SCORE, Alert.in_charge_id == user.id))
    found = list(db.session.scalars(_latest(subjects)))
    if house := [kind for kind in kinds if kind in OF_THE_HOUSE]:
        found += db.session.scalars(_latest(select(Alert).where(Alert.kind.in_(house), *conditions)))
    return sorted(found, key=lambda alert: (alert.raised_at, alert.id), reverse=True)


def _latest(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(Alert.raised_at.desc(), Alert.id.desc()).limit(5 * AT_ONCE)


def _last_told(user_id: int, subjects: Iterable[str], since: datetime) -> dict[str, datetime]:
    """Return when somebody was last told of each subject, where that was after ``since``."""
    told = (
        select(Alert.subject_key, func.max(AlertTelling.at))
        .join(AlertTelling, AlertTelling.alert_id == Alert.id)
        .where(AlertTelling.user_id == user_id, AlertTelling.at > since - timedelta(seconds=1))
        .group_by(Alert.subject_key)
    )
    wanted = set(subjects)
    return {subject: at for subject, at in db.session.execute(told) if subject in wanted}


def _preferences(user_id: int) -> list[AlertPreference]:
    return list(db.session.scalars(select(AlertPreference).filter_by(user_id=user_id)))
