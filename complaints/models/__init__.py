"""The tables of complaints: cases and their events, words, proposals."""

from complaints.models.cases import Case, CaseCounter, CaseEvent, Clock, HistoryIsClosed, Stage
from complaints.models.proposals import Proposal
from complaints.models.words import CaseMessage, InternalNote, Letter

__all__ = [
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseMessage",
    "Clock",
    "HistoryIsClosed",
    "InternalNote",
    "Letter",
    "Proposal",
    "Stage",
]
