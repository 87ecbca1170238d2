"""Pages for the people we ask."""

from surveys.public_views import call_back, expired
from surveys.public_views.interview import bp
from surveys.public_views.posters import bp as posters

__all__ = ["bp", "call_back", "expired", "posters"]
