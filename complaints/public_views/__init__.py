"""Pages of customers: complaining, and following a case."""

from complaints.public_views import filing, follow
from complaints.public_views.base import bp

__all__ = ["bp", "filing", "follow"]
