"""Pages for the people we ask."""

from surveys.public_views import call_back
from surveys.public_views.interview import bp

__all__ = ["bp", "call_back"]
