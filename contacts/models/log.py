"""Customers, the contact log, and the holds that keep someone from being asked."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contacts.vocabulary import CHANNELS, DIRECTIONS, OUTCOMES, PHONE_STATES
from foundation.database import UTCDateTime, db, one_of


def new_public_id() -> str:
    """Thirty-two random hexadecimal digits: names a contact without telling anything of it."""
    return secrets.token_hex(16)


class Customer(db.Model):
    """A person known by an address to one principal; the same person at another principal is another row."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("principal_id", "phone"),
        Index("ix_customers_principal_email", "principal_id", "email"),
        Index("ix_customers_phone", "phone"),
        Index("ix_customers_merged_into", "merged_into_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: E.164.
    phone: Mapped[str | None] = mapped_column(String(20))
    #: False for a fixed line, which is an address of a person but takes no SMS.
    phone_takes_sms: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Nobody is behind this row any more; what hangs on it is somebody's, and nobody's in particular.
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The row of the same person that goes on; this one is only known by its addresses.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))


class Contact(db.Model):
    """One contact of the log, askable or not: together they are the population."""

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("principal_id", "source", "external_id"),
        one_of("channel", CHANNELS),
        one_of("direction", DIRECTIONS),
        one_of("outcome", OUTCOMES),
        one_of("phone_state", PHONE_STATES),
        Index("ix_contacts_principal_started", "principal_id", "started_at"),
        Index("ix_contacts_started", "started_at"),
        Index("ix_contacts_customer", "customer_id"),
        Index("ix_contacts_batch", "batch_id"),
        Index("ix_contacts_entry_point", "entry_point_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What auditors see, and the unit of a draw.
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"))
    #: The log it was read from, and its name there.
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(10))
    direction: Mapped[str] = mapped_column(String(3))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    entry_point_id: Mapped[int | None] = mapped_column(ForeignKey("entry_points.id"))
    #: What the log said of the entry point, in its one form, whether it is in the list or not.
    entry_address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: As the log said it.
    reason: Mapped[str] = mapped_column(String(200), default="")
    #: What it was resolved to, by which version of the tree; never again once its period is closed.
    reason_version_id: Mapped[int | None] = mapped_column(ForeignKey("reason_versions.id"))
    reason_leaf: Mapped[str] = mapped_column(String(60), default="", server_default="")
    reason_group: Mapped[str] = mapped_column(String(60), default="", server_default="")
    #: A pseudonym (``contacts.agents``), never what the log said.
    agent: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(String(12), default="unknown")
    #: What the log said where the customer's number should be: how often it is missing or wrong is told by agent.
    phone_state: Mapped[str] = mapped_column(String(12), default="unknown", server_default="unknown")
    language: Mapped[str] = mapped_column(String(2), default="")
    #: It came after its period was closed, so it belongs to no population.
    late: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Further columns of the log, kept as text under the log's own names.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Hold(db.Model):
    """A dated reason not to ask a person, or about a contact."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) != (contact_id IS NULL)", name="one_subject"),
        Index("ix_holds_customer", "customer_id"),
        Index("ix_holds_contact", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    #: Why: "complaint", "staff", "test" …
    code: Mapped[str] = mapped_column(String(40))
    #: What lifts it again, such as "complaint:7".
    key: Mapped[str] = mapped_column(String(80), unique=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
