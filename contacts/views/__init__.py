"""Pages of the contact log, of its principals and of people."""

from contacts.views import (
    agents,
    agreements,
    certified,
    duplicates,
    entry_points,
    imports,
    log,
    mappings,
    parties,
    people,
    periods,
    reasons,
    reconciliation,
    scope_map,
    sources,
)
from contacts.views.blueprint import bp

__all__ = [
    "agents",
    "agreements",
    "bp",
    "certified",
    "duplicates",
    "entry_points",
    "imports",
    "log",
    "mappings",
    "parties",
    "people",
    "periods",
    "reasons",
    "reconciliation",
    "scope_map",
    "sources",
]
