"""Files sent in, how their columns were read, and the rows that could not be."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

BATCH_STATES = ("received", "queued", "running", "done", "failed")
NOTE_KINDS = ("reject", "warning")


class Mapping(db.Model):
    """How the columns of one source are read; saved once, used for each file of that source."""

    __tablename__ = "mappings"
    __table_args__ = (UniqueConstraint("principal_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    source: Mapped[str] = mapped_column(String(60))
    #: The JSON form of ``contacts.mapping.Mapping``.
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The header it was made on; a file with the same header is offered this mapping.
    columns: Mapped[list[str]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ImportBatch(db.Model):
    """One file sent in, from its arrival to its result.

    The counts are of rows, are saved together with the rows they count, and add up:
    ``read_rows`` = ``added`` + ``known`` + ``rejected``; ``late`` are among the added.
    """

    __tablename__ = "import_batches"
    __table_args__ = (
        one_of("state", BATCH_STATES),
        CheckConstraint("read_rows = added + known + rejected", name="counts_add_up"),
        Index("ix_import_batches_principal", "principal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: Site ids the sender may file under; None: every site.
    site_ids: Mapped[list[int] | None] = mapped_column(JSON)
    filename: Mapped[str] = mapped_column(String(255))
    file_hash: Mapped[str] = mapped_column(String(64))
    #: Of a workbook: the sheet that was named; empty: the first with something in it.
    sheet: Mapped[str] = mapped_column(String(200), default="", server_default="")
    source: Mapped[str] = mapped_column(String(60), default="")
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: Header and separator of the file, for the rejects that go back.
    columns: Mapped[list[str]] = mapped_column(JSON)
    separator: Mapped[str] = mapped_column(String(1))
    state: Mapped[str] = mapped_column(String(10), default="received")
    #: Code of what stopped it as a whole, and where.
    error: Mapped[str | None] = mapped_column(String(60))
    total_rows: Mapped[int]
    read_rows: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    warned: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    #: Records of the file that are no contact with a customer, by code; never among its rows.
    left_out: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When rows were last written: whether somebody is at work.
    written_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ImportPiece(db.Model):
    """Some bytes of a file that waits to be imported, in the order of ``place``; deleted as soon as it is.

    In the database, because the worker that imports may run on another machine than the page; in pieces, because
    neither page nor worker has room for the whole.
    """

    __tablename__ = "import_pieces"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportNote(db.Model):
    """A row that was refused, or taken with something left out; goes back to whoever sent the file."""

    __tablename__ = "import_notes"
    __table_args__ = (one_of("kind", NOTE_KINDS), Index("ix_import_notes_batch", "batch_id", "kind", "line"))

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    line: Mapped[int]
    #: The row as it was sent.
    cells: Mapped[list[str]] = mapped_column(JSON)
    #: [[field, code], …]
    faults: Mapped[list[list[str]]] = mapped_column(JSON)


class ImportNoteLook(db.Model):
    """What a note may be found by when somebody asks what is held of them (see ``contacts.looks``); goes with it."""

    __tablename__ = "import_note_looks"
    __table_args__ = (Index("ix_import_note_looks_note", "note_id"),)

    look: Mapped[str] = mapped_column(String(254), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("import_notes.id", ondelete="CASCADE"), primary_key=True)
