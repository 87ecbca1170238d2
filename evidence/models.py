"""Binders that were asked for, and the file of each once it is built."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Model, UTCDateTime


class Binder(Model):
    """One binder for a principal and days (both inclusive). Built once; a new state is a new one."""

    __tablename__ = "binders"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("(built_at IS NULL) = (sha256 IS NULL)", name="built_is_hashed"),
        CheckConstraint("(built_at IS NULL) = (size IS NULL)", name="built_has_size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    #: None: every programme of the principal.
    survey_key: Mapped[str | None] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[int | None]
    built_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sha256: Mapped[str | None] = mapped_column(String(64))
    #: In bytes.
    size: Mapped[int | None]


class BinderFile(Model):
    """The ZIP, apart from its binder so that a list does not read it."""

    __tablename__ = "binder_files"

    binder_id: Mapped[int] = mapped_column(ForeignKey("binders.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
