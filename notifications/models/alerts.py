"""What the staff should know without looking, who was told, and how each wants to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of
from notifications.alerting import HOWS, KINDS


class Alert(db.Model):
    """One thing that happened once: a clock that came near or passed, a low score, a dispatcher that got stuck."""

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("kind", KINDS, "known_kind"),
        Index("ix_alerts_raised_at", "raised_at"),
        Index("ix_alerts_subject_key", "subject_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    # What makes raising it twice one alert.
    key: Mapped[str] = mapped_column(String(160), unique=True)
    # What it is about: nobody gets two mails about it within an hour.
    subject_key: Mapped[str] = mapped_column(String(120))
    # Empty for what is about the house itself.
    principal_id: Mapped[int | None]
    site_id: Mapped[int | None]
    # In whose hands it is.
    in_charge_id: Mapped[int | None]
    # One line by language, without any customer's name or words.
    text: Mapped[dict[str, str]] = mapped_column(JSON)
    path: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # It is no longer so: who was not told by then need not be.
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AlertTelling(db.Model):
    """Somebody was told of an alert, in the message that carries ``message_key``."""

    __tablename__ = "alert_tellings"
    __table_args__ = (UniqueConstraint("alert_id", "user_id"), Index("ix_alert_tellings_user", "user_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    message_key: Mapped[str] = mapped_column(String(200))


class AlertPreference(db.Model):
    """How somebody wants to be told of one kind; without a row the default of their role holds."""

    __tablename__ = "alert_preferences"
    __table_args__ = (
        UniqueConstraint("user_id", "kind"),
        one_of("kind", KINDS, "known_kind"),
        one_of("how", HOWS, "known_how"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(10))
    how: Mapped[str] = mapped_column(String(10))
    # Told from this moment on: whoever wanted nothing before is not flooded with it afterwards.
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class AlertReader(db.Model):
    """When and in which language somebody reads, as ``alerting.Reader``; without a row its defaults hold."""

    __tablename__ = "alert_readers"
    __table_args__ = (
        one_of("language", ("fr", "en")),
        CheckConstraint("0 <= opens AND opens < closes AND closes <= 24", name="opens_first"),
        CheckConstraint("opens <= daily_hour AND daily_hour < closes", name="daily_while_open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    opens: Mapped[int]
    closes: Mapped[int]
    weekends: Mapped[bool]
    daily_hour: Mapped[int]
