"""Whether two answers go together, in a table from a stratified sample: Pearson's chi-square after Rao and Scott.

Under a design X^2 is no chi-square but a sum of chi-squares with weights d_i, the generalised design effects. First
order: X^2 / mean d against chi-square with (r - 1)(c - 1) degrees. Second order (Satterthwaite): X^2 / sum d against F
with (sum d)^2 / sum d^2 degrees, times n - H. Sources: Rao & Scott (1984), Ann. Stat. 12:46; R's svychisq.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.errors import EmptyStratum, InvalidInput, NoAnswers, SingleUnitStratum
from estimation.quantiles import chi_square_tail
from estimation.strata import check_sizes


@dataclass(frozen=True, slots=True)
class TableStratum:
    """Contacts of a stratum and its respondents by (row, column)."""

    label: str
    population_size: int
    counts: Mapping[tuple[Hashable, Hashable], int]

    def __post_init__(self) -> None:
        check_sizes(self.label, self.population_size, self.n, self.counts.values())

    @property
    def n(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RaoScott:
    """The test of rows and columns having nothing to do with each other; None where the table has no such test.

    ``pearson`` is X^2 of the weighted table scaled to ``n`` answers, ``design_effect`` the mean of the d_i.
    ``second_order`` is the one to print.
    """

    n: int
    pearson: float | None
    df: int
    design_effect: float | None
    first_order_p_value: float | None
    second_order_f: float | None
    numerator_df: float | None
    denominator_df: float | None
    p_value: float | None


def rao_scott(strata: Sequence[TableStratum], *, fpc: bool = False) -> RaoScott:
    """The test over the whole population. Rows and columns nobody is in are left out.

    Raises EmptyStratum, SingleUnitStratum, NoAnswers.
    """
    present = checked([one for one in strata if one.population_size])
    rows, columns = (
        sorted({key[side] for one in present for key, m in one.counts.items() if m}, key=str) for side in (0, 1)
    )
    n, df = sum(one.n for one in present), (len(rows) - 1) * (len(columns) - 1)
    cells = [(row, column) for row in rows for column in columns]
    counts = np.array([[one.counts.get(cell, 0) for cell in cells] for one in present], dtype=float)
    sizes = np.array([one.population_size for one in present], dtype=float)
    shares = (sizes / sizes.sum()) @ (counts / counts.sum(axis=1, keepdims=True))
    table = shares.reshape(len(rows), len(columns))
    if df < 1:
        return RaoScott(n, None, df, *[None] * 6)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = n * float(((table - expected) ** 2 / expected).sum())
    effects = design_effects(table, covariance(counts, sizes, fpc), n)
    total, squares = float(np.trace(effects)), float(np.trace(effects @ effects))
    if total <= 0:
        return RaoScott(n, pearson, df, 0.0, *[None] * 5)
    upper, lower = total**2 / squares, total**2 / squares * (n - len(present))
    first = chi_square_tail(pearson / (total / df), df)
    return RaoScott(
        n, pearson, df, total / df, first, pearson / total, upper, lower, f_tail(pearson / total, upper, lower)
    )


def checked(strata: list[TableStratum]) -> list[TableStratum]:
    if empty := [one.label for one in strata if not one.n]:
        raise EmptyStratum(*empty)
    if not strata:
        raise NoAnswers
    if lonely := [one.label for one in strata if one.n == 1 < one.population_size]:
        raise SingleUnitStratum(*lonely)
    return strata


def covariance(counts: np.ndarray, sizes: np.ndarray, fpc: bool) -> np.ndarray:
    """Of the estimated shares of all cells: sum W_h^2 (1 - f_h) (diag p_h - p_h p_h') / (n_h - 1)."""
    n = counts.sum(axis=1)
    shares = counts / n[:, None]
    factor = (sizes / sizes.sum()) ** 2 * (1 - n / sizes if fpc else 1.0) / np.maximum(n - 1, 1)
    return np.diag(factor @ shares) - np.einsum("h,hi,hj->ij", factor, shares, shares)


def design_effects(table: np.ndarray, variance: np.ndarray, n: int) -> np.ndarray:
    """The matrix whose eigenvalues are the generalised design effects, for contrasts of rows by columns.

    As R's svychisq: contrasts of the interaction, what the main effects explain taken out, in a saturated log-linear
    model; cells without answers have no say.
    """
    shares = table.ravel()
    rows, columns = (np.eye(size)[:, 1:] for size in table.shape)
    ones = [np.ones((size, 1)) for size in table.shape]
    main = np.hstack([np.kron(ones[0], ones[1]), np.kron(rows, ones[1]), np.kron(ones[0], columns)])
    both = np.kron(rows, columns)
    contrasts = both - main @ np.linalg.lstsq(main, both, rcond=None)[0]
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0)
    weighted = contrasts * inverse[:, None]
    simple = contrasts.T @ (inverse[:, None] / n * contrasts)
    if not math.isfinite(np.linalg.cond(simple)):
        raise InvalidInput("table")
    return np.linalg.solve(simple, weighted.T @ variance @ weighted)


def f_tail(statistic: float, numerator: float, denominator: float) -> float | None:
    """Probability that F exceeds ``statistic``; None without degrees of freedom."""
    from scipy import special

    return float(special.fdtrc(numerator, denominator, statistic)) if denominator > 0 else None
