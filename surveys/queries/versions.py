"""Versions of a questionnaire beside one another, and who asks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.edit_classes import Change, changes, heaviest
from surveys.editing import is_editable
from surveys.models import Programme, ProgrammeVersion, Questionnaire, QuestionnaireVersion


@dataclass(frozen=True)
class Compared:
    """Two versions and what was changed from ``old`` to ``new``; ``found`` None: one of them is no document to read."""

    old: QuestionnaireVersion
    new: QuestionnaireVersion
    found: Sequence[Change] | None

    @property
    def edit_class(self) -> str | None:
        return heaviest(self.found or ())


def compare(old: QuestionnaireVersion, new: QuestionnaireVersion) -> Compared:
    """What was changed between two versions."""
    readable = is_editable(old.definition) and is_editable(new.definition)
    return Compared(old, new, changes(old.definition, new.definition) if readable else None)


def since_published(questionnaire: Questionnaire, version: QuestionnaireVersion) -> Compared | None:
    """What was changed since the last version published before ``version``; None for the first."""
    earlier = [one for one in questionnaire.versions if one.published_at and one.number < version.number]
    return compare(earlier[-1], version) if earlier else None


def classes_of(questionnaire: Questionnaire) -> Mapping[int, str | None]:
    """The class of each version by its number: that of its edits since the version before; first versions have none."""
    found = {one.number: since_published(questionnaire, one) for one in questionnaire.versions}
    return {number: one.edit_class for number, one in found.items() if one is not None}


def programmes_asking(version_id: int, now: datetime, scope: Scope) -> list[Programme]:
    """The programmes in scope whose terms in force ask that version, by name."""
    taken_up = select(ProgrammeVersion.programme_id).filter_by(version_id=version_id)
    statement = select(Programme).where(Programme.id.in_(taken_up)).order_by(Programme.name, Programme.id)
    found = db.session.scalars(scoped(statement, scope, principal=Programme.principal_id))
    return [programme for programme in found if programme.terms_at(now).version_id == version_id]
