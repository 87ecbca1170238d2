"""What was collected elsewhere, apart from every answer of our own: no report reads these tables."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from satisfaction.elsewhere import ANSWERS, FIGURES, LONGEST_SOURCE, SCALES, UNITS


class ElsewhereFile(db.Model):
    """A file that was taken in: from whom, what kind, and what became of its lines."""

    __tablename__ = "elsewhere_files"
    __table_args__ = (one_of("kind", (ANSWERS, FIGURES), "known_kind"), Index("ix_elsewhere_files", "principal_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    kind: Mapped[str] = mapped_column(String(10))
    #: Who collected it, as people call them: an institute, the tool of before.
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE))
    sha256: Mapped[str] = mapped_column(String(64))
    stored: Mapped[int]
    corrected: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    imported_by: Mapped[int | None]
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ElsewhereAnswer(db.Model):
    """One answer without whoever gave it: the digest of its reference tells it when it comes again."""

    __tablename__ = "elsewhere_answers"
    __table_args__ = (one_of("indicator", SCALES, "known_indicator"),)

    #: SHA-256 of principal, source, indicator and reference.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("elsewhere_files.id"))
    indicator: Mapped[str] = mapped_column(String(20))
    site_id: Mapped[int]
    month: Mapped[date] = mapped_column(Date)
    value: Mapped[int]


class ElsewhereCount(db.Model):
    """How many answers of a month say a value; ``site_id`` 0 where no site is named."""

    __tablename__ = "elsewhere_counts"
    __table_args__ = (CheckConstraint("answers >= 0", name="no_less_than_none"),)

    principal_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(20), primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answers: Mapped[int]


class ElsewhereFigure(db.Model):
    """A figure of somebody else. Of several for one place and period the newest holds; none is ever changed."""

    __tablename__ = "elsewhere_figures"
    __table_args__ = (
        one_of("indicator", UNITS, "known_indicator"),
        Index("ix_elsewhere_figures_series", "principal_id", "source", "indicator"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("elsewhere_files.id"))
    principal_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE))
    indicator: Mapped[str] = mapped_column(String(30))
    site_id: Mapped[int]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    estimate: Mapped[float]
    lower: Mapped[float | None]
    upper: Mapped[float | None]
    n: Mapped[int | None]
