"""Seeds, draws and what each contact of the period was to them."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import UTCDateTime, db
from surveys.models.programmes import Programme, ProgrammeVersion


class SeedCommitment(db.Model):
    """A seed bound to a programme and a span of days before it is used. ``seed`` is secret until the draw."""

    __tablename__ = "seed_commitments"
    __table_args__ = (UniqueConstraint("programme_id", "first_day", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    seed: Mapped[str] = mapped_column(String(128))
    commitment: Mapped[str] = mapped_column(String(64), unique=True)
    #: Committed when contacts of the period could already be known.
    late: Mapped[bool]
    committed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    committed_by: Mapped[int | None]


class Draw(db.Model):
    """One draw of a programme from a closed period. Once ``drawn`` nothing in it changes."""

    __tablename__ = "draws"
    __table_args__ = (
        UniqueConstraint("programme_id", "period_id"),
        CheckConstraint("state IN ('requested', 'drawn', 'refused')", name="state"),
        CheckConstraint("(state = 'drawn') = (seed IS NOT NULL)", name="drawn_reveals_its_seed"),
        CheckConstraint("(state = 'drawn') = (frame_hash IS NOT NULL)", name="drawn_has_its_frame"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), index=True)
    #: Under which terms: the version that was in force when the draw was asked for, for good.
    programme_version_id: Mapped[int] = mapped_column(ForeignKey("programme_versions.id"))
    seed_commitment_id: Mapped[int] = mapped_column(ForeignKey("seed_commitments.id"))
    state: Mapped[str] = mapped_column(String(20), default="requested")
    #: Why it was refused: {"code": …, "facts": {…}}.
    refusal: Mapped[dict | None] = mapped_column(JSON)
    requested: Mapped[int | None]  # units asked for; None: everyone
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    requested_by: Mapped[int | None]
    #: Contacts written so far, of ``population``: what the page shows while the draw is at work.
    progress: Mapped[int] = mapped_column(default=0)
    #: Whoever carries it out; another one takes over by writing its own name here.
    owner: Mapped[str | None] = mapped_column(String(40))

    seed_commitment: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str | None] = mapped_column(String(128))
    late: Mapped[bool]
    frame_hash: Mapped[str | None] = mapped_column(String(64))
    #: {"method", "size", "minimum", "fixed", "strata": [fields]}: what was asked, for whoever draws again.
    allocation: Mapped[dict] = mapped_column(JSON)
    #: Of several contacts of one customer only one could be drawn: figures speak of customers, not of contacts.
    one_per_customer: Mapped[bool]
    population: Mapped[int | None]
    eligible: Mapped[int | None]
    drawn: Mapped[int | None]
    #: {"ineligible": {reason: contacts}, "suppressed": {reason: contacts}}
    exclusions: Mapped[dict] = mapped_column(JSON, default=dict)
    drawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    programme: Mapped[Programme] = relationship()
    terms: Mapped[ProgrammeVersion] = relationship()
    strata: Mapped[list["DrawStratum"]] = relationship(order_by="DrawStratum.stratum")

    @property
    def version_id(self) -> int:
        """The version of the questionnaire that is asked."""
        return self.terms.version_id


class DrawStratum(db.Model):
    """One stratum of a draw: n_h (``drawn``) of N_h (``eligible``) of its whole ``population``."""

    __tablename__ = "draw_strata"
    __table_args__ = (CheckConstraint("drawn <= eligible AND eligible <= population", name="adds_up"),)

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(400), primary_key=True)
    #: The values of the strata fields, in their order.
    field_values: Mapped[list] = mapped_column(JSON)
    population: Mapped[int]
    eligible: Mapped[int]
    drawn: Mapped[int]


class FrameUnit(db.Model):
    """What one contact of the period was to a draw."""

    __tablename__ = "frame_units"
    __table_args__ = (
        CheckConstraint("status IN ('ineligible', 'suppressed', 'eligible')", name="status"),
        CheckConstraint("(status = 'eligible') = (reason = '')", name="exclusion_has_a_reason"),
        CheckConstraint("(status = 'eligible') = (pi_eligible IS NOT NULL)", name="eligible_has_pi"),
        UniqueConstraint("draw_id", "public_id"),
    )

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40))
    stratum: Mapped[str] = mapped_column(String(400))
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(60), default="")
    #: For quarantine: when the customer was last invited, the clock that the rule of the draw's terms was held against.
    clock: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Numbers the contacts of one customer inside this draw, when it has several that could be drawn.
    cluster: Mapped[int | None]
    drawn: Mapped[bool] = mapped_column(default=False)
    #: The probability of being drawn, as two integers: ``pi_drawn`` (n_h) of ``pi_eligible`` (N_h).
    pi_drawn: Mapped[int | None]
    pi_eligible: Mapped[int | None]
