"""Programmes and where each of them stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from contacts.models import Period, Principal
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.anonymity import ANONYMOUS, FEWEST
from surveys.models import (
    Draw,
    DrawTally,
    Invitation,
    Programme,
    ProgrammeVersion,
    Questionnaire,
    QuestionnaireVersion,
    SeedCommitment,
)
from surveys.steps import NextStep, PeriodState, next_step


@dataclass(frozen=True)
class ProgrammeRow:
    """A line of the list of programmes; ``terms``: its version in force."""

    programme: Programme
    terms: ProgrammeVersion
    principal: str
    periods: list[PeriodState]
    next_step: NextStep

    @property
    def invited(self) -> int:
        return sum(period.invited for period in self.periods)

    @property
    def completed(self) -> int | None:
        """None where one period's number may not be told: the sum of the others would be no number of the whole."""
        known = [period.completed for period in self.periods if period.completed is not None]
        return sum(known) if len(known) == len(self.periods) else None


def programme_rows(scope: Scope, now: datetime) -> list[ProgrammeRow]:
    """The programmes of the principals in scope, by principal and name."""
    statement = select(Programme, Principal.name).join(Principal, Principal.id == Programme.principal_id)
    statement = statement.options(selectinload(Programme.versions))
    statement = statement.options(selectinload(Programme.versions).joinedload(ProgrammeVersion.version))
    found = db.session.execute(
        scoped(statement, scope, principal=Programme.principal_id).order_by(Principal.name, Programme.name)
    )
    return [programme_row(programme, principal, now, scope) for programme, principal in found.all()]


def programme_row(programme: Programme, principal: str, now: datetime, scope: Scope) -> ProgrammeRow:
    """Where a programme stands; how many were invited and answered is told of the sites in scope."""
    periods, terms = period_states(programme, scope), programme.terms_at(now)
    return ProgrammeRow(
        programme, terms, principal, periods, next_step(periods, terms.uses_addresses, terms.draw_kind == "continuous")
    )


def programme_in_scope(key: str, scope: Scope) -> Programme | None:
    """The programme of that key, if whoever asks may see its principal."""
    wanted = scoped(select(Programme).filter_by(key=key), scope, principal=Programme.principal_id)
    return db.session.scalars(wanted).one_or_none()


def programme_by_key(key: str) -> Programme | None:
    """For commands, which see everything."""
    return db.session.scalars(select(Programme).filter_by(key=key)).one_or_none()


def period_states(programme: Programme, scope: Scope) -> list[PeriodState]:
    """The periods of the programme's principal, newest first, with what was drawn from each.

    ``unsent`` is of every site, as sending is.
    """
    unsent = func.sum(case((Invitation.disposition == "drawn", 1), else_=0)).label("unsent")
    waiting = select(Invitation.draw_id, unsent).where(Invitation.programme_id == programme.id)
    left = waiting.group_by(Invitation.draw_id).subquery()
    done = func.count(Invitation.completed_at).label("completed")
    counts = (
        scoped(select(Invitation.draw_id, func.count().label("invited"), done), scope, site=Invitation.site_id)
        .where(Invitation.programme_id == programme.id)
        .group_by(Invitation.draw_id)
        .subquery()
    )
    erased = select(DrawTally.draw_id, func.sum(DrawTally.completed)).join(Draw, Draw.id == DrawTally.draw_id)
    erased = erased.where(Draw.programme_id == programme.id).group_by(DrawTally.draw_id)
    counted = {draw_id: int(completed) for draw_id, completed in db.session.execute(erased)}
    rows = db.session.execute(
        select(
            Period, Draw.id, Draw.state, ProgrammeVersion.promise, left.c.unsent, counts.c.invited, counts.c.completed
        )
        .outerjoin(Draw, (Draw.period_id == Period.id) & (Draw.programme_id == programme.id))
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .outerjoin(left, left.c.draw_id == Draw.id)
        .outerjoin(counts, counts.c.draw_id == Draw.id)
        .where(Period.principal_id == programme.principal_id)
        .order_by(Period.first_day.desc())
    )
    return [
        PeriodState(
            period.first_day,
            period.last_day,
            period.closed_at is not None,
            draw_id,
            state,
            unsent or 0,
            invited or 0,
            _told(promise, (done or 0) + counted.get(draw_id, 0), scope),
        )
        for period, draw_id, state, promise, unsent, invited, done in rows
    ]


def _told(promise: str | None, completed: int, scope: Scope) -> int | None:
    """How many interviews are complete, where that may be told: the rule of ``ladder.hushed``.

    An anonymous draw is told whole or by stratum, so not of some sites.
    """
    if promise == ANONYMOUS and (scope.site_ids is not None or 0 < completed < FEWEST):
        return None
    return completed


def seeds_of(programme: Programme) -> list[SeedCommitment]:
    """The committed seeds of a programme, newest days first. Their secrets are for the draw alone."""
    return list(
        db.session.scalars(
            select(SeedCommitment).filter_by(programme_id=programme.id).order_by(SeedCommitment.first_day.desc())
        )
    )


def principals_in_scope(scope: Scope) -> list[Principal]:
    return list(
        db.session.scalars(
            scoped(select(Principal), scope, principal=Principal.id).order_by(Principal.name, Principal.id)
        )
    )


def published_versions(also_retired: bool = False) -> list[tuple[QuestionnaireVersion, Questionnaire]]:
    """Every version that a programme may take up, newest of each questionnaire first.

    ``also_retired``: with those that one may have taken up once.
    """
    found = select(QuestionnaireVersion, Questionnaire).join(Questionnaire)
    found = found.where(QuestionnaireVersion.published_at.is_not(None))
    if not also_retired:
        found = found.where(QuestionnaireVersion.retired_at.is_(None))
    rows = db.session.execute(found.order_by(Questionnaire.title, QuestionnaireVersion.number.desc()))
    return [(version, questionnaire) for version, questionnaire in rows]
