"""What earlier draws of a programme said of its strata: how many answered, and how much their answers differ."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, and_, case, cast, func, select

from foundation.database import db
from surveys.allocation import FEWEST_PAST, Past
from surveys.anonymity import ANONYMOUS
from surveys.definitions import CompiledVersion
from surveys.designs import Design
from surveys.models import AnswerEvent, Draw, Invitation, Programme, ProgrammeVersion
from surveys.queries.answers import COUNTED, DECIDING
from surveys.queries.draws import draw_ladder
from surveys.questionnaires import compile_version

#: What was longer ago says little of today.
LAST_DRAWS = 6
SCALES = ("satisfaction", "recommendation", "effort")


def past_of(programme: Programme, terms: ProgrammeVersion) -> Past:
    """The last draws of the programme, summed by stratum.

    Only draws with the same strata tell of a stratum, and a stratum of fewer than ten answers only through all of them
    together. Of what was promised to be anonymous no stratum is told: only how many answered in all.
    """
    design = Design.from_json(terms.design)
    if not (terms.method in ("neyman", "precision") or design.completes):
        return Past()
    return known_past(programme, terms)


def known_past(programme: Programme, terms: ProgrammeVersion) -> Past:
    """The same, whether or not the terms need it."""
    draws = _drawn(programme)
    named = [draw for draw in draws if draw.terms.promise != ANONYMOUS]
    alike = [draw for draw in named if draw.allocation["strata"] == terms.strata]
    question = asked_question(terms)
    spread = _spread([draw.id for draw in alike], question) if question else {}
    return Past(_with_all(_response(alike), _responded(draws)), spread)


def asked_question(terms: ProgrammeVersion) -> str:
    """The question whose answers say how much strata differ: the one named, else the first that asks for a score."""
    version: CompiledVersion = compile_version(terms.version.definition)
    named = Design.from_json(terms.design).question
    scored = [question.id for question in version.questions if question.type.name in SCALES]
    return named if named in scored else next(iter(scored), "")


def _drawn(programme: Programme) -> Sequence[Draw]:
    made = select(Draw).filter_by(programme_id=programme.id, state="drawn").order_by(Draw.drawn_at.desc())
    return db.session.scalars(made.limit(LAST_DRAWS)).all()


def _response(draws: Sequence[Draw]) -> dict[str, list[int]]:
    answered = func.sum(case((Invitation.disposition.in_(COUNTED), 1), else_=0))
    rows = db.session.execute(
        select(Invitation.stratum, answered, func.count())
        .where(Invitation.draw_id.in_([draw.id for draw in draws]))
        .group_by(Invitation.stratum)
        .order_by(Invitation.stratum)
    )
    return {stratum: [int(some), asked] for stratum, some, asked in rows if some >= FEWEST_PAST}


def _responded(draws: Sequence[Draw]) -> list[int]:
    """Answered and asked over the draws whose number of answers may be told."""
    answered = asked = 0
    for draw in draws:
        overall = draw_ladder(draw).overall
        if overall.completed is not None and overall.drawn:
            answered += overall.completed + overall.dispositions["partial"]
            asked += overall.drawn
    return [answered, asked]


def _with_all(by_stratum: dict[str, list[int]], together: list[int]) -> dict[str, list[int]]:
    return ({"": together} if together[0] else {}) | by_stratum


def _spread(draw_ids: Sequence[int], question: str) -> dict[str, list[int]]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for stratum, written, answers in db.session.execute(_answers(draw_ids, question)):
        value = json.loads(written)
        if isinstance(value, int) and not isinstance(value, bool):
            for place, more in enumerate((1, value, value * value)):
                sums[stratum][place] += answers * more
    told = {stratum: each for stratum, each in sorted(sums.items()) if each[0] >= FEWEST_PAST}
    together = [sum(column) for column in zip(*told.values(), strict=True)]
    return ({"": together} if together else {}) | told


def _answers(draw_ids: Sequence[int], question: str) -> Any:
    """Stratum, value and how many gave it, of the answers as they count now."""
    last = (
        select(AnswerEvent.invitation_id, func.max(AnswerEvent.position).label("position"))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(Invitation.draw_id.in_(draw_ids), Invitation.disposition.in_(COUNTED))
        .where(AnswerEvent.kind.in_(DECIDING), AnswerEvent.question_id == question)
        .group_by(AnswerEvent.invitation_id)
        .subquery()
    )
    value = cast(AnswerEvent.value, String)
    return (
        select(Invitation.stratum, value, func.count())
        .select_from(AnswerEvent)
        .join(last, and_(last.c.invitation_id == AnswerEvent.invitation_id, last.c.position == AnswerEvent.position))
        .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
        .where(AnswerEvent.kind == "answer", AnswerEvent.value.is_not(None))
        .group_by(Invitation.stratum, value)
    )
