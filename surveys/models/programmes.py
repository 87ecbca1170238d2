"""Programmes, and their versions: whom to ask with which questionnaire, how, and under which promise."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import UTCDateTime, db, one_of
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.terms import COLLECTIONS, DRAW_KINDS, METHODS, PROMISES, TERMS, USUAL_GAP_HOURS, terms_hash


class Programme(db.Model):
    """A series of versions under one key. What it says is said by the version in force."""

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]

    versions: Mapped[list["ProgrammeVersion"]] = relationship(
        back_populates="programme", order_by="ProgrammeVersion.number"
    )

    def terms_at(self, moment: datetime) -> "ProgrammeVersion":
        """The version in force at ``moment``; before the first one, the first."""
        known = [version for version in self.versions if version.in_force_from <= moment]
        return known[-1] if known else self.versions[0]

    @property
    def latest(self) -> "ProgrammeVersion":
        """The last version made, which may be in force only later."""
        return self.versions[-1]


class ProgrammeVersion(db.Model):
    """What a programme says from a moment on, until the next version. Rows are added, never changed: ``Terms``."""

    __tablename__ = "programme_versions"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        UniqueConstraint("programme_id", "in_force_from"),
        one_of("collection", COLLECTIONS, "collection"),
        one_of("promise", PROMISES, "promise"),
        one_of("method", METHODS, "method"),
        one_of("draw_kind", DRAW_KINDS),
        CheckConstraint("validity_days > 0", name="validity_days"),
        CheckConstraint("quarantine_days >= 0", name="quarantine_days"),
        CheckConstraint("send_delay_hours >= 0", name="send_delay_hours"),
        CheckConstraint("reminders >= 0", name="reminders"),
        CheckConstraint("reminder_gap_hours > 0", name="reminder_gap_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    number: Mapped[int]
    in_force_from: Mapped[datetime] = mapped_column(UTCDateTime)
    #: What was changed and why, in the words of whoever did.
    note: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]

    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    collection: Mapped[str] = mapped_column(String(10))
    promise: Mapped[str] = mapped_column(String(20))
    low_score: Mapped[int | None]
    rules: Mapped[dict] = mapped_column(JSON)
    strata: Mapped[list] = mapped_column(JSON)
    method: Mapped[str] = mapped_column(String(20), default="proportional")
    sample_size: Mapped[int | None]
    minimum: Mapped[int] = mapped_column(default=2)
    fixed_sizes: Mapped[dict] = mapped_column(JSON, default=dict)
    validity_days: Mapped[int] = mapped_column(default=7)
    send_delay_hours: Mapped[int] = mapped_column(default=0)
    reminders: Mapped[int] = mapped_column(default=0)
    reminder_gap_hours: Mapped[int] = mapped_column(default=USUAL_GAP_HOURS)
    quarantine_days: Mapped[int] = mapped_column(default=0)
    sending_window: Mapped[dict | None] = mapped_column(JSON)
    names_agent: Mapped[bool] = mapped_column(default=False)
    draw_kind: Mapped[str] = mapped_column(String(12), default="batch", server_default="batch")
    design: Mapped[dict] = mapped_column(JSON, default=dict, server_default="{}")
    weighting: Mapped[dict] = mapped_column(JSON, default=dict, server_default="{}")

    programme: Mapped[Programme] = relationship(back_populates="versions")
    version: Mapped[QuestionnaireVersion] = relationship()

    @property
    def values(self) -> dict[str, Any]:
        """What it says, by the names of ``Terms``."""
        return {name: getattr(self, name) for name in TERMS}

    @property
    def digest(self) -> str:
        """The hash of what it says."""
        return terms_hash(self.values)

    @property
    def uses_addresses(self) -> bool:
        """Whether customers are written to; answers supplied by file need no address."""
        return self.collection != "file"
