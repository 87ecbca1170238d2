"""Saving what the editor did to a draft, undoing it and doing it again. Every state is kept.

Each takes the content hash its writer had seen (``seen``) and raises SurveyRefused ``draft-changed`` if somebody else
was quicker. Nothing here commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from foundation.database import db
from surveys.models import DraftRevision, Questionnaire, QuestionnaireVersion
from surveys.queries.drafts import Opened, last_revision, opened, origin_of, revision
from surveys.questionnaires import content_hash
from surveys.refusals import SurveyRefused
from surveys.titles import title_of


@dataclass(frozen=True)
class Act:
    """What somebody did, and where undoing it, or doing again what it undid, leads to: ids of rows of the history."""

    name: str
    subject: str = ""
    before_id: int | None = None
    after_id: int | None = None
    origin_id: int | None = None


def save(
    questionnaire: Questionnaire,
    seen: str,
    definition: Mapping[str, Any],
    act: str,
    subject: str,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Make ``definition`` the draft, by an act (one of ``models.drafts.ACTS``) on ``subject``, a question or language.

    What changes nothing is no act and leaves no trace.
    """
    before = _seen(questionnaire, seen)
    if content_hash(definition) == before.digest:
        return
    last = _begun(before, now, actor_id)
    _write(before, definition, Act(act, subject, last.id), now, actor_id)


def undo(questionnaire: Questionnaire, seen: str, now: datetime, actor_id: int | None) -> DraftRevision:
    """Go back to the state before the last act, whoever's it was; return the row of the act that is undone."""
    before = _seen(questionnaire, seen)
    last = before.last
    if last is None or not before.undoable:
        raise SurveyRefused("nothing-to-undo")
    target = _revision(questionnaire, last.before_id)
    act = Act("undone", last.subject, target.before_id, last.id, target.origin_id or target.id)
    _write(before, target.definition, act, now, actor_id)
    return origin_of(last)


def redo(questionnaire: Questionnaire, seen: str, now: datetime, actor_id: int | None) -> DraftRevision:
    """Do again what was undone last; return the row of the act that is done again."""
    before = _seen(questionnaire, seen)
    last = before.last
    if last is None or not before.redoable:
        raise SurveyRefused("nothing-to-redo")
    target = _revision(questionnaire, last.after_id)
    origin = origin_of(target)
    _write(before, target.definition, Act("redone", origin.subject, last.id, target.after_id, origin.id), now, actor_id)
    return origin


def restore(questionnaire: Questionnaire, seen: str, revision_id: int, now: datetime, actor_id: int | None) -> None:
    """Make an older state the draft again. Raises ``unknown-revision``."""
    before = _seen(questionnaire, seen)
    target = _revision(questionnaire, revision_id)
    if target.content_hash == before.digest:
        return
    last = _begun(before, now, actor_id)
    _write(before, target.definition, Act("restored", "", last.id), now, actor_id)


def discard(questionnaire: Questionnaire, seen: str, now: datetime, actor_id: int | None) -> None:
    """Give up the draft of a questionnaire that is published: what was written stays in its history and can be undone.

    Raises ``no-draft``, or ``never-published``, for then nothing would be left.
    """
    before = _seen(questionnaire, seen)
    if not before.is_draft:
        raise SurveyRefused("no-draft")
    if before.published is None:
        raise SurveyRefused("never-published")
    last = _begun(before, now, actor_id)
    definition = before.published.definition
    _note(before, definition, Act("discarded", "", last.id), now, actor_id)
    db.session.execute(_draft_row(questionnaire.id, delete(QuestionnaireVersion)))
    db.session.expire(questionnaire, ["versions"])


def note_import(version: QuestionnaireVersion, now: datetime, actor_id: int | None) -> None:
    """Keep in its history a draft that came as a whole: a file or a model; what it replaced can be had back."""
    last = last_revision(version.questionnaire_id, version.number)
    digest = content_hash(version.definition)
    if last is not None and last.content_hash == digest:
        return
    row = _row(version.questionnaire_id, version.number, version.definition, digest)
    row.act, row.subject, row.before_id, row.at, row.by = "imported", "", last.id if last else None, now, actor_id
    db.session.add(row)
    db.session.flush()


def _seen(questionnaire: Questionnaire, seen: str) -> Opened:
    """What is there now, kept for this transaction, if it is what the writer had before them."""
    found = opened(questionnaire, for_change=True)
    if found is None:
        raise SurveyRefused("no-draft")
    if found.digest != seen:
        raise SurveyRefused("draft-changed")
    return found


def _begun(before: Opened, now: datetime, actor_id: int | None) -> DraftRevision:
    """The row of the state there is, made if the history does not have it yet."""
    if before.last is not None and before.last.content_hash == before.digest:
        return before.last
    return _note(before, before.definition, Act("began", "", before.last.id if before.last else None), now, actor_id)


def _write(
    before: Opened,
    definition: Mapping[str, Any],
    act: Act,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Put the definition in the draft, which is made if there is none, and in its history."""
    questionnaire = before.questionnaire
    _note(before, definition, act, now, actor_id)
    draft = db.session.scalars(_draft_row(questionnaire.id, select(QuestionnaireVersion))).one_or_none()
    if draft is None:
        draft = QuestionnaireVersion(questionnaire_id=questionnaire.id, number=before.number)
        db.session.add(draft)
    draft.definition, draft.created_at, draft.created_by = dict(definition), now, actor_id
    if before.published is None:  # what is published keeps its title until the draft is
        questionnaire.title = title_of(definition) or questionnaire.title
    db.session.flush()
    db.session.expire(questionnaire, ["versions"])


def _note(
    before: Opened, definition: Mapping[str, Any], act: Act, now: datetime, actor_id: int | None
) -> DraftRevision:
    row = _row(before.questionnaire.id, before.number, definition, content_hash(definition))
    row.act, row.subject, row.at, row.by = act.name, act.subject, now, actor_id
    row.before_id, row.after_id, row.origin_id = act.before_id, act.after_id, act.origin_id
    db.session.add(row)
    db.session.flush()
    return row


def _row(questionnaire_id: int, number: int, definition: Mapping[str, Any], digest: str) -> DraftRevision:
    return DraftRevision(
        questionnaire_id=questionnaire_id, number=number, definition=dict(definition), content_hash=digest
    )


def _revision(questionnaire: Questionnaire, revision_id: int | None) -> DraftRevision:
    found = revision(questionnaire.id, revision_id or 0)
    if found is None:
        raise SurveyRefused("unknown-revision")
    return found


def _draft_row(questionnaire_id: int, statement: Any) -> Any:
    return statement.where(
        QuestionnaireVersion.questionnaire_id == questionnaire_id, QuestionnaireVersion.published_at.is_(None)
    )
