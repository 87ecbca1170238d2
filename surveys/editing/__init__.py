"""Writing a questionnaire: pure operations from one definition to the next."""

from surveys.editing.operations import (
    EditRefused,
    add_language,
    add_question,
    change_settings,
    delete_question,
    duplicate_question,
    is_editable,
    move_question,
    question_in,
    remove_language,
    rename_question,
    replace_question,
    restore_question,
)
from surveys.editing.references import TEXTS, Reference, references_to

__all__ = [
    "TEXTS",
    "EditRefused",
    "Reference",
    "add_language",
    "add_question",
    "change_settings",
    "delete_question",
    "duplicate_question",
    "is_editable",
    "move_question",
    "question_in",
    "references_to",
    "remove_language",
    "rename_question",
    "replace_question",
    "restore_question",
]
