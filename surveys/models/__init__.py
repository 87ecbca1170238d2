"""Tables of the surveys."""

from surveys.models import immutability
from surveys.models.anonymous import AnonymousAnswer, AnswerPool, DrawEnd, DrawTally, OpenInterview
from surveys.models.answers import AnswerEvent, AnswerText
from surveys.models.drafts import DraftRevision
from surveys.models.draws import Draw, DrawHistory, DrawPrints, DrawStratum, FrameUnit, SeedCommitment
from surveys.models.integrity import IntegrityNote
from surveys.models.invitations import Invitation, InvitationEvent
from surveys.models.posters import (
    Poster,
    PosterAnswer,
    PosterEvent,
    PosterInterview,
    PosterPool,
    PosterText,
)
from surveys.models.programmes import Programme, ProgrammeVersion
from surveys.models.questionnaires import Questionnaire, QuestionnaireVersion
from surveys.models.withdrawals import AnswerWithdrawal

__all__ = [
    "AnonymousAnswer",
    "AnswerEvent",
    "AnswerPool",
    "AnswerText",
    "AnswerWithdrawal",
    "DraftRevision",
    "Draw",
    "DrawEnd",
    "DrawHistory",
    "DrawPrints",
    "DrawStratum",
    "DrawTally",
    "FrameUnit",
    "IntegrityNote",
    "Invitation",
    "InvitationEvent",
    "OpenInterview",
    "Poster",
    "PosterAnswer",
    "PosterEvent",
    "PosterInterview",
    "PosterPool",
    "PosterText",
    "Programme",
    "ProgrammeVersion",
    "Questionnaire",
    "QuestionnaireVersion",
    "SeedCommitment",
    "immutability",
]
