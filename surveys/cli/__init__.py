"""``flask surveys``: questionnaires, draws and answers, from the command line."""

from surveys.cli import answers, codebooks, draws, interviews, questionnaires
from surveys.cli.group import surveys

__all__ = ["answers", "codebooks", "draws", "interviews", "questionnaires", "surveys"]
