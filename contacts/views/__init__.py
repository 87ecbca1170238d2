"""Pages of the contact log."""

from contacts.views import imports, log, mappings, parties, periods, sources
from contacts.views.blueprint import bp

__all__ = ["bp", "imports", "log", "mappings", "parties", "periods", "sources"]
