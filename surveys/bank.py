"""The question bank: what each model questionnaire measures, when to ask it, and where its questions come from.

This stands beside the definition and is no part of it: a better description changes no content hash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.questions.base import Texts
from surveys.themes import THEMES


@dataclass(frozen=True)
class Source:
    """Where questions come from; ``questions`` are their ids, empty for all the others."""

    what: Texts
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A model with what one must know to choose it. ``minutes`` is how long it takes on the web at most, about."""

    key: str
    definition: Mapping[str, Any]
    measures: Texts
    when: Texts
    minutes: int
    sources: tuple[Source, ...]

    @property
    def title(self) -> Texts:
        return self.definition["title"]

    @property
    def asked(self) -> int:
        """How many questions it has."""
        return len(self.definition["questions"])

    @property
    def asked_by_sms(self) -> int:
        return sum(raw.get("sms", True) is not False for raw in self.definition["questions"])

    @property
    def themes(self) -> list[str]:
        """The themes it asks about, in the order in which they are always told."""
        asked = {raw.get("theme") for raw in self.definition["questions"]}
        return [theme for theme in THEMES if theme in asked]


def model(key: str, definition: Mapping[str, Any], about: Mapping[str, Any]) -> Model:
    """The model of a definition and of what is written about it."""
    sources: Sequence[Mapping[str, Any]] = about["sources"]
    return Model(
        key=key,
        definition=definition,
        measures=about["measures"],
        when=about["when"],
        minutes=about["minutes"],
        sources=tuple(Source(one["what"], tuple(one["questions"])) for one in sources),
    )
