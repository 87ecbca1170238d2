"""What is published, drawn or answered is not changed by mistake: the session refuses. That nobody did it on purpose
is shown by the hashes, which are in the ledger.
"""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import get_history

from surveys.models.answers import AnswerEvent
from surveys.models.drafts import DraftRevision
from surveys.models.draws import Draw
from surveys.models.posters import PosterEvent
from surveys.models.programmes import ProgrammeVersion
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.refusals import SurveyRefused

RETIRING = frozenset({"retired_at", "retired_by"})


def _before(row: Any, name: str) -> Any:
    """The value that is in the database."""
    history = get_history(row, name)
    return (history.deleted or history.unchanged or [None])[0]


def _is_changed(row: Any, but: frozenset[str] = frozenset()) -> bool:
    state = inspect(row)
    names = {column.key for column in state.mapper.column_attrs} - but
    return any(state.attrs[name].history.has_changes() for name in names)


@event.listens_for(QuestionnaireVersion, "before_update")
def keep_published(_mapper: Mapper[Any], _connection: Any, version: QuestionnaireVersion) -> None:
    """What is published stays; only that it is retired may be noted, once."""
    allowed = RETIRING if _before(version, "retired_at") is None else frozenset[str]()
    if _is_changed(version, allowed) and _before(version, "published_at") is not None:
        raise SurveyRefused("published-stays", version_id=version.id)


@event.listens_for(Draw, "before_update")
def keep_drawn(_mapper: Mapper[Any], _connection: Any, draw: Draw) -> None:
    if _is_changed(draw) and _before(draw, "state") == "drawn":
        raise SurveyRefused("drawn-stays", draw_id=draw.id)


@event.listens_for(ProgrammeVersion, "before_update")
def keep_terms(_mapper: Mapper[Any], _connection: Any, version: ProgrammeVersion) -> None:
    if _is_changed(version):
        raise SurveyRefused("terms-stay", number=version.number)


@event.listens_for(ProgrammeVersion, "before_delete")
def never_delete_terms(_mapper: Mapper[Any], _connection: Any, version: ProgrammeVersion) -> None:
    raise SurveyRefused("terms-stay", number=version.number)


@event.listens_for(QuestionnaireVersion, "before_delete")
def never_delete_published(_mapper: Mapper[Any], _connection: Any, version: QuestionnaireVersion) -> None:
    if version.published_at is not None:
        raise SurveyRefused("published-stays", version_id=version.id)


@event.listens_for(DraftRevision, "before_update")
@event.listens_for(DraftRevision, "before_delete")
def keep_revisions(_mapper: Mapper[Any], _connection: Any, revision: DraftRevision) -> None:
    raise SurveyRefused("revision-stays", revision_id=revision.id)


@event.listens_for(AnswerEvent, "before_update")
@event.listens_for(PosterEvent, "before_update")
def keep_answer(_mapper: Mapper[Any], _connection: Any, answer: AnswerEvent | PosterEvent) -> None:
    if _is_changed(answer):
        raise SurveyRefused("answers-stay", event_id=answer.id)


@event.listens_for(AnswerEvent, "before_delete")
@event.listens_for(PosterEvent, "before_delete")
def never_delete_answer(_mapper: Mapper[Any], _connection: Any, answer: AnswerEvent | PosterEvent) -> None:
    raise SurveyRefused("answers-stay", event_id=answer.id)
