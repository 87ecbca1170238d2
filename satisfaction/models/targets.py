"""What a principal and the provider agreed to reach, and what became of it at each close."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import UTCDateTime, db, one_of
from satisfaction.cadences import CADENCES
from satisfaction.verdicts import DECISIONS, STATES, Rule


class TargetAgreement(db.Model):
    """A commitment of the provider to a principal. What it says is in its versions; a signed one holds."""

    __tablename__ = "target_agreements"
    __table_args__ = (Index("ix_target_agreements_principal", "principal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The number of the last version; echoed in forms, so that the second of two editors is told.
    version: Mapped[int] = mapped_column(default=1)

    versions: Mapped[list["TargetVersion"]] = relationship(order_by="TargetVersion.number.desc()")


class TargetVersion(db.Model):
    """What an agreement says. Nothing of it changes once written but its signature, which is written once."""

    __tablename__ = "target_versions"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="days_in_order"),
        CheckConstraint("tolerance >= 0", name="tolerance_is_none_or_more"),
        CheckConstraint("minimum_answers >= 1", name="some_answers"),
        CheckConstraint(
            "(signed_at IS NULL) = (signed_on IS NULL) AND (signed_at IS NULL) = (signed_for_principal IS NULL)"
            " AND (signed_at IS NULL) = (signed_for_provider IS NULL)",
            name="signed_whole",
        ),
        one_of("decision", DECISIONS),
        one_of("cadence", CADENCES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("target_agreements.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    indicator: Mapped[str] = mapped_column(String(40))
    #: Which formula of it, see ``satisfaction.targets``.
    formula: Mapped[str] = mapped_column(String(60))
    #: The programme whose answers count; None for what comes from the register.
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"))
    direction: Mapped[str] = mapped_column(String(10))
    target: Mapped[float] = mapped_column(Double)
    tolerance: Mapped[float] = mapped_column(Double)
    decision: Mapped[str] = mapped_column(String(10))
    confidence_level: Mapped[float] = mapped_column(Double)
    minimum_answers: Mapped[int]
    minimum_response: Mapped[float | None] = mapped_column(Double)
    #: Whom the figure speaks of (``surveys.terms.POPULATION_NAMES``); None for the register.
    population_name: Mapped[str | None] = mapped_column(String(40))
    #: Which days are judged together, of CADENCES.
    cadence: Mapped[str] = mapped_column(String(10))
    #: "" the whole, "*" each by itself, else the key of one.
    site: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20))
    #: Both inclusive, in the principal's zone; None: without an end.
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[int | None]
    #: Who signed, on which day, and when that was recorded: from then on it holds.
    signed_for_principal: Mapped[str | None] = mapped_column(String(200))
    signed_for_provider: Mapped[str | None] = mapped_column(String(200))
    signed_on: Mapped[date | None]
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by: Mapped[int | None]

    @property
    def rule(self) -> Rule:
        return Rule(
            target=self.target,
            tolerance=self.tolerance,
            decision=self.decision,
            direction=self.direction,
            level=self.confidence_level,
            minimum_answers=self.minimum_answers,
            minimum_response=self.minimum_response,
            population_name=self.population_name,
            formula=self.formula,
        )

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What its figures are told apart by."""
        return tuple(name for name in ("site", "channel") if getattr(self, name))

    def speaks_of(self, by: dict[str, str]) -> bool:
        """Whether a figure of that place is one of those agreed on."""
        return set(by) == set(self.dimensions) and all(getattr(self, name) in ("*", by[name]) for name in by)


class TargetLook(db.Model):
    """The one official look at an agreement, after the close of its days. Never changed."""

    __tablename__ = "target_looks"
    __table_args__ = (UniqueConstraint("agreement_id", "first_day", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("target_agreements.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("target_versions.id"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    looked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Some figure beside these is withheld, so that whoever sees a part only is shown no numbers.
    withholds: Mapped[bool]

    version: Mapped[TargetVersion] = relationship()
    verdicts: Mapped[list["Verdict"]] = relationship(back_populates="look", order_by="Verdict.id")


class Verdict(db.Model):
    """What was said of one place at one look. ``finding``: the figure as the report gave it then (docs/report.md)."""

    __tablename__ = "verdicts"
    __table_args__ = (one_of("state", STATES), Index("ix_verdicts_look", "look_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    look_id: Mapped[int] = mapped_column(ForeignKey("target_looks.id"))
    #: None and empty: all sites, all channels.
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40))
    finding: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Answers of those drawn here; None for the register and where it is withheld.
    response: Mapped[float | None] = mapped_column(Double)
    #: Whether it is among those that miss when all of the look are judged together (Holm).
    misses: Mapped[bool]

    look: Mapped[TargetLook] = relationship(back_populates="verdicts")
