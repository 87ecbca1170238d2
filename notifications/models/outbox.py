"""Messages to people, frozen when they are asked for, and everything that became of each."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.states import CHANNELS, CLASSES, PURPOSES, STATES


class OutboxMessage(db.Model):
    """One message to one person: the queue, the record and the proof at once."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        one_of("channel", CHANNELS, "known_channel"),
        one_of("purpose", PURPOSES, "known_purpose"),
        one_of("message_class", CLASSES, "known_class"),
        one_of("state", STATES, "known_state"),
        CheckConstraint("priority IN (0, 1)", name="known_priority"),
        CheckConstraint("(state = 'claimed') = (lease_owner IS NOT NULL)", name="leased_while_claimed"),
        CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="lease_is_whole"),
        Index(
            "ix_outbox_messages_ready", "channel", "sender", "priority", "not_before", "id",
            sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'"),
        ),
        # In order of asking within each state: the operator's list and counts read a part of it, never the table.
        Index(
            "ix_outbox_messages_state_created_at", "state", "created_at", "channel", "principal_id", "site_id",
        ),
        Index("ix_outbox_messages_sent_at", "sent_at"),
        Index("ix_outbox_messages_subject_key", "subject_key"),
        Index("ix_outbox_messages_recipient_hash", "recipient_hash"),
        Index("ix_outbox_messages_created_at", "created_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    # What the provider echoes in its callbacks, so that news finds the row even before we know the provider's id.
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    # What makes asking twice one message.
    business_key: Mapped[str] = mapped_column(String(200), unique=True)
    subject_key: Mapped[str] = mapped_column(String(120), default="")
    # How many times the same words were sent before and did not arrive: 0 is the first attempt, then 1 and 2.
    resend: Mapped[int] = mapped_column(default=0, server_default="0")
    channel: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(20))
    message_class: Mapped[str] = mapped_column(String(10), default="relation")
    principal_id: Mapped[int | None]
    # The site it is about; None: every site sees it.
    site_id: Mapped[int | None]

    recipient: Mapped[str] = mapped_column(String(320))
    recipient_hash: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(320), default="")
    # Who speaks, as the reader knows them; and, of an e-mail, the Message-ID of what it answers.
    brand: Mapped[str] = mapped_column(String(200), default="", server_default="")
    in_reply_to: Mapped[str | None] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    # Words in the body, besides the tokens of links, that are masked once the message is final; then emptied.
    secrets: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(10))
    # The version of the text it was written from; None: the product's own words, or somebody's.
    text_id: Mapped[int | None]
    parts: Mapped[int] = mapped_column(default=1)

    zone: Mapped[str] = mapped_column(String(64))
    region: Mapped[str] = mapped_column(String(32))
    # The hours it may go out, as windows.Window writes them; None: always.
    window: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    # Why not_before lies ahead: asked, window, retry, paused, calendar.
    held: Mapped[str | None] = mapped_column(String(20))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    priority: Mapped[int] = mapped_column(default=1)

    state: Mapped[str] = mapped_column(String(20), default="queued")
    rank: Mapped[int] = mapped_column(default=1)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # While in doubt: how often the provider was asked in vain, and when it is asked again.
    looks: Mapped[int] = mapped_column(default=0)
    look_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    provider_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    last_error: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Recipient and words are gone; the hash of the words stays, so that the send log says the same.
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    body_hash: Mapped[str | None] = mapped_column(String(64))


class OutboxEvent(db.Model):
    """One thing that was done or said about a message; never changed but for noting that it was applied."""

    __tablename__ = "outbox_events"
    __table_args__ = (
        one_of("source", ("outbox", "dispatcher", "provider", "person"), "known_source"),
        Index("ix_outbox_events_message_id", "message_id"),
        Index(
            "ix_outbox_events_waiting", "id",
            sqlite_where=text("applied_at IS NULL"), postgresql_where=text("applied_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    # None while a provider speaks of a message that we cannot find.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_messages.id"))
    source: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(80))
    provider_id: Mapped[str | None] = mapped_column(String(80))
    # The id of ours that the provider echoed; finds the message when the provider's own id is not known yet.
    public_id: Mapped[str | None] = mapped_column(String(32))
    # One row per distinct news of a provider, however often it is repeated.
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    actor_id: Mapped[int | None]
    # What a person gave as the reason of their act; no name and no number.
    note: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
