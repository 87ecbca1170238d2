"""What goes with overall satisfaction: drivers and reliability, from how often each pattern of answers was given."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

from estimation import CellStratum, cronbach_alpha, importance_of_cells, mcdonald_omega
from estimation.errors import InvalidInput, NotConverged
from satisfaction.cells import StratumKey

LEAST_ANSWERS, LEAST_PER_DRIVER, LEAST_FOR_OMEGA, LEAST_DRIVERS = 30, 10, 3, 2
SEED, REPLICATES = 20260101, 400
ANONYMOUS, REFUSED, DRIVERS, FEW, ALL_EQUAL = "anonymous", "refused", "drivers", "few", "all-equal"

Pattern = tuple[float, ...]
#: Stratum → pattern (base weight, overall score, then each theme's in their order) → how many gave it.
Patterns = Mapping[StratumKey, Counter[Pattern]]


def explanation(themes: list[str], patterns: Patterns, populations: Mapping[StratumKey, int]) -> dict[str, Any]:
    """The result that is kept: n, R squared and each driver with its interval, and how far the themes are one thing.

    ``refusal`` says why there is none. Only those who answered every question count.
    """
    n = sum(sum(counts.values()) for counts in patterns.values())
    blank = {"n": n, "themes": themes, "replicates": REPLICATES, "seed": SEED}
    if len(themes) < LEAST_DRIVERS:
        return blank | {"refusal": DRIVERS}
    if n < max(LEAST_ANSWERS, LEAST_PER_DRIVER * len(themes)):
        return blank | {"refusal": FEW}
    strata, joined = joined_strata(patterns, populations)
    try:
        found = importance_of_cells(strata, themes, replicates=REPLICATES, seed=SEED)
    except InvalidInput:
        return blank | {"refusal": ALL_EQUAL}
    drivers = [
        {"theme": name, "estimate": part.estimate, "lower": part.lower, "upper": part.upper}
        for name, part in found.parts.items()
    ]
    whole = {"estimate": found.r_squared.estimate, "lower": found.r_squared.lower, "upper": found.r_squared.upper}
    kept = {"refusal": None, "r_squared": whole, "drivers": drivers, "strata": len(strata), "joined": joined}
    return blank | kept | {"reliability": reliability(patterns)}


def joined_strata(patterns: Patterns, populations: Mapping[StratumKey, int]) -> tuple[list[CellStratum], int]:
    """The strata with two respondents or more; the others as one, with the smallest of these where they are too few.

    And how many were joined. It moves the weights of an association a little; no figure of a page is made this way.
    """
    sizes = {key: sum(patterns.get(key, Counter()).values()) for key in populations}
    thin = {key for key, size in sizes.items() if size < 2}
    rest = sorted((key for key in sizes if key not in thin), key=lambda key: (sizes[key], key))
    while thin and rest and sum(sizes[key] for key in thin) < 2:
        thin.add(rest.pop(0))
    groups = [[key] for key in sorted(rest)] + ([sorted(thin)] if thin else [])
    return [_together(group, patterns, populations) for group in groups], len(thin)


def _together(group: list[StratumKey], patterns: Patterns, populations: Mapping[StratumKey, int]) -> CellStratum:
    counts: dict[Hashable, int] = {}
    for key in group:
        for cell, times in patterns.get(key, {}).items():
            counts[cell] = counts.get(cell, 0) + times
    return CellStratum(str(group), sum(populations[key] for key in group), counts)


def reliability(patterns: Patterns) -> dict[str, Any]:
    """Cronbach's alpha of the themes with its limits, and McDonald's omega of three or more; None where undefined."""
    rows = [cell[2:] for counts in patterns.values() for cell, times in sorted(counts.items()) for _ in range(times)]
    alpha = cronbach_alpha(rows)
    omega = None
    if alpha.n_items >= LEAST_FOR_OMEGA:
        try:
            omega = mcdonald_omega(rows).omega_total
        except (InvalidInput, NotConverged):
            omega = None
    limits = {"alpha": alpha.alpha, "lower": alpha.feldt_lower, "upper": alpha.feldt_upper}
    return limits | {"omega": omega, "items": alpha.n_items}
