"""What staff do about a comment: give it codes, mask a name in it. And the code frame of a principal."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from foundation.database import db, insert_if_absent
from foundation.ledger import services as ledger
from satisfaction.comments import Comment
from satisfaction.masking import masked
from satisfaction.models import CommentAction, CommentCode, CommentMasking, CommentTag, Emergency
from satisfaction.queries.anonymous_comments import key_of
from satisfaction.queries.comment_tags import codes
from satisfaction.queries.emergencies import site_id_of
from surveys.models import AnonymousAnswer, AnswerText, Draw, Invitation


class CommentRefused(ValueError):
    """Something that cannot be done with a comment: ``not-in-words``, ``in-hand-first``, ``known-code``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Act:
    """Who does something, and when."""

    actor_id: int
    now: datetime


def tag(comment: Comment, asked: Invitation | Draw, code_ids: Collection[int], act: Act) -> None:
    """Let a comment bear exactly these codes of its principal; those of others are passed over, retired ones stay."""
    offered = {code.id for code in codes(asked.principal_id)}
    wanted = offered & set(code_ids)
    gone = delete(CommentTag).where(CommentTag.comment == comment.key, CommentTag.code_id.in_(offered - wanted))
    db.session.execute(gone)
    draw_id = asked.draw_id if isinstance(asked, Invitation) else asked.id
    site_id = asked.site_id if isinstance(asked, Invitation) else site_id_of(comment.site)
    known: dict[str, Any] = {"comment": comment.key, "draw_id": draw_id, "site_id": site_id}
    known |= {"given_by": act.actor_id, "given_at": act.now}
    rows = [known | {"code_id": code_id} for code_id in sorted(wanted)]
    insert_if_absent(CommentTag, rows, ["comment", "code_id"])


def mask(comment: Comment, asked: Invitation | Draw, phrase: str, reason: str, act: Act) -> str:
    """Mask words of a comment for good, wherever they stand in it; returns what the comment is called since.

    The stored words change, so that no page, export or binder has them any more; the ledger says that it happened, not
    what was there. Raises CommentRefused.
    """
    words, places = masked(_words_now(comment), phrase)
    if not places:
        raise CommentRefused("not-in-words")
    key = comment.key if isinstance(asked, Invitation) else _mask_anonymous(comment, asked, words)
    if isinstance(asked, Invitation):
        _text_of(comment).text = words
    db.session.add(
        CommentMasking(
            comment=key, was=comment.key, reason=reason, places=places, masked_by=act.actor_id, masked_at=act.now
        )
    )
    facts = {"principal_id": asked.principal_id, "reason": reason, "places": places}
    ledger.record("comment.masked", f"comment:{key}", facts, act.now, act.actor_id)
    db.session.flush()
    return key


def _words_now(comment: Comment) -> str:
    """The words as they are stored, kept for this transaction: somebody else may be masking them."""
    return comment.words if comment.is_anonymous else _text_of(comment).text


def _text_of(comment: Comment) -> AnswerText:
    event_id = int(comment.key.removeprefix("event:"))
    locked = select(AnswerText).filter_by(answer_event_id=event_id).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def _mask_anonymous(comment: Comment, draw: Draw, words: str) -> str:
    """Change every row of the draw that has these very words, and call by its new name what hangs on them."""
    waits = select(Emergency).filter_by(comment=comment.key, taken_at=None)
    if db.session.scalars(waits).first() is not None:
        raise CommentRefused("in-hand-first")
    key = comment.key
    for row in db.session.scalars(select(AnonymousAnswer).filter_by(draw_id=draw.id).with_for_update()):
        if any(text and key_of(draw.id, name, text) == comment.key for name, _value, text in row.answers):
            row.answers = [_masked_answer(answer, draw.id, comment.key, words) for answer in row.answers]
            key = next(key_of(draw.id, name, text) for name, _value, text in row.answers if text == words)
    for model in (CommentTag, CommentMasking, CommentAction, Emergency):
        db.session.execute(update(model).where(model.comment == comment.key).values(comment=key))
    return key


def _masked_answer(answer: Any, draw_id: int, key: str, words: str) -> list[Any]:
    name, value, text = answer
    return [name, value, words if text and key_of(draw_id, name, text) == key else text]


def add_code(principal_id: int, label: str, theme: str, meaning: str, act: Act) -> CommentCode:
    """Put a code into the frame of a principal; one that was retired under this label is given again.

    Raises CommentRefused (known-code).
    """
    label = " ".join(label.split())
    known = db.session.scalars(select(CommentCode).filter_by(principal_id=principal_id, label=label)).first()
    if known and known.retired_at is None:
        raise CommentRefused("known-code")
    code = known or CommentCode(principal_id=principal_id, label=label, created_by=act.actor_id, created_at=act.now)
    code.theme, code.meaning, code.retired_at = theme, meaning.strip(), None
    db.session.add(code)
    _record(code, "listed", act)
    return code


def retire_code(code: CommentCode, act: Act) -> None:
    """Give a code to no comment any more; those that bear it keep it."""
    if code.retired_at is None:
        code.retired_at = act.now
        _record(code, "retired", act)


def _record(code: CommentCode, what: str, act: Act) -> None:
    db.session.flush()
    facts = {"principal_id": code.principal_id, "label": code.label, "theme": code.theme, "meaning": code.meaning}
    ledger.record(f"comment-code.{what}", f"comment-code:{code.id}", facts, act.now, act.actor_id)
