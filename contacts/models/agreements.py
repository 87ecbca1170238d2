"""What principals have agreed to do together about people, across the border between them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db

#: What an agreement may widen from one principal to all of its parties.
WIDENINGS = ("quarantine", "opt_out", "erasure")


class Agreement(db.Model):
    """An agreement between principals. What it says is in its versions, of which the last one holds."""

    __tablename__ = "agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The number of the last version; echoed in forms, so that the second of two editors is told.
    version: Mapped[int] = mapped_column(default=1)


class AgreementVersion(db.Model):
    """What an agreement says since a moment. Rows are only ever added: a change, and its end, is another one."""

    __tablename__ = "agreement_versions"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="days_in_order"),
        CheckConstraint("(document_hash = '') = (document_name = '')", name="document_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    number: Mapped[int]
    #: Of WIDENINGS.
    widens: Mapped[list[str]] = mapped_column(JSON)
    #: Why the law allows it, in words.
    legal_basis: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date]
    #: Who signed, for each party.
    signed_by: Mapped[str] = mapped_column(String(400))
    #: Both inclusive, each principal's own days; None: without an end.
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    #: Name and SHA-256 of the signed document, which is kept elsewhere; both empty where there is none at hand.
    document_name: Mapped[str] = mapped_column(String(255), default="")
    document_hash: Mapped[str] = mapped_column(String(64), default="")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[int | None]

    def facts(self) -> dict[str, Any]:
        """What the ledger keeps of a version, besides its parties and who signed."""
        names = ("number", "widens", "legal_basis", "document_name", "document_hash")
        days = {name: getattr(self, name) for name in ("signed_on", "first_day", "last_day")}
        return {name: getattr(self, name) for name in names} | {
            name: day.isoformat() if day else None for name, day in days.items()
        }


class AgreementParty(db.Model):
    """One principal of one version of an agreement."""

    __tablename__ = "agreement_parties"
    __table_args__ = (Index("ix_agreement_parties_principal", "principal_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_versions.id"), primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), primary_key=True)
