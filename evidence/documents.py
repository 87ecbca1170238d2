"""The documents of a binder that people read: the methodology note and how to check the rest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app

from foundation.web.i18n import LANGUAGES, speaking

VERIFIER = Path(__file__).parent / "verify.py"
STYLE = "note.css"


def documents(facts: Mapping[str, Any]) -> dict[str, bytes]:
    """The methodology note in every language, its style, how to read the binder, and the verifier."""
    found = {STYLE: _rendered(f"evidence/{STYLE}", {}), "verify.py": VERIFIER.read_bytes()}
    for language in LANGUAGES:
        with speaking(language):
            found[f"methodology.{language}.html"] = _rendered("evidence/note.html", {**facts, "language": language})
            found[f"README.{language}.txt"] = _rendered("evidence/readme.txt", facts)
    return found


def _rendered(name: str, facts: Mapping[str, Any]) -> bytes:
    # Not through Flask's own function: its context would bring in who is signed in.
    return current_app.jinja_env.get_template(name).render(**facts).strip().encode() + b"\n"
