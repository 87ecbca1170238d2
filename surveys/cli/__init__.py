"""``flask surveys``: questionnaires, draws and answers, from the command line."""

from surveys.cli import answers, codebooks, dispositions, draws, interviews, questionnaires
from surveys.cli.group import surveys

__all__ = ["answers", "codebooks", "dispositions", "draws", "interviews", "questionnaires", "surveys"]
