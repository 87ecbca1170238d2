"""Figures of sites as if all had the same mix of channels: direct standardisation with one set of shares W_c.

Site s becomes sum W_c y_sc. Where its channels are strata of their own the variance is sum W_c^2 v_sc; where a channel
cuts across strata, respondents elsewhere count as zeros. Sources: Cochran (1977), Sampling Techniques, section 5A.14
(domains); Keiding & Clayton (2014), Stat. Sci. 29:529 (standardisation); Lumley (2010), Complex Surveys.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from estimation.effective_sizes import EffectiveSizes, bounded
from estimation.errors import EmptyPoststratum, InvalidInput, SingleUnitStratum
from estimation.means import MeanEstimate, t_limits
from estimation.nps import NetScore, net_score, nps_sign
from estimation.parts import Part, estimated_mean, estimated_size, members_of, parts_of
from estimation.shares import Share, share_intervals
from estimation.strata import DomainStratum, Stratum

#: The strata of one site by channel.
Channels = Mapping[str, Sequence[Stratum | DomainStratum]]


def common_mix(contacts: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """W_c: the share of each channel in the contacts of all sites (site -> channel -> contacts)."""
    totals: defaultdict[str, int] = defaultdict(int)
    for of_site in contacts.values():
        for channel, number in of_site.items():
            totals[channel] += number
    if not (whole := sum(totals.values())):
        raise InvalidInput("contacts")
    return {channel: number / whole for channel, number in totals.items() if number}


def standardised_mean(
    channels: Channels, mix: Mapping[str, float], *, fpc: bool = True, confidence_level: float = 0.95
) -> MeanEstimate:
    """The mean of a site at the common mix; t on the members less their strata.

    Raises EmptyPoststratum for channels of the mix in which the site has no answer, SingleUnitStratum for a stratum
    with one of several, InvalidInput for shares that are negative or all 0.
    """
    parts, shares = prepared(channels, mix, float), scaled(mix)
    error, (n, df) = math.sqrt(variance(parts, shares, fpc)), sizes_of(parts)
    estimate = mean_at(parts, shares)
    lower, upper = t_limits(estimate, error, df, confidence_level)
    return MeanEstimate(n, estimate, error, df, lower, upper, confidence_level)


def standardised_proportion(
    channels: Channels,
    mix: Mapping[str, float],
    successes: Collection[float] = (1,),
    *,
    fpc: bool = True,
    confidence_level: float = 0.95,
) -> Share:
    """The share of answers among ``successes`` of a site at the common mix, with ``wilson_design``."""
    parts, shares = prepared(channels, mix, lambda value: float(value in successes)), scaled(mix)
    share, (n, df) = min(max(mean_at(parts, shares), 0.0), 1.0), sizes_of(parts)
    spread, design = variance(parts, shares, fpc), design_size(parts, shares, fpc)
    sizes = EffectiveSizes(n, df, share * (1 - share), spread, design, confidence_level)
    return Share(
        *(n, share, math.sqrt(spread), df, confidence_level),
        *(sizes.effective, sizes.adjusted, bounded(design), bounded(sizes.star)),
        share_intervals(share, sizes),
    )


def standardised_nps(
    channels: Channels, mix: Mapping[str, float], *, fpc: bool = True, confidence_level: float = 0.95
) -> NetScore:
    """The net promoter score of a site at the common mix."""
    parts, shares = prepared(channels, mix, nps_sign), scaled(mix)
    promoters = mean_at(prepared(channels, mix, lambda value: float(nps_sign(value) > 0)), shares)
    (n, df), spread = sizes_of(parts), variance(parts, shares, fpc)
    both = (promoters, promoters - mean_at(parts, shares))
    return net_score(n, df, both, spread, design_size(parts, shares, fpc), confidence_level)


def scaled(mix: Mapping[str, float]) -> dict[str, float]:
    """The shares of the mix, adding up to 1, without those that are 0."""
    total = math.fsum(mix.values())
    if total <= 0 or min(mix.values()) < 0:
        raise InvalidInput("mix")
    return {channel: share / total for channel, share in mix.items() if share}


def prepared(channels: Channels, mix: Mapping[str, float], recode: Callable[[float], float]) -> dict[str, list[Part]]:
    """The parts of each channel of the mix."""
    wanted = scaled(mix)
    answers = {name: sum(sum(one.counts.values()) for one in channels.get(name, ())) for name in wanted}
    if empty := [name for name, number in answers.items() if not number]:
        raise EmptyPoststratum(*empty)
    return {name: parts_of(channels[name], recode) for name in wanted}


def sizes_of(parts: Mapping[str, list[Part]]) -> tuple[int, int]:
    """Answers, and these less the strata they were found in."""
    n = sum(members_of(of_channel) for of_channel in parts.values())
    return n, n - len({part.label for of_channel in parts.values() for part in of_channel if part.members})


def mean_at(parts: Mapping[str, list[Part]], shares: Mapping[str, float]) -> float:
    return math.fsum(shares[name] * estimated_mean(of_channel) for name, of_channel in parts.items())


def variance(parts: Mapping[str, list[Part]], shares: Mapping[str, float], fpc: bool) -> float:
    """Stratified variance of the total of z = (W_c / N_c) (y - y_c) for members of channel c and 0 for others."""
    strata: defaultdict[str, list[tuple[Part, float, float]]] = defaultdict(list)
    for name, of_channel in parts.items():
        factor, centre = shares[name] / estimated_size(of_channel), estimated_mean(of_channel)
        for part in of_channel:
            strata[part.label].append((part, factor, centre))
    if lonely := [label for label, rows in strata.items() if rows[0][0].is_lonely(fpc)]:
        raise SingleUnitStratum(*lonely)
    return math.fsum(variance_in_stratum(label, rows, fpc) for label, rows in strata.items())


def variance_in_stratum(label: str, rows: Sequence[tuple[Part, float, float]], fpc: bool) -> float:
    whole = rows[0][0]
    n = whole.respondents
    if any((part.population_size, part.respondents) != (whole.population_size, n) for part, _, _ in rows):
        raise InvalidInput("stratum_of_two_sizes", label)
    if n == 1:
        return 0.0
    total = math.fsum(factor * part.members * (part.mean - centre) for part, factor, centre in rows)
    squares = math.fsum(
        factor**2 * (part.squares + part.members * (part.mean - centre) ** 2) for part, factor, centre in rows
    )
    spread = max(squares - total**2 / n, 0.0) / (n - 1)
    return whole.population_size**2 * whole.unsampled(fpc) * spread / n


def design_size(parts: Mapping[str, list[Part]], shares: Mapping[str, float], fpc: bool) -> float:
    """1 / sum (W_c / N_c)^2 w_h^2 (1 - f_h) m_hc: the answers the mix gives when strata and channels agree."""
    noise = math.fsum(
        (shares[name] / estimated_size(of_channel)) ** 2 * part.weight**2 * part.unsampled(fpc) * part.members
        for name, of_channel in parts.items()
        for part in of_channel
    )
    return 1 / noise if noise > 0 else math.inf
