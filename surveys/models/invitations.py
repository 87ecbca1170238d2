"""Invitations and the history of what became of them."""

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import UTCDateTime, db
from surveys.dispositions import DISPOSITIONS
from surveys.models.draws import Draw
from surveys.models.programmes import Programme
from surveys.models.questionnaires import QuestionnaireVersion

_KNOWN = ", ".join(f"'{name}'" for name in DISPOSITIONS)


def new_public_id() -> str:
    return secrets.token_hex(12)


class Invitation(db.Model):
    """One drawn contact that is asked. The rows say what happened; ``invitation_events`` say when and why."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("draw_id", "contact_id"),
        CheckConstraint(f"disposition IN ({_KNOWN})", name="disposition"),
        CheckConstraint("collection IN ('sms', 'web', 'file')", name="collection"),
        Index("ix_invitations_customer", "customer_id", "principal_id", "sent_at"),
        Index("ix_invitations_draw", "draw_id", "disposition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_public_id)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    stratum: Mapped[str] = mapped_column(String(400))
    language: Mapped[str] = mapped_column(String(10))
    collection: Mapped[str] = mapped_column(String(10))
    #: Set when the link is first made; the token itself is never stored (see tokens.py).
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_issue: Mapped[int] = mapped_column(default=1)
    disposition: Mapped[str] = mapped_column(String(20), default="drawn")
    #: How many reminders were asked for, and when the last one was: the stamp that makes firing twice a no-op.
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    draw: Mapped[Draw] = relationship()
    programme: Mapped[Programme] = relationship()
    version: Mapped[QuestionnaireVersion] = relationship()


class InvitationEvent(db.Model):
    """One step of an invitation. Rows are added, never changed."""

    __tablename__ = "invitation_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    disposition: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
