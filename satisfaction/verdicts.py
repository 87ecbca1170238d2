"""What an agreement makes of a figure: met, not met, not proven, or why it is not measured."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from estimation import EstimationError, sample_size_for_verdict, sample_size_for_verdict_of_mean
from satisfaction import findings as rules
from satisfaction.indicators import MEAN, NPS, SHARE
from satisfaction.targets import AT_LEAST, AT_MOST

PROVEN, OBSERVED = "proven", "observed"
DECISIONS = (PROVEN, OBSERVED)
MET, NOT_MET, NOT_MEASURED = "met", "not_met", "not_measured"
ABOVE, BELOW = "above_not_proven", "below_not_proven"
STATES = (MET, NOT_MET, ABOVE, BELOW, NOT_MEASURED)
#: Why a figure that is shown is not measured against its target; any flag that withholds a figure is a reason too.
TOO_FEW, LOW_RESPONSE, NO_INTERVAL = "too-few-answers", "response-too-low", "no-interval"
OTHER_POPULATION, OTHER_FORMULA, NOT_ASKED = "other-population", "other-formula", "not-asked"
#: Places of a decimal fraction that count when a limit meets a target; beyond is the computer's own rounding.
DIGITS = 12
POWER = 0.8


@dataclass(frozen=True)
class Rule:
    """What was agreed before the period. ``target`` and ``tolerance`` in the unit of the indicator.

    ``minimum_response``: share of those drawn who must have answered; None: nothing was agreed.
    ``population_name``: whom the figure must speak of; None: the register.
    """

    target: float
    tolerance: float = 0.0
    decision: str = PROVEN
    direction: str = AT_LEAST
    level: float = 0.95
    minimum_answers: int = 30
    minimum_response: float | None = None
    population_name: str | None = None
    formula: str = ""

    @property
    def threshold(self) -> float:
        """The value that is tested: the target moved once by the tolerance."""
        moved = -self.tolerance if self.direction == AT_LEAST else self.tolerance
        return round(self.target + moved, DIGITS)

    @property
    def risk(self) -> float:
        """How often chance alone may give a wrong "met", and as often a wrong "not met", at most: 0.025 at 95 %."""
        return (1 - self.level) / 2


@dataclass(frozen=True)
class Judgement:
    """``state`` is of STATES; ``reason`` says why nothing is measured, and is empty else."""

    state: str
    reason: str = ""

    @property
    def is_measured(self) -> bool:
        return self.state != NOT_MEASURED


def judged(rule: Rule, row: Mapping[str, Any], response: float | None = None, formula: str = "") -> Judgement:
    """Judge a figure (a result of the report, docs/report.md), computed at the rule's level.

    ``response``: the share of those drawn there who answered the question; None where nobody is drawn (the register).
    ``formula``: the one that the figure was computed by.
    """
    reason = unmeasured(rule, row, response, formula)
    if reason:
        return Judgement(NOT_MEASURED, reason)
    value, threshold = _rounded(row["estimate"]), rule.threshold
    on_good_side = value >= threshold if rule.direction == AT_LEAST else value <= threshold
    if rule.decision == OBSERVED:
        return Judgement(MET if on_good_side else NOT_MET)
    if _lies_beyond(rule, row):
        return Judgement(MET)
    if fails(rule, row):
        return Judgement(NOT_MET)
    return Judgement(ABOVE if value >= threshold else BELOW)


def unmeasured(rule: Rule, row: Mapping[str, Any], response: float | None, formula: str = "") -> str:
    """Why the figure is not held against the target; empty when it is."""
    flags = row["flags"]
    if formula != rule.formula:
        return OTHER_FORMULA
    if row["estimate"] is None:
        return flags[0] if flags else rules.NO_ANSWERS
    if row.get("population_name") != rule.population_name:
        return OTHER_POPULATION
    if (row["n"] or 0) < rule.minimum_answers:
        return TOO_FEW
    if rule.minimum_response is not None and (response is None or response < rule.minimum_response):
        return LOW_RESPONSE
    if row["lower"] is None and row["upper"] is None:
        return next((flag for flag in flags if flag in (rules.LOW_RESPONSE_RATE, rules.ALL_EQUAL)), NO_INTERVAL)
    # A survey's figure that may be compared with nothing is not held against a target either (Parker et al. 2017).
    return rules.UNRELIABLE if rules.UNRELIABLE in flags and row["weighting"] != "none" else ""


def _lies_beyond(rule: Rule, row: Mapping[str, Any]) -> bool:
    """Whether the whole interval is on the good side, its end included."""
    if rule.direction == AT_LEAST:
        return row["lower"] is not None and _rounded(row["lower"]) >= rule.threshold
    return row["upper"] is not None and _rounded(row["upper"]) <= rule.threshold


def fails(rule: Rule, row: Mapping[str, Any]) -> bool:
    """Whether the whole interval is on the wrong side."""
    if rule.direction == AT_LEAST:
        return row["upper"] is not None and _rounded(row["upper"]) < rule.threshold
    return row["lower"] is not None and _rounded(row["lower"]) > rule.threshold


def _rounded(value: float) -> float:
    return round(value, DIGITS)


def is_good_side(state: str, direction: str) -> bool:
    """Whether a state lies on the side of the target that was promised, proven or not."""
    return state == MET or state == (ABOVE if direction == AT_LEAST else BELOW)


def expected_wrong(measured: int, level: float = 0.95) -> float:
    """How many of so many proven verdicts chance alone would make wrong, at most, were each value at its target."""
    return measured * (1 - level) / 2


def answers_needed(rule: Rule, row: Mapping[str, Any]) -> int | None:
    """How many answers the next period needs to prove the target, four times in five, at the margin seen in this one.

    None on the wrong side, where more answers would prove nothing, and where no formula says. The answers are real
    ones: as many as an answer of this design is worth.
    """
    if row["estimate"] is None or not row["n"]:
        return None
    margin = row["estimate"] - rule.threshold
    if (margin if rule.direction == AT_LEAST else -margin) <= 0:
        return None
    return _for_share(rule, row) if row["unit"] == SHARE else _for_mean(rule, row, abs(margin))


def _for_share(rule: Rule, row: Mapping[str, Any]) -> int | None:
    expected, target = row["estimate"], rule.threshold
    if rule.direction == AT_MOST:
        expected, target = 1 - expected, 1 - target
    worth = row["n"] / row["n_effective"] if row["n_effective"] else 1.0
    try:
        size = sample_size_for_verdict(
            expected, target, power=POWER, design_effect=worth, confidence_level=rule.level
        )  # fmt: skip
    except EstimationError:
        return None
    return size.n_required if size else None


def _for_mean(rule: Rule, row: Mapping[str, Any], margin: float) -> int | None:
    error = row["detail"].get("std_error")
    if row["unit"] not in (MEAN, NPS) or not error:
        return None
    spread = error * math.sqrt(row["n"])
    return sample_size_for_verdict_of_mean(spread, margin, power=POWER, confidence_level=rule.level).n_required
