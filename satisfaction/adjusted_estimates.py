"""Figures from answers in merged classes, raked where the programme says so; and what each step did to them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace

from estimation import (
    NoAnswers,
    NotConverged,
    RakedMean,
    Weights,
    raked_mean,
    raked_nps,
    raked_proportion,
    weighting_steps,
)
from estimation.disclosure import MINIMUM
from estimation.margins import raked_weights
from satisfaction import findings as rules
from satisfaction.adjusting import INSIDE, MEMBER, Adjusted, adjusted
from satisfaction.cells import Sample, StratumKey, Tally
from satisfaction.estimates import Estimate, flagged, of_score, of_share, published, with_covered
from satisfaction.findings import Finding
from satisfaction.indicators import MEAN, NPS, SHARE, Reading

METHODS = {SHARE: "wilson_design_adjusted", MEAN: "t_adjusted", NPS: "nps_adjusted_wald_adjusted"}
DOMAIN = {MEMBER: INSIDE}
RAKED = "raked"


def adjusted_finding(blank: Finding, reading: Reading, tally: Tally, sample: Sample) -> Finding:
    """Fill ``blank``, or say why it says nothing; strata too short to speak forbid the whole, and the rest is told."""
    blank = replace(blank, n=tally.n, population=tally.population, method=METHODS[reading.indicator.unit])
    if tally.n == 0:
        return flagged(blank, rules.NO_ANSWERS)
    made = adjusted(sample, reading.asked.question, blank.by)
    touched = {stratum.key for stratum in tally.strata}
    missing = touched & made.short
    inside = sum(cell.count for cell in made.cells if cell.groups[MEMBER] == INSIDE)
    if not missing:
        return _told(blank, reading, tally, made)
    refused = flagged(blank, _why(missing, sample, reading.asked.question))
    if inside < MINIMUM:
        return refused
    share = sum(s.population for s in tally.strata if s.key not in missing) / sum(s.population for s in tally.strata)
    part = _told(blank, reading, tally, made)
    return with_covered(refused, None if part.value is None else (share, part))


def _why(missing: set[StratumKey], sample: Sample, question: str) -> str:
    if any(sample.declares(draw).weighting.merge for draw, _ in missing):
        return rules.CLASSES_SHORT
    empty = any(sample.respondents(question)[key] == 0 for key in missing)
    return rules.EMPTY_STRATUM if empty else rules.LONELY_STRATUM


def _told(blank: Finding, reading: Reading, tally: Tally, made: Adjusted) -> Finding:
    flags = [rules.TOTALS_LEFT_OUT] * bool(made.left_out)
    try:
        estimate = _estimate(reading, made, made.margins, blank.level)
    except NotConverged:
        estimate, flags = _estimate(reading, made, {}, blank.level), [rules.TOTALS_LEFT_OUT]
    except NoAnswers:
        return flagged(blank, rules.NO_ANSWERS)
    if estimate.df < 1:
        return flagged(blank, rules.LONELY_STRATUM)
    here = {cell.groups["(stratum)"] for cell in made.cells if cell.groups[MEMBER] == INSIDE}
    joined = [one for one in made.joined if here & set(one.strata)]
    strata = tuple(stratum for stratum in tally.strata if stratum.key not in made.short)
    detail = {
        **estimate.detail,
        "classes_joined": sum(len(one.strata) - 1 for one in joined),
        "raked": int(bool(made.margins)),
    }
    finding = published(blank, reading, strata, replace(estimate, detail=detail, joined=tuple(joined)))
    steps = [] if blank.by else _steps(reading, made)
    return replace(finding, steps=steps, flags=(*finding.flags, *flags))


def _estimate(reading: Reading, made: Adjusted, margins: Mapping[str, Mapping[str, float]], level: float) -> Estimate:
    if reading.indicator.unit == SHARE:
        favourable = reading.indicator.favourable
        return of_share(raked_proportion(made.cells, margins, favourable, domain=DOMAIN, confidence_level=level))
    if reading.indicator.unit == NPS:
        return of_score(raked_nps(made.cells, margins, domain=DOMAIN, confidence_level=level))
    return _of_mean(raked_mean(made.cells, margins, domain=DOMAIN, confidence_level=level))


def _of_mean(mean: RakedMean) -> Estimate:
    detail = {"std_error": mean.std_error, "deff_weighting": mean.deff_weighting}
    return Estimate(mean.estimate, mean.lower, mean.upper, mean.n, None, mean.df, detail)


def _steps(reading: Reading, made: Adjusted) -> list[dict[str, object]]:
    """The headline with equal weights, then after each step: the draw, who answered, the totals of the frame."""
    members = [place for place, cell in enumerate(made.cells) if cell.groups[MEMBER] == INSIDE]
    values = [_recoded(reading)(made.cells[place].score) for place in members]
    counts = [made.cells[place].count for place in members]
    answered = [made.cells[place].base_weight or 0.0 for place in members]
    steps = [Weights("design", [made.design_weights[place] for place in members]), Weights("response", answered)]
    if made.margins:
        with suppress(NotConverged):
            steps.append(Weights(RAKED, _raked(made, members)))
    return [asdict(step) for step in weighting_steps(values, counts, steps)]


def _raked(made: Adjusted, members: Sequence[int]) -> list[float]:
    weights = raked_weights(made.cells, [cell.base_weight or 0.0 for cell in made.cells], made.margins)
    return [weights[place] for place in members]


def _recoded(reading: Reading) -> Callable[[float], float]:
    if reading.indicator.unit == SHARE:
        return lambda score: float(score in reading.indicator.favourable)
    if reading.indicator.unit == NPS:
        return lambda score: 100.0 if score >= 9 else -100.0 if score <= 6 else 0.0
    return float
