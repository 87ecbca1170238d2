"""Principals, on whose behalf contacts are handled, and the sites that handle them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, true
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db, one_of

SITE_KINDS = ("operational", "technical")


class Principal(db.Model):
    """A client of the contact centre, or the centre itself: a data controller of its own."""

    __tablename__ = "principals"
    __table_args__ = (CheckConstraint("language IN ('fr', 'en')", name="language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    #: What customers call it; the first words of an SMS.
    brand: Mapped[str] = mapped_column(String(40))
    #: Days and periods of this principal are counted in this zone.
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Paris")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    #: A number, or up to 11 letters; empty: the installation's own sender.
    sms_sender: Mapped[str] = mapped_column(String(20), default="")
    reply_email: Mapped[str] = mapped_column(String(254), default="")
    mediator_name: Mapped[str] = mapped_column(String(200), default="")
    mediator_address: Mapped[str] = mapped_column(String(400), default="")
    mediator_url: Mapped[str] = mapped_column(String(400), default="")
    #: Who answers for the personal data, name and address, as printed in the privacy notice.
    controller: Mapped[str] = mapped_column(String(400), default="")
    #: {"fr": …, "en": …}: what a customer is told before answering.
    privacy_notice: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    #: Where customers may complain, by letter and by e-mail, as letters and pages print it.
    complaint_address: Mapped[str] = mapped_column(String(400), default="", server_default="")
    complaint_email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    #: Whether its customers may complain on our pages.
    takes_complaints: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Months after which things go by themselves; None: they stay until somebody erases them.
    #: Who a person is, counted from their last contact, message or case.
    identity_months: Mapped[int | None]
    #: Which person gave an answer, counted from its survey.
    link_months: Mapped[int | None]
    #: Words in answers and messages, counted from when they were written.
    text_months: Mapped[int | None]
    #: A case with its words and its complainant, counted from its end.
    complaint_months: Mapped[int | None]
    #: SHA-256 of the logo as it is served, and what stands for it where it is not seen; empty: no logo.
    logo_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    logo_alt: Mapped[str] = mapped_column(String(120), default="", server_default="")
    logo_width: Mapped[int] = mapped_column(default=0, server_default="0")
    logo_height: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    def notice(self, language: str) -> str:
        """The privacy notice in ``language``, else in the principal's own; empty if none is written."""
        return self.privacy_notice.get(language) or self.privacy_notice.get(self.language) or ""


class PrincipalLogo(db.Model):
    """The logo of a principal, as it is served: a PNG of our own writing."""

    __tablename__ = "principal_logos"

    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Site(db.Model):
    """A place, operational or technical, where contacts are handled."""

    __tablename__ = "sites"
    __table_args__ = (one_of("kind", SITE_KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Paris")
    #: A region of ``foundation.timing``: its public holidays are this site's.
    holiday_region: Mapped[str] = mapped_column(String(40), default="metropole")
    #: ``operational``: people handle contacts there. ``technical``: a computer room, a relay, a back-up.
    kind: Mapped[str] = mapped_column(String(12), default="operational", server_default="operational")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    def facts(self) -> dict[str, Any]:
        """What the ledger keeps of a site."""
        return {name: getattr(self, name) for name in ("key", "name", "zone", "holiday_region", "kind")}
