"""The tables of contacts: who we work for, who called, when, and what was read from which file."""

from contacts.models.agents import Agent
from contacts.models.agreements import Agreement, AgreementParty, AgreementVersion
from contacts.models.certified import CertifiedSpan
from contacts.models.entry_points import EntryPoint
from contacts.models.imports import ImportBatch, ImportNote, ImportNoteLook, ImportPiece, Mapping
from contacts.models.log import Contact, Customer, Hold
from contacts.models.parties import Principal, PrincipalLogo, Site
from contacts.models.people import CustomerLink, ErasedAddress, Erasure
from contacts.models.periods import Period
from contacts.models.reasons import ReasonVersion, ReasonWord
from contacts.models.reconciliation import Explanation, SourceCount
from contacts.models.watching import WatchedFile, WatchedFolder

__all__ = [
    "Agent",
    "Agreement",
    "AgreementParty",
    "AgreementVersion",
    "CertifiedSpan",
    "Contact",
    "Customer",
    "CustomerLink",
    "EntryPoint",
    "ErasedAddress",
    "Erasure",
    "Explanation",
    "Hold",
    "ImportBatch",
    "ImportNote",
    "ImportNoteLook",
    "ImportPiece",
    "Mapping",
    "Period",
    "Principal",
    "PrincipalLogo",
    "ReasonVersion",
    "ReasonWord",
    "Site",
    "SourceCount",
    "WatchedFile",
    "WatchedFolder",
]
