"""The code frame of a principal, which comments bear which code, and how often each is borne."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select

from contacts.models import Period
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.comments import CodeCount, Wanted
from satisfaction.models import CommentCode, CommentMasking, CommentTag
from surveys.models import Draw


def codes(principal_id: int, retired: bool = False) -> list[CommentCode]:
    """The codes of a principal by label; ``retired``: also those that are not given any more."""
    found = select(CommentCode).filter_by(principal_id=principal_id).order_by(CommentCode.label)
    return list(db.session.scalars(found if retired else found.where(CommentCode.retired_at.is_(None))))


def tags_of(comments: Iterable[str]) -> dict[str, list[CommentCode]]:
    """Comment → its codes, by label."""
    return _by_comment(_tags().where(CommentTag.comment.in_(list(comments))))


def tagged(principal_id: int) -> dict[str, list[CommentCode]]:
    """The same of all anonymous comments of a principal."""
    anonymous = CommentTag.comment.startswith("anonymous:")
    return _by_comment(_tags().where(CommentCode.principal_id == principal_id, anonymous))


def _tags() -> Select[Any]:
    tags = select(CommentTag.comment, CommentCode).join(CommentCode, CommentCode.id == CommentTag.code_id)
    return tags.order_by(CommentCode.label)


def _by_comment(statement: Select[Any]) -> dict[str, list[CommentCode]]:
    found: dict[str, list[CommentCode]] = {}
    for comment, code in db.session.execute(statement):
        found.setdefault(comment, []).append(code)
    return found


def maskings_of(comment: str) -> list[CommentMasking]:
    """What was masked in a comment, the first time first."""
    return list(db.session.scalars(select(CommentMasking).filter_by(comment=comment).order_by(CommentMasking.id)))


def name_since(comment: str) -> str | None:
    """What a comment is called now that had this name before words of it were masked."""
    found = select(CommentMasking.comment).where(CommentMasking.was == comment, CommentMasking.comment != comment)
    return db.session.scalars(found.order_by(CommentMasking.id.desc())).first()


def by_code(wanted: Wanted, scope: Scope) -> tuple[CodeCount, ...]:
    """The codes that are borne by a comment of the programme and days asked for, the most frequent first."""
    borne = func.count(CommentTag.comment)
    rows = db.session.execute(
        _within(select(CommentCode.id, CommentCode.label, CommentCode.theme, borne), wanted, scope)
        .group_by(CommentCode.id, CommentCode.label, CommentCode.theme)
        .order_by(borne.desc(), CommentCode.label)
    )
    return tuple(CodeCount(*row) for row in rows)


def by_theme(wanted: Wanted, scope: Scope) -> dict[str, int]:
    """Theme → how many comments bear a code of it; each once."""
    pairs = _within(select(CommentTag.comment, CommentCode.theme).distinct(), wanted, scope)
    return dict(Counter(theme for _comment, theme in db.session.execute(pairs) if theme))


def tagged_count(wanted: Wanted, scope: Scope) -> int:
    """How many comments bear a code at all."""
    return db.session.scalar(_within(select(func.count(CommentTag.comment.distinct())), wanted, scope)) or 0


def _within(statement: Select[Any], wanted: Wanted, scope: Scope) -> Select[Any]:
    statement = (
        statement.select_from(CommentTag)
        .join(CommentCode, CommentCode.id == CommentTag.code_id)
        .join(Draw, Draw.id == CommentTag.draw_id)
        .outerjoin(Period, Period.id == Draw.period_id)
        .where(Draw.principal_id == wanted.principal_id)
    )
    if wanted.programme_id is not None:
        statement = statement.where(Draw.programme_id == wanted.programme_id)
    if wanted.days:
        statement = statement.where(Period.first_day >= wanted.days[0], Period.last_day <= wanted.days[1])
    return scoped(statement, scope, principal=Draw.principal_id, site=CommentTag.site_id)
