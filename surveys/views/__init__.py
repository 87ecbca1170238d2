"""Pages of staff: questionnaires and their editor, programmes and draws."""

from surveys.views import (
    answers,
    bank,
    draws,
    editor,
    editor_history,
    editor_new,
    editor_preview,
    editor_question,
    editor_settings,
    editor_try,
    exports,
    home,
    invitations,
    posters,
    programmes,
    questionnaires,
    versions,
)
from surveys.views.blueprint import bp

__all__ = [
    "answers",
    "bank",
    "bp",
    "draws",
    "editor",
    "editor_history",
    "editor_new",
    "editor_preview",
    "editor_question",
    "editor_settings",
    "editor_try",
    "exports",
    "home",
    "invitations",
    "posters",
    "programmes",
    "questionnaires",
    "versions",
]
