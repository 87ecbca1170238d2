"""The title of a questionnaire whose definition may still be anything at all."""

from collections.abc import Mapping
from typing import Any


def title_of(definition: Mapping[str, Any]) -> str:
    """The title in the first language that has one, at most 200 characters; empty if there is none."""
    titles = definition.get("title")
    if isinstance(titles, Mapping):
        return next((str(text)[:200] for text in titles.values() if text), "")
    return str(titles or "")[:200]
