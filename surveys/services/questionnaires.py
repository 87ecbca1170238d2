"""Drafts and published versions of questionnaires."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from foundation.database import db, insert_if_absent
from foundation.ledger.services import record
from notifications.queries.texts import in_force
from surveys.edit_classes import changes, summary
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.publication import forbidding
from surveys.questionnaires import content_hash, problems
from surveys.refusals import SurveyRefused
from surveys.services.drafts import note_import
from surveys.titles import title_of


def save_draft(
    definition: Mapping[str, Any], now: datetime, actor_id: int | None = None, key: str | None = None
) -> QuestionnaireVersion:
    """Keep ``definition`` as the draft of the next version of its questionnaire, which is made if it is new.

    An older draft gives way. A definition that is already the last published version is that version, no draft.
    A draft may have problems; publishing asks. Raises SurveyRefused ``no-key``.
    """
    key = key or definition.get("key")
    if not isinstance(key, str) or not key:
        raise SurveyRefused("no-key")
    definition = {**definition, "key": key}
    questionnaire = _questionnaire(key, title_of(definition) or key, now, actor_id)
    last = last_published(questionnaire.id)
    if last is not None and last.content_hash == content_hash(definition):
        return last
    draft = draft_of(questionnaire.id)
    if draft is None:
        number = last.number + 1 if last else 1
        draft = QuestionnaireVersion(questionnaire_id=questionnaire.id, number=number)
        db.session.add(draft)
    else:
        note_import(draft, draft.created_at, draft.created_by)  # one from before there was a history
    draft.definition, draft.created_at, draft.created_by = definition, now, actor_id
    if last is None:  # what is published keeps its title until the draft is
        questionnaire.title = title_of(definition) or questionnaire.title
    db.session.flush()
    note_import(draft, now, actor_id)
    return draft


def _questionnaire(key: str, title: str, now: datetime, actor_id: int | None) -> Questionnaire:
    values = {"key": key, "title": title, "created_at": now, "created_by": actor_id}
    insert_if_absent(Questionnaire, [values], ["key"])
    return db.session.scalars(select(Questionnaire).filter_by(key=key).with_for_update()).one()


def draft_of(questionnaire_id: int) -> QuestionnaireVersion | None:
    """The draft as it is in the database now."""
    draft = select(QuestionnaireVersion).filter_by(questionnaire_id=questionnaire_id, published_at=None)
    return db.session.scalars(draft.execution_options(populate_existing=True)).one_or_none()


def last_published(questionnaire_id: int) -> QuestionnaireVersion | None:
    return db.session.scalars(
        select(QuestionnaireVersion)
        .where(
            QuestionnaireVersion.questionnaire_id == questionnaire_id, QuestionnaireVersion.published_at.is_not(None)
        )
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    ).one_or_none()


def publish(
    questionnaire_id: int, seen_hash: str | None, now: datetime, actor_id: int | None = None
) -> QuestionnaireVersion:
    """Freeze the draft: from now on it can be asked and never changes. The ledger keeps how its edits are classed.

    ``seen_hash`` is the content hash that was looked at, None to publish what there is. Raises SurveyRefused:
    ``no-draft``, ``draft-changed`` since it was seen, or ``problems`` with the list of those that forbid it.
    """
    # Whoever saves in the same moment waits for this publication, or this one sees what they saved.
    db.session.execute(select(Questionnaire.id).filter_by(id=questionnaire_id).with_for_update())
    draft = draft_of(questionnaire_id)
    if draft is None:
        raise SurveyRefused("no-draft")
    digest, last = content_hash(draft.definition), last_published(questionnaire_id)
    if seen_hash is not None and seen_hash != digest:
        raise SurveyRefused("draft-changed")
    if found := forbidding(problems(draft.definition, in_force())):
        raise SurveyRefused("problems", problems=found)
    published = db.session.execute(
        update(QuestionnaireVersion)
        .where(QuestionnaireVersion.id == draft.id, QuestionnaireVersion.published_at.is_(None))
        .values(content_hash=digest, published_at=now, published_by=actor_id)
    )
    if not published.rowcount:
        raise SurveyRefused("no-draft")
    db.session.refresh(draft)
    draft.questionnaire.title = title_of(draft.definition) or draft.questionnaire.title
    facts = {"questionnaire": draft.questionnaire.key, "version": draft.number, "content_hash": digest}
    facts |= _edited(last, draft)
    record("questionnaire.published", f"questionnaire:{draft.questionnaire.key}", facts, now, actor_id=actor_id)
    return draft


def _edited(last: QuestionnaireVersion | None, new: QuestionnaireVersion) -> dict[str, Any]:
    """What the edits since the last version are, and which series they break; nothing for a first version."""
    if last is None:
        return {}
    return {"compared_with": last.number} | summary(changes(last.definition, new.definition))


def retire(questionnaire_id: int, number: int, now: datetime, actor_id: int | None = None) -> QuestionnaireVersion:
    """Take a published version out of use: no programme takes it up any more; what runs on it finishes.

    Raises SurveyRefused: ``unknown-version``, ``not-published``, ``already-retired``.
    """
    wanted = select(QuestionnaireVersion).filter_by(questionnaire_id=questionnaire_id, number=number)
    version = db.session.scalars(wanted.with_for_update()).one_or_none()
    if version is None:
        raise SurveyRefused("unknown-version", number=number)
    if version.published_at is None:
        raise SurveyRefused("not-published", number=number)
    if version.retired_at is not None:
        raise SurveyRefused("already-retired", number=number)
    version.retired_at, version.retired_by = now, actor_id
    db.session.flush()
    facts = {"questionnaire": version.questionnaire.key, "version": number, "content_hash": version.content_hash}
    record("questionnaire.retired", f"questionnaire:{version.questionnaire.key}", facts, now, actor_id=actor_id)
    return version
