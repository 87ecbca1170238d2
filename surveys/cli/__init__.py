"""``flask surveys``: questionnaires, draws and answers, from the command line."""

from surveys.cli import draws, questionnaires
from surveys.cli.group import surveys

__all__ = ["draws", "questionnaires", "surveys"]
