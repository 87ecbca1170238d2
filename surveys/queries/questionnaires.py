"""Questionnaires and their versions."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from foundation.database import db
from surveys.models import Questionnaire, QuestionnaireVersion


def questionnaires() -> list[Questionnaire]:
    """All questionnaires with their versions, by title."""
    return list(
        db.session.scalars(
            select(Questionnaire).options(selectinload(Questionnaire.versions)).order_by(Questionnaire.title)
        )
    )


def questionnaire_by_key(key: str) -> Questionnaire | None:
    return db.session.scalars(select(Questionnaire).filter_by(key=key)).one_or_none()


def version_numbered(questionnaire: Questionnaire, number: int) -> QuestionnaireVersion | None:
    return next((version for version in questionnaire.versions if version.number == number), None)


def latest_version(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    """The draft if there is one, else the last version published."""
    return questionnaire.versions[-1] if questionnaire.versions else None
