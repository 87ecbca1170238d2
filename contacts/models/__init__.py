"""The tables of contacts: who we work for, who called, when, and what was read from which file."""

from contacts.models.agreements import Agreement, AgreementParty, AgreementVersion
from contacts.models.entry_points import EntryPoint
from contacts.models.imports import ImportBatch, ImportFile, ImportNote, Mapping
from contacts.models.log import Contact, Customer, Hold
from contacts.models.parties import Principal, Site
from contacts.models.periods import Period

__all__ = [
    "Agreement",
    "AgreementParty",
    "AgreementVersion",
    "Contact",
    "Customer",
    "EntryPoint",
    "Hold",
    "ImportBatch",
    "ImportFile",
    "ImportNote",
    "Mapping",
    "Period",
    "Principal",
    "Site",
]
