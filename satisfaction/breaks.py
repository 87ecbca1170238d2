"""Where the series of a question begins anew: its wording or scale was edited between two published versions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from surveys.edit_classes import WORDING, breaking, changes
from surveys.questionnaires import Definition
from surveys.series import series_numbers


@dataclass(frozen=True)
class Edition:
    """A published version of a questionnaire; ``published_on`` in the zone of the principal."""

    number: int
    published_on: date
    definition: Definition


@dataclass(frozen=True)
class Break:
    """From ``version`` on, ``question`` is asked otherwise: ``kind`` is wording or scale, ``series_number`` begins.

    ``inside``: versions from before and after were asked within the days of the report, which so has no figure.
    """

    question: str
    kind: str
    version: int
    published_on: date
    series_number: int
    inside: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"published_on": self.published_on.isoformat()}


def series_in(editions: Sequence[Edition], asked: Sequence[int]) -> tuple[dict[str, int], list[Break]]:
    """The number of each question's series in the last version asked, and every break up to it.

    ``editions`` are all published versions in their order, ``asked`` the numbers of those asked; breaks in the order in
    which they came.
    """
    known = [edition for edition in editions if asked and edition.number <= max(asked)]
    numbered = series_numbers([edition.definition for edition in known])
    found: list[Break] = []
    last: dict[str, tuple[int, Definition]] = {}
    for edition, numbers in zip(known, numbered, strict=True):
        for question, number in numbers.items():
            before, definition = last.get(question, (number, edition.definition))
            if number != before:
                kind = breaking(changes(definition, edition.definition)).get(question, WORDING)
                inside = min(asked) < edition.number
                found.append(Break(question, kind, edition.number, edition.published_on, number, inside))
            last[question] = (number, edition.definition)
    return _numbers(numbered), found


def _numbers(numbered: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return dict(numbered[-1]) if numbered else {}
