"""What people write to us: stored first, then routed once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.states import CHANNELS

#: What an incoming message is: somebody's words, what a machine answered, news that ours did not arrive, or ours again.
KINDS = ("message", "automatic", "bounce", "own")


class InboundMessage(db.Model):
    """One SMS or e-mail as it came in, where it was routed and why, and what a person did with it."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        one_of("channel", CHANNELS, "known_channel"),
        one_of("kind", KINDS, "known_kind"),
        Index(
            "ix_inbound_messages_waiting", "retry_at",
            sqlite_where=text("routed_at IS NULL"), postgresql_where=text("routed_at IS NULL"),
        ),
        Index("ix_inbound_messages_routed_to", "routed_to"),
        Index("ix_inbound_messages_sender", "sender"),
        Index("ix_inbound_messages_subject_key", "subject_key"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), default="sms", server_default="sms")
    # Of an SMS the provider's id; of an e-mail a hash of what its writer sent, whichever way it came.
    provider_id: Mapped[str] = mapped_column(String(80), unique=True)
    # Whose customer wrote: the last message we sent that number tells, or the address an e-mail was written to.
    principal_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(10))
    sender: Mapped[str] = mapped_column(String(320))
    recipient: Mapped[str] = mapped_column(String(320))
    # The words that are new: of an e-mail without what it quotes.
    body: Mapped[str] = mapped_column(Text)
    # STOP, START or HELP when the provider recognised it (and answers it) itself.
    provider_keyword: Mapped[str | None] = mapped_column(String(10))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)

    # Of an e-mail only.
    kind: Mapped[str] = mapped_column(String(10), default="message", server_default="message")
    sender_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    subject: Mapped[str] = mapped_column(Text, default="", server_default="")
    # All it says, with what it quotes.
    full_text: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(String(400))
    # The Message-IDs it answers, the nearest first.
    answers: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    # When its writer sent it, as far as that can be true.
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The e-mail as it came, byte for byte, in a file named after its SHA-256.
    raw_sha256: Mapped[str | None] = mapped_column(String(64))
    raw_path: Mapped[str | None] = mapped_column(String(200))
    raw_bytes: Mapped[int | None]
    # Name, media type and size in bytes of each attachment; they stay in the file.
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    # Codes of what was wrong with it: too large, an encoding that lies, nested too deeply.
    defects: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")

    # The name of the route that took it: "stop", "start", one of those registered, "bounce", "automatic", "own"
    # or "person".
    routed_to: Mapped[str | None] = mapped_column(String(40))
    # A code that says why it went there, and what it is about, as the outbox writes it (complaint:12).
    routed_why: Mapped[str | None] = mapped_column(String(40))
    subject_key: Mapped[str | None] = mapped_column(String(120))
    routed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(200))

    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handled_by: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
    # Sender and words are gone.
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Mailbox(db.Model):
    """A folder of a mail server that is read, and from which mail on."""

    __tablename__ = "mailboxes"
    __table_args__ = (UniqueConstraint("name", "uid_validity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # user@host/folder, without the password.
    name: Mapped[str] = mapped_column(String(320))
    # The server's promise that its numbers still mean the same mails.
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    # Every mail from this number on is taken; of older ones only those that nobody had read.
    first_uid: Mapped[int] = mapped_column(BigInteger)


class FetchedMail(db.Model):
    """One mail of a mailbox that was taken, so that it is never taken again."""

    __tablename__ = "fetched_mails"
    __table_args__ = (UniqueConstraint("mailbox_id", "uid"), Index("ix_fetched_mails_inbound_id", "inbound_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailboxes.id"))
    uid: Mapped[int] = mapped_column(BigInteger)
    # Two copies of one mail, that came by different ways, are one incoming message and two files.
    raw_sha256: Mapped[str] = mapped_column(String(64))
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound_messages.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
