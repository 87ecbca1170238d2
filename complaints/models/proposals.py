"""Dissatisfied answers that may be complaints, until someone has said which they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.models.columns import Delay
from foundation.database import UTCDateTime, db, one_of

QUALIFICATIONS = ("complaint", "not_complaint")


class Proposal(Delay, db.Model):
    """An answer with dissatisfied words, and how, when, why and by whom it was qualified.

    It has no reference: numbers are for complaints, and no number may be missing.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        one_of("qualification", QUALIFICATIONS),
        one_of("qualified_party", ("customer", "staff")),
        CheckConstraint("(qualification IS NULL) = (qualified_at IS NULL)", name="qualified_whole"),
        CheckConstraint("qualification != 'complaint' OR case_id IS NOT NULL", name="complaint_has_case"),
        Index("ix_proposals_waiting", "principal_id", "qualification", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    #: Public id of the invitation; one answer is proposed once.
    invitation: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    words: Mapped[str] = mapped_column(Text)
    #: "callback" where the customer asked to be called back, else "none".
    wants: Mapped[str] = mapped_column(String(10))
    answer_copy: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    qualification: Mapped[str | None] = mapped_column(String(16))
    #: The customer qualifies it by asking for it to be treated as a complaint.
    qualified_party: Mapped[str | None] = mapped_column(String(10))
    qualified_by: Mapped[int | None]
    qualified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int] = mapped_column(default=1)
