"""Pages of staff: what may be said of how satisfied customers are."""

from satisfaction.views import (
    agents,
    comment,
    comment_actions,
    comment_codes,
    comments,
    compare,
    elsewhere,
    emergency_words,
    explain,
    figure,
    figures,
    home,
    indicators,
    packs,
    plan,
    saved_views,
    this_week,
)
from satisfaction.views.blueprint import bp

__all__ = [
    "agents",
    "bp",
    "comment",
    "comment_actions",
    "comment_codes",
    "comments",
    "compare",
    "elsewhere",
    "emergency_words",
    "explain",
    "figure",
    "figures",
    "home",
    "indicators",
    "packs",
    "plan",
    "saved_views",
    "this_week",
]
