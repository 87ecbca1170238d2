"""Tables of the figures: one module a group of tables, all of them named here."""

from satisfaction.models.agents import AgentFigures, AgentNotice
from satisfaction.models.cells import AnswerCell, CountedDraw, FrameCell, RollUp, Uncounted
from satisfaction.models.comments import (
    CommentAction,
    CommentCode,
    CommentMasking,
    CommentTag,
    Emergency,
    EmergencyRead,
    EmergencyWord,
)
from satisfaction.models.contact_weeks import ContactWeek
from satisfaction.models.elsewhere import ElsewhereAnswer, ElsewhereCount, ElsewhereFigure, ElsewhereFile
from satisfaction.models.explanations import Explanation
from satisfaction.models.mails import RegularMail
from satisfaction.models.repeats import RepeatCount
from satisfaction.models.saved_views import SavedView
from satisfaction.models.targets import TargetAgreement, TargetLook, TargetVersion, Verdict

__all__ = [
    "AgentFigures",
    "AgentNotice",
    "AnswerCell",
    "CommentAction",
    "CommentCode",
    "CommentMasking",
    "CommentTag",
    "ContactWeek",
    "CountedDraw",
    "ElsewhereAnswer",
    "ElsewhereCount",
    "ElsewhereFigure",
    "ElsewhereFile",
    "Emergency",
    "EmergencyRead",
    "EmergencyWord",
    "Explanation",
    "FrameCell",
    "RegularMail",
    "RepeatCount",
    "RollUp",
    "SavedView",
    "TargetAgreement",
    "TargetLook",
    "TargetVersion",
    "Uncounted",
    "Verdict",
]
