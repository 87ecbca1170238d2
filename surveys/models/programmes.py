"""Programmes: whom to ask with which version, how, and under which promise."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import UTCDateTime, db
from surveys.models.questionnaires import QuestionnaireVersion


class Programme(db.Model):
    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("collection IN ('sms', 'web', 'file')", name="collection"),
        CheckConstraint("promise IN ('confidential', 'followed_up')", name="promise"),
        CheckConstraint("method IN ('everyone', 'proportional', 'equal', 'fixed')", name="method"),
        CheckConstraint("validity_days > 0", name="validity_days"),
        CheckConstraint("quarantine_days >= 0", name="quarantine_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    collection: Mapped[str] = mapped_column(String(10))
    promise: Mapped[str] = mapped_column(String(20))
    validity_days: Mapped[int] = mapped_column(default=7)
    #: Answers at or below it, on the questions' own scale of satisfaction, get the follow-up question; None: never.
    low_score: Mapped[int | None]
    #: Whom to ask: {"outcomes": ["answered"], "directions": ["in", "out"], "max_age_days": null}; see eligibility.py.
    rules: Mapped[dict] = mapped_column(JSON)
    #: Contact fields whose combinations are the strata: site, channel, reason, …, facts.<key>.
    strata: Mapped[list] = mapped_column(JSON)
    method: Mapped[str] = mapped_column(String(20), default="proportional")
    sample_size: Mapped[int | None]
    minimum: Mapped[int] = mapped_column(default=2)
    #: For method fixed: {stratum: units}.
    fixed_sizes: Mapped[dict] = mapped_column(JSON, default=dict)
    #: A customer whom this principal invited less than so many days ago is left alone; 0: no such rule.
    quarantine_days: Mapped[int] = mapped_column(default=0)
    #: Hours in which messages may go out, as notifications.services.enqueue takes them; None: at any hour.
    sending_window: Mapped[dict | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]

    version: Mapped[QuestionnaireVersion] = relationship()

    @property
    def uses_addresses(self) -> bool:
        """Whether customers are written to; answers supplied by file need no address."""
        return self.collection != "file"
