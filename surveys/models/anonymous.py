"""Answers of programmes that promise to be anonymous: while they are given, while they wait, and let go.

None of these rows has a time but a day, none after the end of an interview has a key to an invitation, and none a place
that tells when it came: one row for a whole interview, one for a whole pool, and random names for what is let go.
"""

import secrets
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import db


def new_name() -> str:
    return secrets.token_hex(16)


class OpenInterview(db.Model):
    """The events of an anonymous interview while it runs, all in one row, which goes when it ends.

    Rows of ``answer_events`` would leave gaps between their neighbours, which have times.
    """

    __tablename__ = "open_interviews"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), primary_key=True, autoincrement=False)
    #: {"said": [event, …], "keys": [name of what came in, …]}
    events: Mapped[dict[str, Any]] = mapped_column(JSON)


class AnswerPool(db.Model):
    """Answers of one stratum that wait for company, in one row: rows of their own would stand in their order."""

    __tablename__ = "answer_pools"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True, autoincrement=False)
    stratum: Mapped[str] = mapped_column(String(400), primary_key=True)
    size: Mapped[int]
    responses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class AnonymousAnswer(db.Model):
    """One completed interview, let go: whose it was nobody can tell. ``stratum`` is null where several go together.

    Its name is random, and SQLite keeps the rows by that name.
    """

    __tablename__ = "anonymous_answers"
    __table_args__ = (Index("ix_anonymous_answers_draw", "draw_id", "name"), {"sqlite_with_rowid": False})

    name: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_name)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    stratum: Mapped[str | None] = mapped_column(String(400))
    language: Mapped[str | None] = mapped_column(String(10))
    day: Mapped[date | None] = mapped_column(Date)
    #: [[question id, value, words], …] in the questionnaire's order.
    answers: Mapped[list[Any]] = mapped_column(JSON)


class DrawEnd(db.Model):
    """A draw of an anonymous programme whose time is over. Who of it has answered is known no more.

    ``together`` are the strata that are told together; ``kept`` answers are too few to be told at all.
    """

    __tablename__ = "draw_ends"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True, autoincrement=False)
    ended_on: Mapped[date] = mapped_column(Date)
    together: Mapped[list[str]] = mapped_column(JSON)
    released: Mapped[int]
    kept: Mapped[int]


class DrawTally(db.Model):
    """How many invitations of an ended draw stood where, instead of who. ``site_id`` 0: told of several sites.

    ``stratum`` is its name, or ``TOGETHER``.
    """

    __tablename__ = "draw_tallies"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True, autoincrement=False)
    stratum: Mapped[str] = mapped_column(String(400), primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    disposition: Mapped[str] = mapped_column(String(20), primary_key=True)
    invitations: Mapped[int]
    sent: Mapped[int]
    delivered: Mapped[int]
    started: Mapped[int]
    completed: Mapped[int]
