"""Answers as facts: append-only events, and the customers' raw words in rows that can be erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import UTCDateTime, db

# asked      a question went out by SMS          answer     a value or words for a question
# unread     a reply that is no answer           skip       passed over, by the customer or after two unread replies
# void       no longer asked, as an earlier answer was corrected
# late       an answer after the end: kept, not counted
# language   from now on the interview speaks that one
# person     a message was left to a person: until somebody goes on, nothing is asked by SMS
# completed, refused, stopped, wrong_person: how the interview ended
EVENT_KINDS = (
    "asked", "answer", "unread", "skip", "void", "late", "language", "person", "completed", "refused", "stopped",
    "wrong_person",
)  # fmt: skip
MODES = ("sms", "web", "file")


class AnswerEvent(db.Model):
    """One thing that happened in an interview. Rows are only ever added; a correction is a new row.

    The current answer to a question is its event of the highest ``position`` among answer, skip and void, if
    that is an answer. ``value`` is a number, a choice id, a list of them, a date, or null for words alone; of
    ``language`` its code. ``shown`` are the ids of the options as this person saw them, where shuffled or filtered.
    """

    __tablename__ = "answer_events"
    __table_args__ = (
        # Two writers who both read n events cannot both append the next one.
        UniqueConstraint("invitation_id", "position"),
        UniqueConstraint("idempotency_key"),
        CheckConstraint(f"kind IN {EVENT_KINDS}", name="known_kind"),
        CheckConstraint(f"mode IN {MODES}", name="known_mode"),
        CheckConstraint("kind <> 'answer' OR question_id IS NOT NULL", name="answer_has_question"),
        Index("ix_answer_events_version_id_question_id", "version_id", "question_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    position: Mapped[int]  # 0, 1, 2 … within the invitation
    kind: Mapped[str] = mapped_column(String(20))
    question_id: Mapped[str | None] = mapped_column(String(40))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    shown: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    mode: Mapped[str] = mapped_column(String(8))
    step: Mapped[str] = mapped_column(String(60), default="")  # the step the reply was given to, as echoed
    in_turn: Mapped[bool] = mapped_column(default=True)  # False: late, or a correction of an earlier answer
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(120))


class AnswerText(db.Model):
    """The raw words of one event. Erasing a person deletes this row and leaves the event."""

    __tablename__ = "answer_texts"

    answer_event_id: Mapped[int] = mapped_column(ForeignKey("answer_events.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
