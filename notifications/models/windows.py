"""The hours in which messages may go out, and which messages keep to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.hours import DEFAULT_CHOICES


class SendingWindow(db.Model):
    """One window, named by ``key``, of a principal or the house (0); a built-in one has a row once it is changed."""

    __tablename__ = "sending_windows"
    __table_args__ = (UniqueConstraint("principal_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: 0: the house, for every principal without one of the same key.
    principal_id: Mapped[int] = mapped_column(default=0)
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80), default="")
    #: What ``windows.Window.document()`` writes.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class WindowChoices(db.Model):
    """How often the choices of one principal, or of the house (0), were changed: what two who choose at once go by."""

    __tablename__ = "window_choice_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=0)


class WindowChoice(db.Model):
    """Which window the messages of a purpose wait for, at one principal or in the house (0)."""

    __tablename__ = "window_choices"
    __table_args__ = (one_of("purpose", DEFAULT_CHOICES, "known_purpose"),)

    principal_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The key of a window, or "any".
    key: Mapped[str] = mapped_column(String(40))
    #: Whether e-mails wait as well.
    emails: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[int | None]
