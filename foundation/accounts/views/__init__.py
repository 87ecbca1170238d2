"""Pages of staff accounts and of keys."""

from foundation.accounts.views import keys, staff
from foundation.accounts.views.blueprint import bp

__all__ = ["bp", "keys", "staff"]
