"""Comments of anonymous surveys: read only among enough answers of one cell, without a moment, in no order of theirs.

A cell is what an answer was let go with: a stratum of a draw, or the strata of it that are told together.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from contacts.models import Period, Principal
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.cells import Place
from satisfaction.comments import Comment, Page, Wanted, band_of, may_be_read, scores_may_be_told
from satisfaction.models import CommentCode
from satisfaction.queries.answers import anonymous_draws
from satisfaction.queries.comment_tags import tagged
from satisfaction.queries.comments import AT_ONCE, Asked, asked_in
from surveys.anonymity import ANONYMOUS, TOGETHER
from surveys.models import Draw, Programme, ProgrammeVersion
from surveys.queries.anonymous import let_go, strata_seen

DIGITS = 32


def key_of(draw_id: int, question_id: str, words: str) -> str:
    """The name of anonymous words. Their row goes under another name when strata join, and who said the same is the
    same: so the words themselves give the name.
    """
    told = "\n".join((str(draw_id), question_id, words))
    return f"anonymous:{draw_id}:{hashlib.sha256(told.encode()).hexdigest()[:DIGITS]}"


def place_of(draw_id: int, stratum: str | None) -> Place:
    """Where the answers of a cell are from, as far as it is told."""
    how = anonymous_draws([draw_id]).get(draw_id)
    return how.place(stratum or TOGETHER) if how else Place("", "")


def anonymous_comment(key: str, scope: Scope, language: str) -> tuple[Comment, Draw] | None:
    """The comment of that name, and its draw; None where there is none in scope that may be read."""
    draw = db.session.get(Draw, int(key.split(":")[1]))
    if draw is None or not scope.sees_principal(draw.principal_id):
        return None
    brand = db.session.get_one(Principal, draw.principal_id).brand
    found = _draws(Wanted(draw.principal_id, draw.programme_id), scope).where(Draw.id == draw.id)
    for _draw, first_day, last_day in db.session.execute(found):
        readable, _hidden = _of_draw(draw, (first_day, last_day), scope, asked_in([draw.programme_id], brand), language)
        return next(((one, draw) for one in readable if one.key == key), None)
    return None


def has_anonymous(principal_id: int, scope: Scope) -> bool:
    """Whether a principal has ever drawn under the promise of anonymity."""
    return db.session.execute(_draws(Wanted(principal_id), scope).limit(1)).first() is not None


def anonymous_comments(wanted: Wanted, scope: Scope, asked: Asked, language: str, at_most: int = AT_ONCE) -> Page:
    """The comments that are wanted, of the latest draws first; ``before`` is how many came on the pages before."""
    shown: list[Comment] = []
    tags = tagged(wanted.principal_id)
    withheld, passed = False, 0
    for draw, first_day, last_day in db.session.execute(_draws(wanted, scope)):
        readable, hidden = _of_draw(draw, (first_day, last_day), scope, asked, language)
        withheld = withheld or hidden
        for comment in filter(lambda one: _is_wanted(one, wanted, tags.get(one.key, [])), readable):
            passed += 1
            if passed <= wanted.before:
                continue
            if len(shown) == at_most:
                return Page(tuple(shown), wanted.before + at_most, withheld)
            shown.append(comment)
    return Page(tuple(shown), None, withheld)


def _draws(wanted: Wanted, scope: Scope) -> Any:
    statement = (
        select(Draw, Period.first_day, Period.last_day)
        .join(Period, Period.id == Draw.period_id)
        .join(Programme, Programme.id == Draw.programme_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .where(Draw.principal_id == wanted.principal_id, ProgrammeVersion.promise == ANONYMOUS)
        .order_by(Period.first_day.desc(), Draw.id.desc())
    )
    if wanted.programme_id is not None:
        statement = statement.where(Draw.programme_id == wanted.programme_id)
    if wanted.days:
        statement = statement.where(Period.first_day >= wanted.days[0], Period.last_day <= wanted.days[1])
    return scoped(statement, scope, principal=Draw.principal_id)


def _of_draw(draw: Draw, days: Any, scope: Scope, asked: Asked, language: str) -> tuple[list[Comment], bool]:
    """The comments of a draw that may be read, and whether it has others."""
    cells: dict[str | None, list[Any]] = defaultdict(list)
    for row in let_go([draw.id]):
        cells[row.stratum].append(row.answers)
    seen = strata_seen([draw.id], scope)
    places = anonymous_draws([draw.id])[draw.id]
    readable: list[Comment] = []
    hidden = False
    for stratum, said in sorted(cells.items(), key=lambda cell: cell[0] or ""):
        if seen is not None and (draw.id, stratum) not in seen:
            continue
        found = list(_of_cell(draw, days, places.place(stratum or TOGETHER), said, asked, language))
        if may_be_read(len(said)):
            readable += found
        else:
            hidden = hidden or bool(found)
    return readable, hidden


def _of_cell(
    draw: Draw, days: Any, place: Place, said: Sequence[Any], asked: Asked, language: str
) -> Iterator[Comment]:
    score_id = asked.score_id(draw.version_id)
    scores = [_score(answers, score_id) for answers in said]
    is_told = scores_may_be_told(scores)
    for answers, score in zip(said, scores, strict=True):
        for question_id, _value, words in answers:
            if words:
                yield Comment(
                    key=key_of(draw.id, question_id, words),
                    words=words,
                    question=asked.title(draw.version_id, question_id, language),
                    theme=asked.theme(draw.version_id, question_id),
                    programme_id=draw.programme_id,
                    days=days,
                    site=place.site,
                    channel=place.channel,
                    band=band_of(score) if is_told else "",
                )


def _score(answers: Any, score_id: str | None) -> int | None:
    return next((value for name, value, _words in answers if name == score_id and isinstance(value, int)), None)


def _is_wanted(comment: Comment, wanted: Wanted, tags: Sequence[CommentCode]) -> bool:
    about = {comment.theme, *(code.theme for code in tags)}
    return (
        wanted.site in ("", comment.site)
        and wanted.channel in ("", comment.channel)
        and wanted.band in ("", comment.band)
        and (not wanted.theme or wanted.theme in about)
        and (wanted.code_id is None or wanted.code_id in ({code.id for code in tags} or {0}))
        and wanted.words.casefold() in comment.words.casefold()
    )
