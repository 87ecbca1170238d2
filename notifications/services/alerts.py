"""Raising alerts, telling people of them in digests, and keeping how they want to be told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import and_, delete, or_, select, update

from foundation.accounts.models import User
from foundation.database import db, insert_if_absent
from foundation.web.i18n import speaking
from notifications.alerting import KINDS, LOW_SCORE, NEVER, Reader
from notifications.models import Alert, AlertPreference, AlertReader, AlertTelling, OutboxMessage
from notifications.pages import ALERT_KINDS
from notifications.queries import alerts as queries
from notifications.services.messages import enqueue

PAGE_PATH = "/notifications/alerts"


@dataclass(frozen=True)
class NewAlert:
    """Something to be told. ``text`` is one line by language; ``path`` is the page that shows more."""

    kind: str
    key: str
    subject_key: str
    text: Mapping[str, str]
    path: str
    principal_id: int | None = None
    site_id: int | None = None
    in_charge_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def raise_alert(alert: NewAlert, now: datetime) -> bool:
    """Note something the staff should know; return whether it is new. The same ``key`` again changes nothing."""
    return bool(raise_alerts([alert], now))


def raise_alerts(alerts: Iterable[NewAlert], now: datetime) -> int:
    """Note several; return how many are new. One that is known already is told to whoever has it in hand now."""
    rows = [asdict(alert) | {"raised_at": now} for alert in alerts]
    new = len(insert_if_absent(Alert, rows, ["key"]))
    _pass_on({row["key"]: row["in_charge_id"] for row in rows})
    return new


def _pass_on(in_charge: Mapping[str, int | None]) -> None:
    for some in _pieces(list(in_charge)):
        known = select(Alert.id, Alert.key, Alert.in_charge_id).where(Alert.key.in_(some))
        hands = [(row, in_charge[row.key]) for row in db.session.execute(known)]
        if changed := [{"id": row.id, "in_charge_id": now} for row, now in hands if row.in_charge_id != now]:
            db.session.execute(update(Alert), changed)


def end_alerts(kind: str, still: Iterable[str], now: datetime) -> int:
    """Say that of ``kind`` only the keys in ``still`` hold; return how many ended. Who was not told of those is not."""
    open_ones = select(Alert.id, Alert.key).where(Alert.kind == kind, Alert.ended_at.is_(None))
    known = set(still)
    ended = [alert_id for alert_id, key in db.session.execute(open_ones) if key not in known]
    for some in _pieces(ended):
        ending = update(Alert).where(Alert.id.in_(some)).values(ended_at=now)
        db.session.execute(ending, execution_options={"synchronize_session": False})
    return len(ended)


def forget_alerts(before: datetime) -> int:
    """Delete what was over before ``before``, with who was told of it; return how many alerts.

    What still holds stays, however old: without its row it would be told anew. A
    low score is over with its day; the job that tells of one runs once.
    """
    over = or_(Alert.ended_at < before, and_(Alert.kind == LOW_SCORE, Alert.raised_at < before))
    old = list(db.session.scalars(select(Alert.id).where(over, Alert.raised_at < before)))
    for some in _pieces(old):
        db.session.execute(delete(AlertTelling).where(AlertTelling.alert_id.in_(some)))
        db.session.execute(delete(Alert).where(Alert.id.in_(some)))
    return len(old)


def _pieces(values: list[Any]) -> Iterator[list[Any]]:
    yield from (values[start : start + 500] for start in range(0, len(values), 500))


def tell(user_id: int, now: datetime, public_url: str) -> OutboxMessage | None:
    """Write somebody the one mail that is ripe, in the caller's transaction; None when nothing is.

    What it tells and that it was told are one transaction, so a kill loses neither and repeats neither.
    """
    # Locked, so that two workers never tell one person about one subject at once.
    locked = select(User).where(User.id == user_id, User.active).with_for_update()
    user = db.session.scalars(locked.execution_options(populate_existing=True)).first()
    alerts = queries.ripe_for(user, now) if user else []
    if user is None or not alerts:
        return None
    key = f"alerts:{user_id}:{alerts[0].id}:{alerts[-1].id}:{now.isoformat()}"
    rows = [{"alert_id": alert.id, "user_id": user_id, "at": now, "message_key": key} for alert in alerts]
    insert_if_absent(AlertTelling, rows, ["alert_id", "user_id"])
    return _write(user, alerts, key, now, public_url.rstrip("/"))


def _write(user: User, alerts: Sequence[Alert], key: str, now: datetime, public_url: str) -> OutboxMessage:
    reader = queries.reader_of(user.id)
    with speaking(reader.language):
        groups = [(ALERT_KINDS[kind], [one for one in alerts if one.kind == kind]) for kind in KINDS]
        # Not render_template: what every page is given is asked of a visitor, and there is none.
        body = current_app.jinja_env.get_template("notifications/alert_mail.txt").render(
            name=user.name,
            groups=[(label, some) for label, some in groups if some],
            language=reader.language,
            public_url=public_url,
            page=public_url + PAGE_PATH,
        )
        subject = ngettext("%(num)s alert: %(what)s", "%(num)s alerts: %(what)s", len(alerts), what=_kinds(groups))
    return enqueue(
        channel="email",
        recipient=user.email,
        subject=subject,
        body=body,
        purpose="alert",
        business_key=key,
        subject_key=f"staff:{user.id}",
        language=reader.language,
        zone=reader.zone,
        priority=0,
        now=now,
    )


def _kinds(groups: Sequence[tuple[Any, Sequence[Alert]]]) -> str:
    return ", ".join(str(label).lower() for label, some in groups if some)


def save_preferences(user: User, hows: Mapping[str, str], reader: Reader, now: datetime) -> None:
    """Keep how somebody wants to be told of each kind, and when they read."""
    before = queries.preferences_of(user)
    known = {row.kind: row for row in db.session.scalars(select(AlertPreference).filter_by(user_id=user.id))}
    for kind, how in hows.items():
        row = known.get(kind) or AlertPreference(user_id=user.id, kind=kind, since=user.created_at)
        # What waits goes on waiting; whoever wanted nothing before hears of what comes.
        row.since = now if before[kind] == NEVER else row.since
        row.how = how
        db.session.add(row)
    kept = db.session.scalars(select(AlertReader).filter_by(user_id=user.id)).first() or AlertReader(user_id=user.id)
    for name, value in asdict(reader).items():
        setattr(kept, name, value)
    db.session.add(kept)
    db.session.flush()
