"""The choice of language: French first, English; from the address, the session, then the browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, Response, g, has_request_context, request, session
from flask_babel import Babel, force_locale

LANGUAGES = ("fr", "en")
CATALOGUES = (
    "foundation",
    "contacts",
    "notifications",
    "surveys",
    "complaints",
    "satisfaction",
    "evidence",
)
babel = Babel()
_document: ContextVar[str | None] = ContextVar("document", default=None)


def init_languages(app: Flask) -> None:
    """Load one catalogue per package and choose the language of each request."""
    folders = ";".join(f"translations/{name}" for name in CATALOGUES)
    app.config.update(
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE=app.config["TIMEZONE"],
        BABEL_TRANSLATION_DIRECTORIES=folders,
    )
    babel.init_app(app, locale_selector=current_language)
    app.after_request(_remember)


def current_language() -> str:
    """Return ``fr`` or ``en``: the document's, ``g.language``, ``?lang=``, the session, the browser, French."""
    if document := _document.get():
        return document
    if not has_request_context():
        return "fr"
    wanted = g.get("language") or request.args.get("lang") or session.get("lang")
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES) or "fr"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write a document in ``language``, whoever asks for it, with or without a request."""
    before = _document.set(language)
    try:
        with force_locale(language):
            yield
    finally:
        _document.reset(before)


def in_each_language(words: Callable[[], Any]) -> dict[str, str]:
    """Return what ``words()`` says, by language; for what is kept and shown to readers of either."""
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = str(words())
    return said


def _remember(response: Response) -> Response:
    """Keep a language chosen by ``?lang=`` for the visit."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and session.get("lang") != chosen:
        session["lang"] = chosen
    return response
