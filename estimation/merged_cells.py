"""Cells of answers put into the classes that merging made of their strata."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from estimation.calibration import Cell
from estimation.errors import InvalidInput
from estimation.merging import ClassCounts, CollapseOrder, Fields, Merging, merged_weights


@dataclass(frozen=True, slots=True)
class StratumAnswers:
    """``count`` respondents of a stratum who gave ``score``, in further groups than the fields of the stratum."""

    fields: Fields
    groups: Mapping[str, str]
    score: float
    count: int


def merged_cells(
    order: CollapseOrder, classes: Mapping[Fields, ClassCounts], merging: Merging, answers: Iterable[StratumAnswers]
) -> list[Cell]:
    """The answers as cells of their class, each with the weight its own stratum gives it.

    The fields of the stratum are groups of the cell as well, so that it may be raked to the contacts of each site, or
    looked at by channel, though sites or channels were merged. Raises InvalidInput for answers of a stratum that is
    not in the classes, or of which nobody is said to have responded.
    """
    weights = merged_weights(classes, merging)
    cells = []
    for one in answers:
        if one.fields not in weights:
            raise InvalidInput("stratum_without_respondents", *one.fields)
        name = merging.mapping[one.fields]
        groups = {**dict(zip(order.fields, one.fields, strict=True)), **one.groups}
        size = merging.classes[name].population
        cells.append(Cell("/".join(name), size, groups, one.score, one.count, weights[one.fields]))
    return cells
