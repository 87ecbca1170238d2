"""Quantiles of the usual distributions, as plain floats."""

from scipy import special

from estimation.errors import InvalidInput


def normal_quantile(confidence_level: float) -> float:
    """Two-sided quantile of the normal distribution: 1.959964 for 0.95."""
    return float(special.ndtri(1 - tail(confidence_level)))


def t_quantile(confidence_level: float, df: float) -> float | None:
    """Two-sided quantile of Student's t, or None when there is no degree of freedom."""
    if df <= 0:
        return None
    return float(special.stdtrit(df, 1 - tail(confidence_level)))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Quantile of the beta distribution; 0 when ``a`` is 0 and 1 when ``b`` is 0, its limits."""
    if a <= 0:
        return 0.0
    return 1.0 if b <= 0 else float(special.betaincinv(a, b, probability))


def gamma_quantile(probability: float, shape: float) -> float:
    """Quantile of the gamma distribution of scale 1 (half of a chi-square's with 2 x shape); 0 when ``shape`` is 0."""
    return float(special.gammaincinv(shape, probability)) if shape > 0 else 0.0


def chi_square_tail(statistic: float, df: int) -> float:
    """Probability that a chi-square of ``df`` degrees of freedom exceeds ``statistic``."""
    return float(special.chdtrc(df, statistic))


def t_tails(statistic: float, df: float) -> float:
    """Two-sided p-value of a t statistic."""
    return 2 * float(special.stdtr(df, -abs(statistic)))


def normal_tails(statistic: float) -> float:
    """Two-sided p-value of a z statistic."""
    return 2 * float(special.ndtr(-abs(statistic)))


def tail(confidence_level: float) -> float:
    """Probability left on each side of a two-sided interval. Raises InvalidInput outside 0..1, both excluded."""
    if not 0 < confidence_level < 1:
        raise InvalidInput("confidence_level", confidence_level)
    return (1 - confidence_level) / 2


def df_ratio(confidence_level: float, n: int, df: int) -> float | None:
    """Korn and Graubard's penalty for strata, (t_{n-1} / t_df)^2, or None when a side has no degree of freedom.

    Source: Korn & Graubard (1998), Survey Methodology 24:193.
    """
    simple, stratified = t_quantile(confidence_level, n - 1), t_quantile(confidence_level, df)
    return None if simple is None or stratified is None else (simple / stratified) ** 2
