"""Pages of staff: what may be said of how satisfied customers are."""

from satisfaction.views import comments, figures, home
from satisfaction.views.blueprint import bp

__all__ = ["bp", "comments", "figures", "home"]
