"""``flask surveys``: questionnaires, draws and answers, from the command line."""

from surveys.cli import answers, codebooks, draws, questionnaires
from surveys.cli.group import surveys

__all__ = ["answers", "codebooks", "draws", "questionnaires", "surveys"]
