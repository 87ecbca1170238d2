"""The draft of a questionnaire as its editor opens it, and every state it was in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from foundation.database import db
from surveys.models import DraftRevision, Questionnaire, QuestionnaireVersion
from surveys.questionnaires import content_hash


@dataclass(frozen=True)
class Opened:
    """What editing begins from: the draft, else the last version published. ``digest`` is its content hash.

    ``last`` is the newest row of its history, None while there is none; ``published`` the last version published.
    """

    questionnaire: Questionnaire
    number: int
    definition: Mapping[str, Any]
    digest: str
    is_draft: bool
    published: QuestionnaireVersion | None
    last: DraftRevision | None

    @property
    def undoable(self) -> bool:
        return self.last is not None and self.last.before_id is not None and self.last.content_hash == self.digest

    @property
    def redoable(self) -> bool:
        return self.last is not None and self.last.after_id is not None and self.last.content_hash == self.digest


def opened(questionnaire: Questionnaire, for_change: bool = False) -> Opened | None:
    """The draft, or what the next one begins from; None for a questionnaire without any version.

    ``for_change`` keeps the questionnaire for this transaction, so that nobody else saves in between.
    """
    if for_change:
        db.session.execute(select(Questionnaire.id).filter_by(id=questionnaire.id).with_for_update())
    newest = _newest(questionnaire.id)
    if not newest:
        return None
    first, published = newest[0], next((one for one in newest if one.published_at), None)
    is_draft = first.published_at is None
    number = first.number if is_draft else first.number + 1
    digest = first.content_hash or content_hash(first.definition)
    last = last_revision(questionnaire.id, number)
    return Opened(questionnaire, number, first.definition, digest, is_draft, published, last)


def _newest(questionnaire_id: int) -> list[QuestionnaireVersion]:
    """The newest two versions, as they are in the database now; of them one at most is a draft."""
    found = (
        select(QuestionnaireVersion)
        .filter_by(questionnaire_id=questionnaire_id)
        .order_by(QuestionnaireVersion.number.desc())
        .limit(2)
    )
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def last_revision(questionnaire_id: int, number: int) -> DraftRevision | None:
    """The newest state of the draft of that version, without its definition until somebody asks for it."""
    return db.session.scalars(
        select(DraftRevision)
        .filter_by(questionnaire_id=questionnaire_id, number=number)
        .order_by(DraftRevision.id.desc())
        .limit(1)
        .options(defer(DraftRevision.definition))
    ).one_or_none()


def revisions(questionnaire_id: int, at_most: int, before: int | None = None) -> list[DraftRevision]:
    """The states the drafts of a questionnaire were in, newest first, without their definitions.

    ``before``: only those older than that row.
    """
    found = select(DraftRevision).filter_by(questionnaire_id=questionnaire_id).options(defer(DraftRevision.definition))
    if before is not None:
        found = found.where(DraftRevision.id < before)
    return list(db.session.scalars(found.order_by(DraftRevision.id.desc()).limit(at_most)))


def revision(questionnaire_id: int, revision_id: int) -> DraftRevision | None:
    """One state, if it is of that questionnaire."""
    return db.session.scalars(
        select(DraftRevision).filter_by(id=revision_id, questionnaire_id=questionnaire_id)
    ).one_or_none()


def origin_of(row: DraftRevision) -> DraftRevision:
    """The row whose act first made the state of this one: what undoing it undoes."""
    return db.session.get_one(DraftRevision, row.origin_id) if row.origin_id else row


def acts_at_hand(found: Opened) -> tuple[DraftRevision | None, DraftRevision | None]:
    """The acts that undo and redo would take back and do again; None where there is none."""
    last = found.last
    undone = origin_of(last) if last is not None and found.undoable else None
    again = db.session.get_one(DraftRevision, last.after_id) if last is not None and found.redoable else None
    return undone, origin_of(again) if again is not None else None


def definition_of_hash(questionnaire: Questionnaire, digest: str) -> Mapping[str, Any] | None:
    """The definition that has this content hash, among the versions and all states of drafts; None for none."""
    for model in (DraftRevision, QuestionnaireVersion):
        held = select(model.definition).filter_by(questionnaire_id=questionnaire.id, content_hash=digest)
        found = db.session.scalars(held.limit(1)).first()
        if found is not None:
            return found
    return None
