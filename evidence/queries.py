"""What a binder takes from the other packages, as plain rows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from complaints.queries import AppealRow, ComplaintRow, appeal_register, complaint_register
from contacts.models import Period, Principal
from evidence.models import Binder
from evidence.subjects import EvidenceRefused, Holding, Subject
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger import queries as ledger
from satisfaction.asked import asked_questions
from satisfaction.blurring import blurred
from satisfaction.cells import Cell, FrameCount, Weighed
from satisfaction.queries import answers, frames, programmes
from surveys.ladder import Ladder
from surveys.models import (
    AnswerEvent,
    Draw,
    FrameUnit,
    Invitation,
    ProgrammeVersion,
    QuestionnaireVersion,
    SeedCommitment,
)
from surveys.queries.anonymous import told
from surveys.queries.draws import draw_ladder
from surveys.queries.withdrawals import Withdrawn, withdrawn_of_draws, withdrawn_of_period
from surveys.weighting import Weighting

NOTHING = Withdrawn(0, 0, None)


@dataclass(frozen=True)
class DrawnSample:
    """One draw with all that its figures rest on. ``modes`` counts interviews by the ways they were answered.

    ``together``: the strata of an anonymous draw that are told together. ``weighing``: how its answers weigh one by
    one, empty where those of a stratum weigh the same; ``weighed``: these answers.
    """

    draw: Draw
    period: Period
    seed: SeedCommitment
    version: QuestionnaireVersion
    ladder: Ladder
    cells: tuple[Cell, ...]
    modes: dict[str, int]
    together: tuple[str, ...] = ()
    weighing: str = ""
    weighed: tuple[Weighed, ...] = ()
    #: What counted once and was withdrawn since.
    withdrawn: Withdrawn = NOTHING
    #: What the version declares of weighting.
    weighting: Weighting = field(default_factory=Weighting)
    #: Its contacts by stratum and place, as its answers name them.
    frame: tuple[FrameCount, ...] = ()


def subject(
    principal_key: str, first_day: date, last_day: date, survey_key: str | None, scope: Scope = EVERYTHING
) -> Subject:
    """Return what a binder is to be about, or raise EvidenceRefused; what lies out of scope is unknown."""
    if first_day > last_day:
        raise EvidenceRefused("bad-period", first_day=first_day, last_day=last_day)
    found = programmes.principals(scope, principal_key)
    if not found:
        raise EvidenceRefused("unknown-principal", principal=principal_key)
    principal = found[0]
    if survey_key and not programmes.programmes(scope, principal.id, survey_key):
        raise EvidenceRefused("unknown-survey", survey=survey_key)
    return subject_of(principal, first_day, last_day, survey_key)


def subject_of(principal: Principal, first_day: date, last_day: date, survey_key: str | None) -> Subject:
    return Subject(principal.id, principal.key, principal.name, principal.zone, first_day, last_day, survey_key or None)


def scope_of(about: Subject) -> Scope:
    """The whole of one principal: what a binder tells."""
    return Scope(principal_ids=frozenset({about.principal_id}), site_ids=None)


def drawn_samples(about: Subject) -> Iterator[DrawnSample]:
    """The draws made from the closed periods within the days, by programme and day."""
    for draw, period, seed, version in db.session.execute(_draws(about)).all():
        questions = {asked.question for asked in asked_questions(version.definition)}
        cells = answers.answer_cells([draw.id], questions)
        together = tuple(sorted(name for one in told([draw.id]).values() for name in one.together))
        weighing = programmes.weighing_of(draw, draw.terms)
        weighed = tuple(answers.weighed_answers([draw.id], questions)) if weighing else ()
        ladder, modes = draw_ladder(draw), _modes(draw.id)
        withdrawn = withdrawn_of_draws([draw.id], scope_of(about))
        frame = blurred(frames.frame_counts([draw.id]), answers.anonymous_draws([draw.id]))
        declared = Weighting.from_json(draw.terms.weighting)
        yield DrawnSample(
            *(draw, period, seed, version, ladder, cells, modes, together, weighing, weighed, withdrawn),
            *(declared, frame),
        )


def _draws(about: Subject) -> Any:
    statement = (
        select(Draw, Period, SeedCommitment, QuestionnaireVersion)
        .join(Period, Period.id == Draw.period_id)
        .join(SeedCommitment, SeedCommitment.id == Draw.seed_commitment_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == ProgrammeVersion.version_id)
        .where(Draw.principal_id == about.principal_id, Draw.state == "drawn", Period.closed_at.is_not(None))
        .where(Period.first_day >= about.first_day, Period.last_day <= about.last_day)
        .order_by(Draw.programme_id, Period.first_day, Draw.id)
    )
    if about.survey_key:
        chosen = programmes.programmes(scope_of(about), about.principal_id, about.survey_key)
        statement = statement.where(Draw.programme_id.in_([programme.id for programme in chosen]))
    return statement


def _modes(draw_id: int) -> dict[str, int]:
    statement = (
        select(AnswerEvent.mode, func.count(func.distinct(AnswerEvent.invitation_id)))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.draw_id == draw_id, AnswerEvent.kind == "answer")
        .where(Invitation.disposition.in_(answers.COUNTED))
        .group_by(AnswerEvent.mode)
        .order_by(AnswerEvent.mode)
    )
    found = {mode: count for mode, count in db.session.execute(statement)}  # noqa: C416 - rows are not pairs to dict
    let_go = sum(one.released for one in told([draw_id]).values())
    return found | ({"web": let_go} if let_go else {})


def frame_rows(draw_id: int) -> Iterator[tuple[str, str, str, str, int | None, int]]:
    """(public id, stratum, status, reason, cluster, drawn) of each contact of a draw's population, by public id."""
    statement = (
        select(
            FrameUnit.public_id,
            FrameUnit.stratum,
            FrameUnit.status,
            FrameUnit.reason,
            FrameUnit.cluster,
            FrameUnit.drawn,
        )
        .where(FrameUnit.draw_id == draw_id)
        .order_by(FrameUnit.public_id)
    )
    for public_id, stratum, status, reason, cluster, drawn in db.session.execute(statement):
        yield public_id, stratum, status, reason, cluster, int(drawn)


def withdrawn_since(about: Subject, since: datetime) -> Withdrawn:
    """The answers of these days that were withdrawn after ``since``, of all programmes the subject is about."""
    chosen = programmes.programmes(scope_of(about), about.principal_id, about.survey_key) if about.survey_key else []
    programme_id = chosen[0].id if chosen else None
    days = about.first_day, about.last_day
    return withdrawn_of_period(about.principal_id, *days, scope_of(about), since, programme_id)


def complaints(about: Subject, now: datetime) -> list[ComplaintRow]:
    """The complaints received on the days."""
    return complaint_register(now, scope_of(about), about.first_day, about.last_day)


def appeals(about: Subject, now: datetime) -> list[AppealRow]:
    """The appeals made on the days."""
    return appeal_register(now, scope_of(about), about.first_day, about.last_day)


def closed_periods(about: Subject) -> list[Period]:
    """The closed periods that lie wholly within the days, in order."""
    return programmes.closed_periods(about.principal_id, about.first_day, about.last_day)


def ledger_subjects(
    drawn: Collection[tuple[Draw, QuestionnaireVersion]],
    periods: Collection[Period],
    cases: Collection[ComplaintRow | AppealRow],
) -> set[str]:
    """The names under which the ledger tells of them."""
    return {
        *(f"draw:{draw.id}" for draw, _ in drawn),
        *(f"programme:{draw.programme_id}" for draw, _ in drawn),
        *(f"questionnaire:{version.questionnaire.key}" for _, version in drawn),
        *(f"period:{period.id}" for period in periods),
        *(f"complaint:{case.reference}" for case in cases),
    }


def holding(about: Subject, now: datetime) -> Holding:
    """What there is for a binder, counted."""
    drawn = [(draw, version) for draw, _period, _seed, version in db.session.execute(_draws(about))]
    draws = [draw for draw, _ in drawn]
    periods = closed_periods(about)
    cases = [*complaints(about, now), *appeals(about, now)]
    days = sum((period.last_day - period.first_day).days + 1 for period in periods)
    return Holding(
        periods=len(periods),
        incomplete=days < (about.last_day - about.first_day).days + 1,
        draws=len(draws),
        late_draws=sum(draw.late for draw in draws),
        answers=_interviews([draw.id for draw in draws]),
        complaints=sum(isinstance(case, ComplaintRow) for case in cases),
        appeals=sum(isinstance(case, AppealRow) for case in cases),
        entries=len(ledger.entries_of(ledger_subjects(drawn, periods, cases))),
        unsealed=ledger.unsealed_count(),
    )


def _interviews(draw_ids: list[int]) -> int:
    secret = told(draw_ids)
    linked = [draw_id for draw_id in draw_ids if draw_id not in secret]
    counted = select(func.count()).select_from(Invitation).where(Invitation.draw_id.in_(linked))
    let_go = sum(one.released for one in secret.values())
    return (db.session.scalar(counted.where(Invitation.disposition.in_(answers.COUNTED))) or 0) + let_go


def binders(scope: Scope, limit: int = 50) -> list[tuple[Binder, Principal]]:
    """The binders asked for, the latest first."""
    statement = select(Binder, Principal).join(Principal, Principal.id == Binder.principal_id)
    statement = scoped(statement, scope, principal=Binder.principal_id).order_by(Binder.id.desc()).limit(limit)
    return [(binder, principal) for binder, principal in db.session.execute(statement)]


def binder(binder_id: int, scope: Scope) -> tuple[Binder, Principal] | None:
    """One binder with its principal, or None where there is none in scope."""
    statement = select(Binder, Principal).join(Principal, Principal.id == Binder.principal_id)
    found = db.session.execute(
        scoped(statement.where(Binder.id == binder_id), scope, principal=Binder.principal_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])
