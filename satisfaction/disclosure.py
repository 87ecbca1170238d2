"""Which figures would show what a handful of people answered, also by subtraction.

Every table a person may ask for (overall, by site, by channel, by both) is judged at once, whichever is asked for, so
that two tables laid side by side give nothing away either.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from satisfaction.cells import Place

MINIMUM = 5  # fewer answers than this are not shown; reference: Parker et al. 2017 and the usual practice of surveys

Key = tuple[str | None, str | None]  # site and channel; None stands for all of them
OVERALL: Key = (None, None)
Sum = tuple[Key, list[Key]]  # a total and the parts that add up to it


def hidden_keys(answers: Mapping[Place, int], minimum: int = MINIMUM) -> frozenset[Key]:
    """Return the keys whose figure may not be shown, given how many answered in each place.

    A figure is hidden when fewer than ``minimum`` answered, and so are as many others as it takes to keep the hidden
    ones from being worked out from the totals. Several ways to do so are tried, and the one that hides least is taken.
    A place without any answer hides nothing.
    """
    return _least_hidden(tuple(sorted(answers.items())), minimum)


@lru_cache(maxsize=512)  # the questions of one survey mostly have the same numbers of answers
def _least_hidden(answers: tuple[tuple[Place, int], ...], minimum: int) -> frozenset[Key]:
    totals = _totals(dict(answers))
    sums = _sums(totals)
    tried = [
        _concealed(totals, order, minimum, keep_cells) for order in (sums, sums[::-1]) for keep_cells in (False, True)
    ]
    return min(tried, key=lambda hidden: (len(hidden), sum(totals[key] for key in hidden), sorted(map(str, hidden))))


def _concealed(totals: Mapping[Key, int], sums: list[Sum], minimum: int, keep_cells: bool) -> frozenset[Key]:
    """Hide figure after figure until nothing tells; ``keep_cells`` hides a total rather than one of its parts."""
    small = {key for key, n in totals.items() if n < minimum}
    hidden = set(small)
    while (more := _telling(totals, sums, hidden, minimum, keep_cells) or _solvable(totals, small, hidden)) is not None:
        hidden.add(more)
    return frozenset(hidden)


def _totals(answers: Mapping[Place, int]) -> dict[Key, int]:
    totals: dict[Key, int] = {}
    for place, n in answers.items():
        for key in {(place.site, place.channel), (place.site, None), (None, place.channel), OVERALL}:
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


def _telling(
    totals: Mapping[Key, int], sums: list[Sum], hidden: set[Key], minimum: int, keep_cells: bool
) -> Key | None:
    """Return the next key to hide because one sum gives a hidden figure, or too few people together, away."""
    for total, parts in sums:
        concealed = [key for key in parts if key in hidden]
        shown = [key for key in parts if key not in hidden]
        if total in hidden:
            if shown and not concealed:
                return _smallest(totals, shown)
        elif concealed and (len(concealed) == 1 or sum(totals[key] for key in concealed) < minimum):
            rather_total = keep_cells and total != OVERALL
            return _smallest(totals, shown) if shown and not rather_total else total
    return None


def _solvable(totals: Mapping[Key, int], small: set[Key], hidden: set[Key]) -> Key | None:
    """Return the next key to hide because several sums together give a small figure away, or None."""
    cells = sorted(key for key in totals if None not in key)
    shown = sorted((key for key in totals if key not in hidden), key=str)
    if not small or not shown or len(shown) == 1:
        return None
    published = np.array([_members(key, cells) for key in shown]).T
    wanted = np.array([_members(key, cells) for key in sorted(small, key=str)]).T
    solution = np.linalg.lstsq(published, wanted, rcond=None)[0]
    recovered = np.abs(published @ solution - wanted).max(axis=0) < 1e-9
    return _smallest(totals, [key for key in shown if key != OVERALL]) if recovered.any() else None


def _members(key: Key, cells: list[Key]) -> list[float]:
    return [float(key[0] in (None, cell[0]) and key[1] in (None, cell[1])) for cell in cells]


def _smallest(totals: Mapping[Key, int], keys: list[Key]) -> Key:
    return min(keys, key=lambda key: (totals[key], str(key)))
