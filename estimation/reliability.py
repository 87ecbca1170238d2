"""Whether several questions measure one thing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
from scipy import special

from estimation.errors import InvalidInput, NotConverged
from estimation.quantiles import tail

ROUNDS = 20_000
LEAST_UNIQUENESS = 0.005  # below it a factor would explain an item wholly; R's factanal stops there too


@dataclass(frozen=True, slots=True)
class CronbachAlpha:
    """Cronbach's alpha of ``n`` respondents to ``n_items`` questions, with Feldt's limits. None without variance."""

    n: int
    n_items: int
    alpha: float | None
    standardized_alpha: float | None
    alpha_if_item_deleted: tuple[float | None, ...]
    feldt_lower: float | None
    feldt_upper: float | None
    confidence_level: float


@dataclass(frozen=True, slots=True)
class McDonaldOmega:
    """One-factor loadings, their sum positive, and omega total."""

    loadings: tuple[float, ...]
    omega_total: float


def cronbach_alpha(rows: Sequence[Sequence[float]], confidence_level: float = 0.95) -> CronbachAlpha:
    """Alpha over rows of complete answers, one row a respondent; a negative alpha is reported as it is.

    Raises InvalidInput for fewer than two rows or questions. Sources: Cronbach (1951), Psychometrika 16:297;
    Feldt (1965), Psychometrika 30:357.
    """
    items = item_matrix(rows, 2)
    n, k = items.shape
    covariance = numpy.cov(items, rowvar=False)
    alpha = alpha_of(covariance)
    without = (alpha_of(numpy.delete(numpy.delete(covariance, item, 0), item, 1)) for item in range(k))
    lower, upper = (None, None) if alpha is None else feldt_limits(alpha, n, k, confidence_level)
    standardized = alpha_of(correlation_of(covariance)) if numpy.diag(covariance).all() else None
    return CronbachAlpha(n, k, alpha, standardized, tuple(without), lower, upper, confidence_level)


def alpha_of(covariance: numpy.ndarray) -> float | None:
    """Alpha from the covariance matrix of the items; None for one item or none that varies."""
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or total <= 0:
        return None
    return k / (k - 1) * (1 - float(numpy.trace(covariance)) / total)


def feldt_limits(alpha: float, n: int, k: int, confidence_level: float) -> tuple[float, float]:
    probability, dfs = tail(confidence_level), (n - 1, (n - 1) * (k - 1))
    high, low = (float(special.fdtri(*dfs, p)) for p in (1 - probability, probability))
    return 1 - (1 - alpha) * high, 1 - (1 - alpha) * low


def mcdonald_omega(rows: Sequence[Sequence[float]]) -> McDonaldOmega:
    """Omega total of one maximum-likelihood factor on the correlations, (sum l)^2 / ((sum l)^2 + sum psi).

    Raises InvalidInput for fewer than three questions or one that does not vary, NotConverged when the factor does
    not settle. Source: McDonald (1999), Test Theory; fitted by EM, Rubin & Thayer (1982), Psychometrika 47:69.
    """
    covariance = numpy.cov(item_matrix(rows, 3), rowvar=False)
    if not numpy.diag(covariance).all():
        raise InvalidInput("item_without_variance")
    loadings, uniquenesses = one_factor(correlation_of(covariance))
    common = float(loadings.sum()) ** 2
    return McDonaldOmega(tuple(map(float, loadings)), common / (common + float(uniquenesses.sum())))


def one_factor(correlation: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Loadings and uniquenesses of the maximum-likelihood factor."""
    values, vectors = numpy.linalg.eigh(correlation)
    loadings = vectors[:, -1] * numpy.sqrt(values[-1]) * 0.9
    uniquenesses = numpy.maximum(1 - loadings**2, LEAST_UNIQUENESS)
    for _ in range(ROUNDS):
        scores = loadings / uniquenesses / (1 + float((loadings**2 / uniquenesses).sum()))
        shared = correlation @ scores
        after = shared / (1 - float(scores @ loadings) + float(scores @ shared))
        uniquenesses = numpy.maximum(1 - after * shared, LEAST_UNIQUENESS)
        settled = float(numpy.abs(after - loadings).max()) < 1e-10
        loadings = after
        if settled:
            return loadings * (1 if loadings.sum() >= 0 else -1), uniquenesses
    raise NotConverged(ROUNDS)


def correlation_of(covariance: numpy.ndarray) -> numpy.ndarray:
    deviations = numpy.sqrt(numpy.diag(covariance))
    return covariance / numpy.outer(deviations, deviations)


def item_matrix(rows: Sequence[Sequence[float]], least_items: int) -> numpy.ndarray:
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) < least_items:
        raise InvalidInput("items", len(rows))
    return numpy.array(rows, dtype=float)
