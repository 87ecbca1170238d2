"""Posters, and what people answer who scan one.

Tables of their own: no statement that reads invitations, draws or the answers of those who were drawn can meet a row of
these, so that nothing a poster brings comes into a figure by mistake.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contacts.models import Site
from foundation.database import UTCDateTime, db, one_of
from surveys.models.anonymous import new_name
from surveys.models.answers import EVENT_KINDS
from surveys.models.invitations import new_public_id
from surveys.models.programmes import Programme

#: Where an interview at a poster may stand. None of these is one of AAPOR's: nobody was drawn.
POSTER_STATES = ("started", "completed", "partial", "broken_off", "refused", "withdrawn")


class Poster(db.Model):
    """One sheet on one wall: a door to the questionnaire of a programme, open until somebody closes it."""

    __tablename__ = "posters"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("(closed_at IS NULL) OR (closed_at >= opened_at)", name="closed_after_opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    #: 1, 2, 3 … within the programme; it stands on the sheet.
    number: Mapped[int]
    #: The key itself is never stored; see tokens.py.
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    key_issue: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None]
    #: When the anonymous answers it brought were let go for the last time, and those too few forgotten.
    ended_on: Mapped[date | None] = mapped_column(Date)

    programme: Mapped[Programme] = relationship()
    site: Mapped[Site] = relationship()


class PosterInterview(db.Model):
    """One interview begun at a poster. Who gives it nobody knows: it has no contact and no customer.

    ``seed`` decides the order of shuffled choices. ``kept`` are the events of an anonymous one while it runs; at its
    end they go, and with them everything but that this link is used, without a time of day.
    """

    __tablename__ = "poster_interviews"
    __table_args__ = (
        one_of("disposition", POSTER_STATES, "disposition"),
        CheckConstraint("collection = 'open'", name="collection"),
        Index("ix_poster_interviews_poster", "poster_id", "disposition"),
        Index("ix_poster_interviews_expires", "disposition", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poster_id: Mapped[int] = mapped_column(ForeignKey("posters.id"))
    programme_version_id: Mapped[int] = mapped_column(ForeignKey("programme_versions.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    collection: Mapped[str] = mapped_column(String(10), default="open", server_default="open")
    seed: Mapped[str] = mapped_column(String(40), default=new_public_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(10))
    disposition: Mapped[str] = mapped_column(String(20), default="started")
    #: Begun in a browser in which another one was begun at this poster on the same day.
    again: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: {"said": [event, …], "keys": [name of what came in, …]}
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class PosterEvent(db.Model):
    """One thing that happened in such an interview; rows are only ever added. See ``AnswerEvent``."""

    __tablename__ = "poster_events"
    __table_args__ = (
        UniqueConstraint("interview_id", "position"),
        UniqueConstraint("idempotency_key"),
        CheckConstraint(f"kind IN {EVENT_KINDS}", name="known_kind"),
        CheckConstraint("kind <> 'answer' OR question_id IS NOT NULL", name="answer_has_question"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("poster_interviews.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    question_id: Mapped[str | None] = mapped_column(String(40))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    shown: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    step: Mapped[str] = mapped_column(String(60), default="")
    in_turn: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(120))


class PosterText(db.Model):
    """The raw words of one event. Erasing what somebody wrote deletes this row and leaves the event."""

    __tablename__ = "poster_texts"

    event_id: Mapped[int] = mapped_column(ForeignKey("poster_events.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class PosterPool(db.Model):
    """Anonymous answers of one poster, under one version of its programme, that wait for company, in one row.

    ``again``: how many interviews of its were another one of a browser on one day; which ones is forgotten.
    """

    __tablename__ = "poster_pools"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    poster_id: Mapped[int] = mapped_column(ForeignKey("posters.id"), primary_key=True, autoincrement=False)
    programme_version_id: Mapped[int] = mapped_column(
        ForeignKey("programme_versions.id"), primary_key=True, autoincrement=False
    )
    size: Mapped[int]
    again: Mapped[int] = mapped_column(default=0)
    responses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class PosterAnswer(db.Model):
    """One completed anonymous interview at a poster, let go: whose it was nobody can tell. See ``AnonymousAnswer``."""

    __tablename__ = "poster_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["poster_id", "programme_version_id"],
            ["poster_pools.poster_id", "poster_pools.programme_version_id"],
            name="fk_poster_answers_pool",
        ),
        Index("ix_poster_answers_pool", "poster_id", "programme_version_id", "name"),
        {"sqlite_with_rowid": False},
    )

    name: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_name)
    poster_id: Mapped[int]
    programme_version_id: Mapped[int]
    language: Mapped[str | None] = mapped_column(String(10))
    day: Mapped[date | None] = mapped_column(Date)
    #: [[question id, value, words], …] in the questionnaire's order.
    answers: Mapped[list[Any]] = mapped_column(JSON)
