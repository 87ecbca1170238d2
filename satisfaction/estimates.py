"""From a tally to a finding: the estimate, its interval, and every reason not to show them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from estimation import (
    DomainStratum,
    EmptyStratum,
    NetScore,
    OrderExhausted,
    Share,
    SingleUnitStratum,
    WeightedAnswer,
    design_effect_of_weights,
    domain_mean,
    domain_nps,
    domain_proportion,
    merged_classes,
    weighted_mean,
    weighted_nps,
    weighted_proportion,
)
from estimation.disclosure import MINIMUM
from estimation.merging import LEAST
from satisfaction import findings as rules
from satisfaction.cells import StratumTally, Tally, is_estimable
from satisfaction.declared import Joined, joined_in, merging_of
from satisfaction.findings import CoverageLoss, Covered, Finding
from satisfaction.indicators import MEAN, NPS, SHARE, Reading


@dataclass(frozen=True)
class Estimate:
    """What the formulas say, before any rule of publication. ``upper`` and ``lower`` are None where undefined."""

    value: float
    lower: float | None
    upper: float | None
    n: int
    n_effective: float | None
    df: int
    detail: Mapping[str, float | int | None]
    joined: tuple[Joined, ...] = ()


WEIGHED_METHODS = {SHARE: "wilson_design_weighted", MEAN: "t_weighted", NPS: "nps_adjusted_wald_weighted"}
METHODS = {SHARE: "wilson_design", MEAN: "t_design", NPS: "nps_adjusted_wald"}
DOMAIN_METHODS = {SHARE: "wilson_design_domain", MEAN: "t_domain", NPS: "nps_adjusted_wald_domain"}


def estimated_finding(blank: Finding, reading: Reading, tally: Tally) -> Finding:
    """Fill ``blank`` with what ``tally`` says, or with the reason why it says nothing."""
    methods = WEIGHED_METHODS if tally.is_weighed else METHODS if tally.whole else DOMAIN_METHODS
    blank = replace(blank, n=tally.n, population=tally.population, method=methods[reading.indicator.unit])
    if tally.n == 0:
        return flagged(blank, rules.NO_ANSWERS)
    try:
        estimate = estimated(reading, tally.strata, blank.level)
    except EmptyStratum:
        return with_covered(flagged(blank, rules.EMPTY_STRATUM), _covered(blank, reading, tally))
    except SingleUnitStratum:
        return with_covered(flagged(blank, rules.LONELY_STRATUM), _covered(blank, reading, tally))
    except OrderExhausted:
        return flagged(blank, rules.CLASSES_SHORT)
    if estimate.df < 1:
        return flagged(blank, rules.LONELY_STRATUM)
    return _with_loss(published(blank, reading, tally.strata, estimate), reading, tally)


def estimated(reading: Reading, strata: tuple[StratumTally, ...], level: float) -> Estimate:
    """The estimate of ``reading`` over ``strata``. Raises what ``estimation`` raises."""
    if any(stratum.single is not None for stratum in strata):
        return _weighed(reading, strata, level)
    described = [DomainStratum(str(s.key), s.population, s.respondents, s.counts) for s in strata]
    return {SHARE: _share, MEAN: _mean, NPS: _nps}[reading.indicator.unit](reading, described, level)


def _share(reading: Reading, strata: list[DomainStratum], level: float) -> Estimate:
    return of_share(domain_proportion(strata, reading.indicator.favourable, confidence_level=level))


def of_share(share: Share) -> Estimate:
    lower, upper = share.intervals.wilson_design or (None, None)
    detail = {"std_error": share.std_error, "n_design": share.n_design, "n_variance": share.n_effective}
    return Estimate(share.estimate, lower, upper, share.n, share.n_star, share.df, detail)


def _mean(reading: Reading, strata: list[DomainStratum], level: float) -> Estimate:
    mean = domain_mean(strata, confidence_level=level)
    return Estimate(mean.estimate, mean.lower, mean.upper, mean.n, None, mean.df, {"std_error": mean.std_error})


def _nps(reading: Reading, strata: list[DomainStratum], level: float) -> Estimate:
    return of_score(domain_nps(strata, confidence_level=level))


def of_score(score: NetScore) -> Estimate:
    lower, upper = score.adjusted_wald or (None, None)
    detail = {
        "std_error": score.std_error,
        "promoters": score.promoter_share,
        "detractors": score.detractor_share,
    }
    return Estimate(score.estimate, lower, upper, score.n, score.n_star, score.df, detail)


def _weighed(reading: Reading, strata: tuple[StratumTally, ...], level: float) -> Estimate:
    """The same where answers weigh each for itself: strata are weighting classes, and a person is one draw."""
    classes, answers, joined = classes_of(strata)
    estimate = {SHARE: _weighed_share, MEAN: _weighed_mean, NPS: _weighed_nps}[reading.indicator.unit]
    found = estimate(reading, classes, answers, level)
    kish = design_effect_of_weights([one.weight for one in answers if one.member]).deff_weighting
    more = {"classes": len(classes), "classes_joined": len(strata) - len(classes), "deff_weighting": kish}
    more["persons"] = len({one.person for one in answers if one.member})
    return replace(found, detail=dict(found.detail) | more, joined=tuple(joined))


def classes_of(strata: tuple[StratumTally, ...]) -> tuple[dict[str, int], list[WeightedAnswer], list[Joined]]:
    """Contacts by class, the answers one by one, and what joined. Raises OrderExhausted."""
    named, joined = _joined(strata)
    classes: dict[str, int] = {}
    for stratum in strata:
        label = named[str(stratum.key)]
        classes[label] = classes.get(label, 0) + stratum.population
    answers = [one._replace(label=named[one.label]) for stratum in strata for one in stratum.weighed]
    return classes, answers, joined


def _joined(strata: tuple[StratumTally, ...]) -> tuple[dict[str, str], list[Joined]]:
    """The class of each stratum, and what joined: as its draw declares, inside each draw alone.

    In a continuous draw that declares nothing neighbours in the order of their names join. Raises OrderExhausted.
    """
    found, joined = {str(stratum.key): str(stratum.key) for stratum in strata}, []
    for draw in sorted({stratum.key[0] for stratum in strata}):
        mine = [stratum for stratum in strata if stratum.key[0] == draw]
        if mine[0].declared.weighting.merge:
            counts = {stratum.key[1]: (stratum.population, stratum.respondents) for stratum in mine}
            names, merging = merging_of(mine[0].declared, counts, LEAST)
            found |= {str((draw, label)): str((draw, name)) for label, name in names.items()}
            joined += joined_in(draw, merging)
        elif mine[0].may_join:
            sizes = {str(stratum.key): stratum.population for stratum in mine}
            found |= merged_classes(sizes, {str(stratum.key): stratum.respondents for stratum in mine})
    return found, joined


def _weighed_share(reading: Reading, classes: dict[str, int], answers: list[WeightedAnswer], level: float) -> Estimate:
    share = weighted_proportion(classes, answers, reading.indicator.favourable, confidence_level=level)
    return of_share(share)


def _weighed_mean(reading: Reading, classes: dict[str, int], answers: list[WeightedAnswer], level: float) -> Estimate:
    mean = weighted_mean(classes, answers, confidence_level=level)
    detail = {"std_error": mean.std_error}
    return Estimate(mean.estimate, mean.lower, mean.upper, mean.n, mean.n_effective, mean.df, detail)


def _weighed_nps(reading: Reading, classes: dict[str, int], answers: list[WeightedAnswer], level: float) -> Estimate:
    return of_score(weighted_nps(classes, answers, confidence_level=level))


def _with_loss(finding: Finding, reading: Reading, tally: Tally) -> Finding:
    """What those would do to the figure who could not be asked; told of populations that include them by name."""
    if finding.value is None or not tally.is_weighed or not tally.lost:
        return finding
    low, high = {SHARE: (0.0, 1.0), NPS: (-100.0, 100.0)}.get(reading.indicator.unit, reading.asked.scale)
    share = tally.lost / (tally.lost + tally.population)
    ends = (finding.value * (1 - share) + share * end for end in (low, high))
    return replace(finding, coverage_loss=CoverageLoss(share, *ends))


def published(blank: Finding, reading: Reading, strata: tuple[StratumTally, ...], estimate: Estimate) -> Finding:
    low, high = reading.asked.scale
    finding = replace(
        blank,
        value=estimate.value,
        lower=estimate.lower,
        upper=estimate.upper,
        n=estimate.n,
        n_effective=estimate.n_effective,
        joined=[one.as_json() for one in estimate.joined],
        detail={"strata": len(strata), "df": estimate.df, "scale_low": low, "scale_high": high} | dict(estimate.detail),
    )
    if estimate.detail.get("classes_joined"):
        finding = flagged(finding, rules.CLASSES_JOINED)
    census = all(stratum.respondents == stratum.population for stratum in strata)
    if reading.indicator.unit == MEAN and estimate.detail["std_error"] == 0 and not census:
        finding = replace(flagged(finding, rules.ALL_EQUAL), lower=None, upper=None)
    if not census and rules.is_unreliable(finding, estimate.df):
        finding = flagged(finding, rules.UNRELIABLE)
    return finding


def _covered(blank: Finding, reading: Reading, tally: Tally) -> tuple[float, Finding] | None:
    """The share of the population in strata that can be estimated, and their figure; None if it says nothing."""
    strata = tuple(stratum for stratum in tally.strata if is_estimable(stratum.respondents, stratum.population))
    if sum(stratum.members for stratum in strata) < MINIMUM:
        return None
    estimate = estimated(reading, strata, blank.level)
    if estimate.df < 1:
        return None
    share = sum(s.population for s in strata) / sum(s.population for s in tally.strata)
    return share, published(blank, reading, strata, estimate)


def with_covered(refused: Finding, covered: tuple[float, Finding] | None) -> Finding:
    """The refusal with what can be said of a part, and the marks of that part."""
    if covered is None:
        return refused
    share, part = covered
    assert part.value is not None and part.n is not None
    told = Covered(share, part.value, part.lower, part.upper, part.n)
    return replace(refused, covered=told, flags=(*refused.flags, *part.flags))


def flagged(finding: Finding, flag: str) -> Finding:
    return replace(finding, flags=(*finding.flags, flag))
