"""What was withdrawn: of one interview, and since some moment of some draws. Nobody's answer is told."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, func, select

from contacts.models import Period
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.models import AnswerEvent, AnswerWithdrawal, Draw, Invitation
from surveys.queries.answers import DECIDING


class Withdrawn(NamedTuple):
    """How many interviews lost how many answers, and when the last of them did."""

    interviews: int
    answers: int
    last_at: datetime | None


def standing_answers(invitation_id: int) -> list[AnswerEvent]:
    """The events that say what each question of an interview stands at, where that is an answer; in their order."""
    last = _last(AnswerEvent.invitation_id == invitation_id)
    statement = (
        select(AnswerEvent)
        .join(last, (last.c.question_id == AnswerEvent.question_id) & (last.c.position == AnswerEvent.position))
        .where(AnswerEvent.invitation_id == invitation_id, AnswerEvent.kind == "answer")
    )
    return list(db.session.scalars(statement.order_by(AnswerEvent.position)))


def _last(condition: ColumnElement[bool]) -> Subquery:
    statement = select(AnswerEvent.question_id, func.max(AnswerEvent.position).label("position"))
    return statement.where(condition, AnswerEvent.kind.in_(DECIDING)).group_by(AnswerEvent.question_id).subquery()


def withdrawals_of(invitation_id: int) -> Sequence[AnswerWithdrawal]:
    """What was withdrawn of an interview, oldest first."""
    wanted = select(AnswerWithdrawal).filter_by(invitation_id=invitation_id)
    return db.session.scalars(wanted.order_by(AnswerWithdrawal.id)).all()


def withdrawn_of_draws(draw_ids: Collection[int], scope: Scope, since: datetime | None = None) -> Withdrawn:
    """What was withdrawn of these draws, after ``since`` where it is given, at the sites in scope."""
    conditions = [AnswerWithdrawal.draw_id.in_(draw_ids)]
    if since is not None:
        conditions.append(AnswerWithdrawal.withdrawn_at > since)
    return _summed(conditions, scope)


def withdrawn_of_period(
    principal_id: int, first_day: date, last_day: date, scope: Scope, since: datetime, programme_id: int | None = None
) -> Withdrawn:
    """What was withdrawn after ``since`` of answers about periods within these days, inclusive."""
    draws = (
        select(Draw.id)
        .join(Period, Period.id == Draw.period_id)
        .where(Draw.principal_id == principal_id, Period.first_day >= first_day, Period.last_day <= last_day)
    )
    if programme_id is not None:
        draws = draws.where(Draw.programme_id == programme_id)
    return _summed([AnswerWithdrawal.draw_id.in_(draws), AnswerWithdrawal.withdrawn_at > since], scope)


def _summed(conditions: Sequence[ColumnElement[bool]], scope: Scope) -> Withdrawn:
    statement = (
        select(
            func.count(AnswerWithdrawal.invitation_id.distinct()),
            func.coalesce(func.sum(AnswerWithdrawal.answers), 0),
            func.max(AnswerWithdrawal.withdrawn_at),
        )
        .join(Invitation, Invitation.id == AnswerWithdrawal.invitation_id)
        .where(*conditions)
    )
    statement = scoped(statement, scope, principal=AnswerWithdrawal.principal_id, site=Invitation.site_id)
    return Withdrawn(*db.session.execute(statement).one())
