"""Changing the hours in which messages may go out."""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from foundation.database import db, insert_if_absent
from foundation.ledger import services as ledger
from notifications.errors import NotificationRefused
from notifications.hours import ANY, DEFAULT_CHOICES, Choice
from notifications.models import SendingWindow, WindowChoice, WindowChoices
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
    values = {"name": name.strip(), "document": shown.document(), "changed_at": now, "changed_by": actor_id}
    values["version"] = version + 1
    place = {"key": key or _key_of(name), "principal_id": principal_id}
    row = _first(place, values) if version == 0 else _next(place, values)
    if row is None:
        raise NotificationRefused("version", **place)
    facts = {"principal_id": principal_id or None, "key": row.key, "window": shown.document()}
    ledger.record("sending_window.changed", f"sending-window:{row.id}", facts, now, actor_id)
    return row


def choose_windows(
    principal_id: int, choices: Mapping[str, Choice | None], seen: int, now: datetime, actor_id: int
) -> None:
    """Let messages of each purpose wait for a window; None goes back to what holds for the house, or by default.

    The same choices again change nothing. ``seen`` is the count of changes their
    writer had seen (``queries.windows.choices_version``). Raises NotificationRefused
    ``version`` where somebody else was quicker, and for an unknown purpose or window.
    """
    for purpose, choice in choices.items():
        if purpose not in DEFAULT_CHOICES:
            raise NotificationRefused("unknown-purpose", value=purpose)
        if choice and choice.key != ANY and windows.window(choice.key, principal_id) is None:
            raise NotificationRefused("unknown-window", value=choice.key)
    counted = _counted(principal_id)
    if counted.version != seen:
        raise NotificationRefused("version", principal_id=principal_id)
    changes = [_choose(principal_id, purpose, choice, now, actor_id) for purpose, choice in choices.items()]
    counted.version += any(changes)
    db.session.flush()


def _choose(principal_id: int, purpose: str, choice: Choice | None, now: datetime, actor_id: int) -> bool:
    kept = db.session.get(WindowChoice, (principal_id, purpose), populate_existing=True)
    if choice == (Choice(kept.key, kept.emails) if kept else None):
        return False
    if choice is None:
        db.session.delete(kept)
    else:
        kept = kept or WindowChoice(principal_id=principal_id, purpose=purpose)
        kept.key, kept.emails, kept.changed_at, kept.changed_by = *choice, now, actor_id
        db.session.add(kept)
    facts = {"principal_id": principal_id or None, "key": None, "emails": None} | (choice._asdict() if choice else {})
    ledger.record("sending_window.chosen", f"purpose:{purpose}", facts, now, actor_id)
    return True


def _counted(principal_id: int) -> WindowChoices:
    """The count of a principal's changes, made if need be; nobody else changes its choices until the transaction ends.

    Under PostgreSQL two people choose for the first time at once, and there is no choice yet that could be locked.
    """
    insert_if_absent(WindowChoices, [{"principal_id": principal_id, "version": 0}], ["principal_id"])
    return db.session.scalars(_for_update(select(WindowChoices).filter_by(principal_id=principal_id))).one()


def _first(place: dict[str, Any], values: dict[str, Any]) -> SendingWindow | None:
    """The new row; None where somebody else made it, also in this very moment."""
    made = insert_if_absent(SendingWindow, [place | values], ["principal_id", "key"])
    return db.session.get_one(SendingWindow, made[0]) if made else None


def _next(place: dict[str, Any], values: dict[str, Any]) -> SendingWindow | None:
    """The row after the change; None where it is not the one that was seen."""
    row = db.session.scalars(_for_update(select(SendingWindow).filter_by(**place))).first()
    if row is None or row.version + 1 != values["version"]:
        return None
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    return row


def _for_update(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update().execution_options(populate_existing=True)


def _key_of(name: str) -> str:
    """Return a key made of a name, with a few random digits, so that it is nobody else's."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-')[:30]}-{secrets.token_hex(3)}"
