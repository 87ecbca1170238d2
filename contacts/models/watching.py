"""Folders in which other systems leave their logs, and the files that were found there."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

FILE_STATES = ("waiting", "taken", "done", "failed")


class WatchedFolder(db.Model):
    """A folder below the watched root: what is left there is a log of one source of one principal."""

    __tablename__ = "watched_folders"

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: Relative to the root, with slashes.
    folder: Mapped[str] = mapped_column(String(200), unique=True)
    #: The saved mapping its files are read by.
    source: Mapped[str] = mapped_column(String(60))
    sheet: Mapped[str] = mapped_column(String(200), default="")
    #: The time of day, "06:00" in the principal's zone, by which a new file must have come; empty: whenever it likes.
    expected_at: Mapped[str] = mapped_column(String(5), default="")
    #: The days on which it must have come: 1 is Monday, 7 Sunday.
    expected_days: Mapped[str] = mapped_column(String(7), default="1234567")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WatchedFile(db.Model):
    """One file found in a watched folder, from when it is seen to when it lies among the done or the failed."""

    __tablename__ = "watched_files"
    __table_args__ = (one_of("state", FILE_STATES), Index("ix_watched_files_folder", "folder_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    folder_id: Mapped[int] = mapped_column(ForeignKey("watched_folders.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    #: Bytes, and when it was last changed in nanoseconds, as they were at ``seen_at``; it is taken once they stay.
    size: Mapped[int] = mapped_column(BigInteger)
    changed: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id", ondelete="SET NULL"))
    #: Code of why it failed.
    error: Mapped[str | None] = mapped_column(String(60))
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
