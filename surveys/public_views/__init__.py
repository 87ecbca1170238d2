"""Pages for the people we ask."""

from surveys.public_views.interview import bp

__all__ = ["bp"]
