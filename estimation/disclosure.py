"""Which figures would show what a handful of people answered, also by subtraction.

Every table a person may ask for (overall, by site, by channel, by both) is judged at once, whichever is asked for, so
that two tables laid side by side give nothing away either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

import numpy as np

MINIMUM = 5  # fewer answers than this are not shown; reference: Parker et al. 2017 and the usual practice of surveys
MOST_SMALL = 24  # a table with more small cells than this is mostly holes: none of its cells is shown
EXACT = 1e-9

Place = tuple[str, str]  # a row and a column of the finest table: a site and a channel
Key = tuple[str | None, str | None]  # the same, where None stands for all of them
OVERALL: Key = (None, None)
AnyPlace = TypeVar("AnyPlace", bound=Place)
Sum = tuple[Key, list[Key]]  # a total and the parts that add up to it


@dataclass(frozen=True)
class _Table:
    """Every figure of one question with its number of answers, and how they add up.

    ``groups`` are the sets of cells that hold fewer than ``minimum`` answers together, as positions in ``cells``.
    """

    totals: Mapping[Key, int]
    sums: list[Sum]
    cells: list[Key]
    groups: list[np.ndarray]
    minimum: int

    def smallest(self, keys: list[Key]) -> Key:
        return min(keys, key=lambda key: (self.totals[key], str(key)))


def hidden_keys(answers: Mapping[AnyPlace, int], minimum: int = MINIMUM) -> frozenset[Key]:
    """Return the keys whose figure may not be shown, given how many answered in each place.

    A figure is hidden when fewer than ``minimum`` answered, and so are as many others as it takes to keep fewer than
    ``minimum`` people's answers from being worked out from the rest. Several ways to do so are tried, and the one that
    hides least is taken. A place without any answer hides nothing.
    """
    return _least_hidden(tuple(sorted(answers.items())), minimum)


@lru_cache(maxsize=512)  # the questions of one survey mostly have the same numbers of answers
def _least_hidden(answers: tuple[tuple[Place, int], ...], minimum: int) -> frozenset[Key]:
    totals = _totals(dict(answers))
    cells = sorted(key for key in totals if None not in key)
    table = _Table(totals, _sums(totals), cells, _small_groups([totals[cell] for cell in cells], minimum), minimum)
    tried = [_concealed(table, order, keep_cells) for order in (1, -1) for keep_cells in (False, True)]
    return min(tried, key=lambda hidden: (len(hidden), sum(totals[key] for key in hidden), sorted(map(str, hidden))))


def _totals(answers: Mapping[Place, int]) -> dict[Key, int]:
    totals: dict[Key, int] = {}
    for (row, column), n in answers.items():
        for key in {(row, column), (row, None), (None, column), OVERALL}:
            totals[key] = totals.get(key, 0) + n
    return {key: n for key, n in totals.items() if n > 0}


def _sums(totals: Mapping[Key, int]) -> list[Sum]:
    cells = [key for key in totals if key[0] is not None and key[1] is not None]
    sites = [key for key in totals if key[0] is not None and key[1] is None]
    channels = [key for key in totals if key[0] is None and key[1] is not None]
    return [
        (OVERALL, sites),
        (OVERALL, channels),
        *((site, [cell for cell in cells if cell[0] == site[0]]) for site in sites),
        *((channel, [cell for cell in cells if cell[1] == channel[1]]) for channel in channels),
    ]


def _small_groups(sizes: list[int], minimum: int) -> list[np.ndarray]:
    """The sets of cells with fewer than ``minimum`` answers together, by the number of cells in a set."""
    small = [position for position, n in enumerate(sizes) if n < minimum]
    if len(small) > MOST_SMALL:
        small = []
    found = (
        [group for group in combinations(small, count) if sum(sizes[position] for position in group) < minimum]
        for count in range(1, minimum)
    )
    return [np.array(groups) for groups in found if groups]


def _concealed(table: _Table, order: int, keep_cells: bool) -> frozenset[Key]:
    """Hide figure after figure until nothing tells; ``keep_cells`` hides a total rather than one of its parts."""
    hidden = {key for key, n in table.totals.items() if n < table.minimum}
    if len(hidden.intersection(table.cells)) > MOST_SMALL:
        hidden.update(table.cells)
    while (more := _telling(table, order, hidden, keep_cells) or _solvable(table, hidden)) is not None:
        hidden.add(more)
    return frozenset(hidden)


def _telling(table: _Table, order: int, hidden: set[Key], keep_cells: bool) -> Key | None:
    """Return the next key to hide because one sum gives a hidden figure, or too few people together, away."""
    for total, parts in table.sums[::order]:
        concealed = [key for key in parts if key in hidden]
        shown = [key for key in parts if key not in hidden]
        if total in hidden:
            if shown and not concealed:
                return table.smallest(shown)
        elif concealed and (len(concealed) == 1 or sum(table.totals[key] for key in concealed) < table.minimum):
            rather_total = keep_cells and total != OVERALL
            return table.smallest(shown) if shown and not rather_total else total
    return None


def _solvable(table: _Table, hidden: set[Key]) -> Key | None:
    """Return the next key to hide because several sums together give too few people away, or None.

    A set of cells follows from what is shown when it is at right angles to every change of the cells that leaves
    everything shown as it is.
    """
    concealed = [position for position, cell in enumerate(table.cells) if cell in hidden]
    shown = [key for key in table.totals if key not in hidden]
    margins = [key for key in shown if None in key]
    if not concealed or len(shown) < 2 or not margins:
        return None
    among = np.zeros(len(table.cells), dtype=int)
    among[concealed] = range(len(concealed))
    cells = [table.cells[position] for position in concealed]
    changes = _null_space(np.array([_members(key, cells) for key in margins]))
    for groups in table.groups:
        if (np.abs(changes[among[groups]].sum(axis=1)).max(axis=1, initial=0) < EXACT).any():
            return table.smallest([key for key in shown if key != OVERALL])
    return None


def _members(key: Key, cells: list[Key]) -> list[float]:
    return [float(key[0] in (None, cell[0]) and key[1] in (None, cell[1])) for cell in cells]


def _null_space(rows: np.ndarray) -> np.ndarray:
    """The changes of the columns that no row notices, one in each column of the result."""
    _, sizes, directions = np.linalg.svd(rows)
    return directions[(sizes > EXACT).sum() :].T
