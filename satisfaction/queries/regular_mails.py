"""Who wants which mail about the figures, and who may get a pack."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contacts.models import Principal
from foundation.accounts.models import User
from foundation.accounts.queries import users
from foundation.accounts.scope import Scope
from foundation.database import db
from notifications.models import OutboxMessage
from notifications.queries.alerts import reader_of
from satisfaction.models import RegularMail
from satisfaction.queries import programmes
from satisfaction.regular_mails import BY_DEFAULT, PACK, WEEK, WEEKLY, due_slot, key_of


@dataclass(frozen=True)
class Due:
    """A mail that may be written now."""

    user: User
    kind: str
    principal_id: int
    key: str


@dataclass(frozen=True)
class Pack:
    """Somebody who gets a principal's figures by itself, and when the last one was written."""

    row: RegularMail
    name: str
    email: str
    last: datetime | None


def wants_week(user: User) -> bool:
    """Whether somebody gets their week by mail."""
    row = row_of(user.id, WEEK)
    return user.role in BY_DEFAULT if row is None else row.is_on


def row_of(user_id: int, kind: str, principal_id: int = 0) -> RegularMail | None:
    """What somebody chose of a mail; None where the default of their role holds."""
    statement = select(RegularMail).filter_by(user_id=user_id, kind=kind, principal_id=principal_id)
    return db.session.scalars(statement).one_or_none()


def due_mails(now: datetime) -> list[Due]:
    """Every mail whose moment came and that was not written yet."""
    known: dict[int, list[RegularMail]] = {}
    for row in db.session.scalars(select(RegularMail).order_by(RegularMail.id)):
        known.setdefault(row.user_id, []).append(row)
    found = [due for user in users() for due in _of_user(user, known.get(user.id, []), now)]
    written = select(OutboxMessage.business_key).where(OutboxMessage.business_key.in_([due.key for due in found]))
    done = set(db.session.scalars(written)) if found else set()
    return [due for due in found if due.key not in done]


def _of_user(user: User, rows: list[RegularMail], now: datetime) -> list[Due]:
    if not user.active or "satisfaction.read" not in user.permissions:
        return []
    wanted = [(row.kind, row.principal_id, row.rhythm, row.since) for row in rows if row.is_on]
    if user.role in BY_DEFAULT and not any(row.kind == WEEK for row in rows):
        wanted.append((WEEK, 0, WEEKLY, user.created_at))
    reader = reader_of(user.id)
    slots = [
        (kind, owner, due_slot(rhythm, reader.zone, reader.daily_hour, since, now))
        for kind, owner, rhythm, since in wanted
        if not owner or user.scope.sees_principal(owner)
    ]
    return [Due(user, kind, owner, key_of(kind, user.id, owner, slot)) for kind, owner, slot in slots if slot]


def packs(scope: Scope) -> dict[int, list[Pack]]:
    """Who gets the pack of each principal in scope, by name."""
    found: dict[int, list[Pack]] = {}
    people = {user.id: user for user in users()}
    rows = select(RegularMail).filter_by(kind=PACK, is_on=True).order_by(RegularMail.id)
    for row in db.session.scalars(rows):
        if row.user_id in people and scope.sees_principal(row.principal_id):
            user = people[row.user_id]
            found.setdefault(row.principal_id, []).append(Pack(row, user.name, user.email, _last(row)))
    return found


def _last(row: RegularMail) -> datetime | None:
    prefix = f"{PACK}:{row.user_id}:{row.principal_id}:"
    newest = select(OutboxMessage.created_at).where(OutboxMessage.business_key.startswith(prefix))
    return db.session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(1)).first()


def readers_of(principal_id: int) -> list[User]:
    """The active accounts that may see the figures of a principal, by name: who may get its pack."""
    return [
        user
        for user in users()
        if user.active and "satisfaction.read" in user.permissions and user.scope.sees_principal(principal_id)
    ]


def packs_of(user: User) -> list[tuple[Principal, RegularMail]]:
    """The packs that somebody gets, by principal."""
    mine = {
        row.principal_id: row
        for row in db.session.scalars(select(RegularMail).filter_by(user_id=user.id, kind=PACK, is_on=True))
    }
    return [(each, mine[each.id]) for each in programmes.principals(user.scope) if each.id in mine]
