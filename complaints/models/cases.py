"""A case, its levels, its clocks, and the events that are its only truth."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaints import clocks, lifecycle, vocabulary
from complaints.models.columns import Delay
from foundation.database import UTCDateTime, db, one_of


class CaseCounter(db.Model):
    """The last number given in a year; taken with the case, so that no number is ever missing."""

    __tablename__ = "case_counters"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    last: Mapped[int] = mapped_column(default=0)


class Case(db.Model):
    """One complaint and what follows from it. State, level and dates are caches of its events."""

    __tablename__ = "cases"
    __table_args__ = (
        one_of("state", lifecycle.STATES),
        one_of("channel", vocabulary.CHANNELS),
        one_of("origin", vocabulary.ORIGINS),
        one_of("language", vocabulary.LANGUAGES),
        UniqueConstraint("year", "number"),
        Index("ix_cases_worklist", "principal_id", "state", "due_at"),
        Index("ix_cases_customer", "customer_id"),
        Index("ix_cases_phone", "phone"),
        Index("ix_cases_registered", "principal_id", "registered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    year: Mapped[int]
    number: Mapped[int]
    #: Random; the code of the complainant is a keyed function of it.
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    #: Keyed hash of the code that opens the case at /follow.
    secret_hash: Mapped[str] = mapped_column(String(64))
    #: Names the act that filed it, so that a double click or a repeated job makes one case.
    filing_key: Mapped[str] = mapped_column(String(120), unique=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    #: None: the case waits in its principal's queue.
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    #: Public id of the survey invitation whose answer it came from.
    invitation: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: The case this one follows, when an appeal came too late to reopen it.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    origin: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    #: False for a fixed line.
    phone_takes_sms: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(254))
    #: When the complainant sent it, when it reached us, when it was written down: in this order.
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    registered_by: Mapped[int | None]
    #: The answer it came from, as it was given; never altered here.
    answer_copy: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    # Caches, rebuilt by ``complaints.replay``.
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    category: Mapped[str | None] = mapped_column(String(20))
    handler_id: Mapped[int | None]
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The earliest date that still binds us; None when nothing is owed.
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_kind: Mapped[str | None] = mapped_column(String(20))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Complainant and words are gone; what happened, and when, stays.
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The number of its last event; echoed in forms, so that two handlers cannot overwrite each other.
    version: Mapped[int] = mapped_column(default=0)

    stages: Mapped[list["Stage"]] = relationship(back_populates="case", order_by="Stage.level")
    clocks: Mapped[list["Clock"]] = relationship(back_populates="case", order_by="Clock.id")


class Stage(db.Model):
    """A level of a case: 1 the complaint, 2 the appeal. A cache of the events."""

    __tablename__ = "stages"
    __table_args__ = (
        UniqueConstraint("case_id", "level"),
        one_of("level", (1, 2)),
        one_of("outcome", (*vocabulary.DECISIONS, *vocabulary.APPEAL_OUTCOMES)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    level: Mapped[int]
    #: Who has it in hand: a handler at level 1, a reviewer at level 2.
    handler_id: Mapped[int | None]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The appeal came after its window and was accepted all the same.
    late: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(20))

    case: Mapped[Case] = relationship(back_populates="stages")


class Clock(Delay, db.Model):
    """One delay of a case. What was promised never changes; whether it was kept is a cache of the events."""

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("case_id", "kind"),
        one_of("kind", clocks.KINDS),
        Index("ix_clocks_due", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    kind: Mapped[str] = mapped_column(String(20))
    #: Number of the event that started it.
    start_event: Mapped[int]
    met_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: It ended without being owed any more (withdrawn in time); a miss before that stays a miss.
    void_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    case: Mapped[Case] = relationship(back_populates="clocks")
    stage: Mapped[Stage] = relationship()


class CaseEvent(db.Model):
    """Something that happened to a case. Appended, never changed; holds no words and no address."""

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        UniqueConstraint("case_id", "submission_key"),
        one_of("kind", lifecycle.EVENTS),
        one_of("party", vocabulary.PARTIES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    #: 1, 2, 3 … within the case; decides the order where moments are equal.
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    party: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Names the click, so that a second one does nothing.
    submission_key: Mapped[str | None] = mapped_column(String(64))


class HistoryIsClosed(Exception):
    """Someone tried to change or delete what happened."""

    code = "history-is-closed"


@event.listens_for(CaseEvent, "before_update")
@event.listens_for(CaseEvent, "before_delete")
def refuse_rewriting(mapper: Any, connection: Any, target: CaseEvent) -> None:
    """Events are facts: a correction is a new event."""
    raise HistoryIsClosed(f"event {target.number} of case {target.case_id}")
