"""Pages of the contact log, of its principals and of people."""

from contacts.views import (
    agreements,
    duplicates,
    imports,
    log,
    mappings,
    parties,
    people,
    periods,
    sources,
)
from contacts.views.blueprint import bp

__all__ = [
    "agreements",
    "bp",
    "duplicates",
    "imports",
    "log",
    "mappings",
    "parties",
    "people",
    "periods",
    "sources",
]
