"""Pages of staff: the desk, a case, its acts, what comes in, the registers."""

from complaints.views import acts, case, desk, intake, register
from complaints.views.base import bp

__all__ = ["acts", "bp", "case", "desk", "intake", "register"]
