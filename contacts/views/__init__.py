"""Pages of the contact log."""

from contacts.views import imports, log, mappings, parties, periods
from contacts.views.blueprint import bp

__all__ = ["bp", "imports", "log", "mappings", "parties", "periods"]
