"""Seeds, draws and what each contact of the period was to them."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import UTCDateTime, db, one_of
from surveys.models.programmes import Programme, ProgrammeVersion
from surveys.terms import DRAW_KINDS, POPULATION_NAMES


class SeedCommitment(db.Model):
    """A seed bound to a programme and a span of days before it is used. ``seed`` is secret until the draw."""

    __tablename__ = "seed_commitments"
    __table_args__ = (UniqueConstraint("programme_id", "first_day", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    seed: Mapped[str] = mapped_column(String(400))
    commitment: Mapped[str] = mapped_column(String(64), unique=True)
    #: Committed when contacts of the period could already be known.
    late: Mapped[bool]
    committed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    committed_by: Mapped[int | None]
    #: What an auditor gave after the period closed and before the draw, to be mixed with the seed.
    auditor_value: Mapped[str | None] = mapped_column(String(200))
    auditor_value_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    auditor_value_by: Mapped[int | None]


class Draw(db.Model):
    """One draw of a programme from a period. Once ``drawn`` nothing in it changes.

    A batch is ``requested`` when the period is closed; a continuous draw is ``running`` from before it opens until it
    is closed.
    """

    __tablename__ = "draws"
    __table_args__ = (
        UniqueConstraint("programme_id", "period_id"),
        CheckConstraint("state IN ('requested', 'running', 'drawn', 'refused')", name="state"),
        one_of("kind", DRAW_KINDS),
        one_of("population_name", POPULATION_NAMES.values()),
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
    #: Mixed with the seed before it ranked anybody; None: the seed alone ranks.
    auditor_value: Mapped[str | None] = mapped_column(String(200))
    late: Mapped[bool]
    frame_hash: Mapped[str | None] = mapped_column(String(64))
    #: {"method", "size", "minimum", "fixed", "strata": [fields]}: what was asked, for whoever draws again.
    allocation: Mapped[dict] = mapped_column(JSON)
    #: Of several contacts of one customer only one could be drawn.
    one_per_customer: Mapped[bool]
    #: That one stands for all of them (``FrameUnit.multiplicity``): figures speak of contacts, else of customers.
    weighs_contacts: Mapped[bool] = mapped_column(default=False, server_default=false())
    kind: Mapped[str] = mapped_column(String(12), default="batch", server_default="batch")
    #: Which population the figures speak of.
    population_name: Mapped[str] = mapped_column(
        String(40), default=POPULATION_NAMES["batch"], server_default=POPULATION_NAMES["batch"]
    )
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


class DrawPrints(db.Model):
    """The fingerprints of the lines of a draw's frame file (see ``surveys.frames``): they locate what was changed."""

    __tablename__ = "draw_prints"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    prints: Mapped[bytes] = mapped_column(LargeBinary)


class DrawHistory(db.Model):
    """What other draws had decided of the customers of a closed continuous draw: the lines they have in its frame.

    Each with its place in the file: [place, draw, "a/b", days, cluster, moment, pi, taken]. It names nobody.
    """

    __tablename__ = "draw_histories"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    lines: Mapped[list] = mapped_column(JSON)


class FrameUnit(db.Model):
    """What one contact of the period was to a draw."""

    __tablename__ = "frame_units"
    __table_args__ = (
        CheckConstraint("status IN ('ineligible', 'suppressed', 'eligible')", name="status"),
        CheckConstraint("(status = 'eligible') = (reason = '')", name="exclusion_has_a_reason"),
        CheckConstraint("(status = 'eligible') = (pi_eligible IS NOT NULL)", name="eligible_has_pi"),
        Index(
            "ix_frame_units_decided",
            "customer_id",
            "decided_at",
            sqlite_where=text("decided_at IS NOT NULL"),
            postgresql_where=text("decided_at IS NOT NULL"),
        ),
    )

    # No foreign keys: draws and contacts are never deleted, each key costs PostgreSQL a look for each of 100,000 rows,
    # and ``surveys verify-draw`` names a unit whose contact is not there.
    draw_id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40))
    stratum: Mapped[str] = mapped_column(String(400))
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(60), default="")
    #: For quarantine: when the customer was last invited, the clock that the rule of the draw's terms was held against.
    clock: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Numbers the contacts of one customer inside this draw, when it has several that could be drawn.
    cluster: Mapped[int | None]
    drawn: Mapped[bool] = mapped_column(default=False)
    #: The probability of being drawn, as two integers: ``pi_drawn`` (n_h) of ``pi_eligible`` (N_h). In a continuous
    #: draw the rate of its stratum, from which ``pi`` follows.
    pi_drawn: Mapped[int | None]
    pi_eligible: Mapped[int | None]
    #: In a continuous draw the probability itself; None in a batch, where it is the two integers.
    pi: Mapped[float | None] = mapped_column(Double)
    #: How many contacts that could be drawn this one stands for: the weight of a drawn one is
    #: pi_eligible / pi_drawn × multiplicity. None (draws made before it was kept): 1.
    multiplicity: Mapped[int | None]
    #: Continuous draws only: when it was decided, and of whom, as known in that moment (a merger comes later). Of whom
    #: goes with the principal's retention, once the draw is closed and no quarantine reaches back.
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    customer_id: Mapped[int | None]
