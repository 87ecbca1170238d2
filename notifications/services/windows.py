"""Changing the hours in which messages may go out."""

import re
import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import select

from foundation.database import db
from foundation.ledger import services as ledger
from notifications.errors import NotificationRefused
from notifications.hours import ANY, DEFAULT_CHOICES, Choice
from notifications.models import SendingWindow, WindowChoice
from notifications.queries import windows
from notifications.windows import Window


def save_window(
    key: str | None, principal_id: int, name: str, shown: Window, version: int, now: datetime, actor_id: int
) -> SendingWindow:
    """Keep the hours of the window ``key`` (None: a new one) for a principal, or for the house (0); return its row.

    Messages already queued keep the hours they were queued with. Raises
    NotificationRefused ``window-never-open`` where no day is open, ``version``
    where somebody changed it meanwhile.
    """
    if not shown.weekdays:
        raise NotificationRefused("window-never-open")
    row = _locked(key, principal_id) if key else None
    if (row.version if row else 0) != version:
        raise NotificationRefused("version", key=key, principal_id=principal_id)
    if row is None:
        row = SendingWindow(key=key or _key_of(name), principal_id=principal_id, version=0)
        db.session.add(row)
    row.name, row.document, row.version = name.strip(), shown.document(), version + 1
    row.changed_at, row.changed_by = now, actor_id
    db.session.flush()
    facts = {"principal_id": principal_id or None, "key": row.key, "window": shown.document()}
    ledger.record("sending_window.changed", f"sending-window:{row.id}", facts, now, actor_id)
    return row


def choose_window(principal_id: int, purpose: str, choice: Choice | None, now: datetime, actor_id: int) -> None:
    """Let messages of ``purpose`` wait for a window; None goes back to what holds for the house, or by default.

    The same choice again changes nothing. Raises NotificationRefused for an unknown purpose or window.
    """
    if purpose not in DEFAULT_CHOICES:
        raise NotificationRefused("unknown-purpose", value=purpose)
    if choice and choice.key != ANY and windows.window(choice.key, principal_id) is None:
        raise NotificationRefused("unknown-window", value=choice.key)
    kept = db.session.get(WindowChoice, (principal_id, purpose), with_for_update=True)
    if choice == (Choice(kept.key, kept.emails) if kept else None):
        return
    if choice is None:
        db.session.delete(kept)
    else:
        kept = kept or WindowChoice(principal_id=principal_id, purpose=purpose)
        kept.key, kept.emails, kept.changed_at, kept.changed_by = *choice, now, actor_id
        db.session.add(kept)
    facts = {"principal_id": principal_id or None, "key": None, "emails": None} | (choice._asdict() if choice else {})
    ledger.record("sending_window.chosen", f"purpose:{purpose}", facts, now, actor_id)
    db.session.flush()


def _locked(key: str, principal_id: int) -> SendingWindow | None:
    same = select(SendingWindow).filter_by(key=key, principal_id=principal_id)
    return db.session.scalars(same.with_for_update().execution_options(populate_existing=True)).first()


def _key_of(name: str) -> str:
    """Return a key made of a name, with a few random digits, so that it is nobody else's."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-')[:30]}-{secrets.token_hex(3)}"
