"""What messages say: numbered versions that never change, and which of them is in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.errors import NotificationRefused
from notifications.states import CHANNELS


class MessageText(db.Model):
    """One text in one channel and language that somebody has written words of their own for."""

    __tablename__ = "message_texts"
    __table_args__ = (
        one_of("channel", CHANNELS, "known_channel"),
        UniqueConstraint("key", "channel", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    # The number of the version in force; None: the product's own words.
    in_force: Mapped[int | None]
    # Counts the changes; a form echoes it, so that nobody overwrites what they have not seen.
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_by: Mapped[int | None]


class MessageTextVersion(db.Model):
    """Words as somebody wrote them, with the reason they gave; never changed."""

    __tablename__ = "message_text_versions"
    __table_args__ = (
        UniqueConstraint("text_id", "number"),
        CheckConstraint("number > 0", name="numbered_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("message_texts.id"))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    # Whether an SMS is written in letters of the GSM alphabet only.
    folded: Mapped[bool] = mapped_column(default=False)
    # SHA-256 of subject, body and folding; names the words in the ledger and in a process's memory.
    content_hash: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SmsPrice(db.Model):
    """What one part of an SMS costs this organisation, as it wrote it down; one row at most."""

    __tablename__ = "sms_prices"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("millionths >= 0", name="no_gain"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # In millionths of the currency, so that it stays exact: 0.0725 euros is 72500.
    millionths: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[int | None]


@event.listens_for(MessageTextVersion, "before_update")
@event.listens_for(MessageTextVersion, "before_delete")
def keep_versions(_mapper: Mapper[Any], _connection: Any, version: MessageTextVersion) -> None:
    """A message names the version it was written from, so that stays what it was."""
    raise NotificationRefused("version-stays", version_id=version.id)
