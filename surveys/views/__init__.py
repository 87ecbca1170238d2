"""Pages of staff: questionnaires, programmes and draws."""

from surveys.views import draws, home, programmes, questionnaires
from surveys.views.blueprint import bp

__all__ = ["bp", "draws", "home", "programmes", "questionnaires"]
