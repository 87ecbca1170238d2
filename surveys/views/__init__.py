"""Pages of staff: questionnaires, programmes and draws."""

from surveys.views import answers, draws, home, programmes, questionnaires
from surveys.views.blueprint import bp

__all__ = ["answers", "bp", "draws", "home", "programmes", "questionnaires"]
