"""Draw many samples from a log of which every answer is known, and see how often the intervals hold the truth.

The file is a CSV with the columns CallId, Topic, Answered and Satisfaction rating; its answered and rated calls are the
population. Each sample is drawn with the product's own draw, stratified by topic in proportion, and estimated with the
product's own formulas; seed k is the SHA-256 of the decimal k, so nobody chose it.
"""

import argparse
import csv
import hashlib
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from estimation import Stratum, stratified_mean, stratified_proportion
from surveys.allocation import Plan
from surveys.sampling import Unit, sample

SUMMARY = "coverage of the intervals on a log whose every answer is known"
SATISFIED = frozenset({4, 5})
COVERAGE = (0.93, 0.97)
LARGEST_BIAS = 0.1  # standard errors


class RatedCall(NamedTuple):
    call_id: str
    topic: str
    rating: int


class Estimate(NamedTuple):
    value: float
    std_error: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Outcome:
    """What the samples say about one figure. ``bias`` is in standard errors (the mean one)."""

    name: str
    truth: float
    mean_estimate: float
    bias: float
    coverage: float
    mean_width: float

    @property
    def holds(self) -> bool:
        return COVERAGE[0] <= self.coverage <= COVERAGE[1] and abs(self.bias) <= LARGEST_BIAS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="the CSV file of the log")
    parser.add_argument("--draw", type=int, default=600, help="calls in each sample (600)")
    parser.add_argument("--seeds", type=int, default=2000, help="samples: seeds 1 to this number (2000)")


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 0 when coverage and bias are as they must be, 1 otherwise."""
    started = time.perf_counter()
    calls = rated_calls(arguments.path)
    outcomes = study(calls, arguments.draw, range(1, arguments.seeds + 1))
    print(f"{len(calls)} rated calls, {arguments.draw} drawn, {arguments.seeds} seeds\n")
    print(table(outcomes))
    print(f"\n{time.perf_counter() - started:.0f} s")
    return 0 if all(outcome.holds for outcome in outcomes) else 1


def rated_calls(path: Path) -> list[RatedCall]:
    """The calls that were answered and rated."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [
            RatedCall(row["CallId"], row["Topic"], int(row["Satisfaction rating"]))
            for row in csv.DictReader(file)
            if row["Answered"] == "Y" and row["Satisfaction rating"]
        ]


def study(calls: Sequence[RatedCall], drawn: int, seeds: Iterable[int]) -> list[Outcome]:
    """Draw one sample for each seed and compare the mean and the share of 4 and 5 with those of all calls."""
    units = [Unit(call.call_id, call.topic) for call in calls]
    plan = Plan("proportional", size=drawn)
    samples = []
    for seed in seeds:
        result = sample(hashlib.sha256(str(seed).encode()).digest(), units, plan)
        held = {topic: size.eligible for topic, size in result.strata.items()}
        samples.append(strata([call for call in calls if call.call_id in result.drawn], held))
    ratings = [call.rating for call in calls]
    satisfied = sum(rating in SATISFIED for rating in ratings)
    return [
        outcome("mean", math.fsum(ratings) / len(calls), samples, estimated_mean),
        outcome("share of 4 and 5", satisfied / len(calls), samples, estimated_share),
    ]


def strata(drawn: Iterable[RatedCall], held: dict[str, int]) -> list[Stratum]:
    counts: dict[str, Counter[int]] = {topic: Counter() for topic in held}
    for call in drawn:
        counts[call.topic][call.rating] += 1
    return [Stratum(topic, size, counts[topic]) for topic, size in held.items()]


def estimated_mean(sampled: Sequence[Stratum]) -> Estimate:
    mean = stratified_mean(sampled)
    assert mean.std_error is not None and mean.lower is not None and mean.upper is not None
    return Estimate(mean.estimate, mean.std_error, mean.lower, mean.upper)


def estimated_share(sampled: Sequence[Stratum]) -> Estimate:
    share = stratified_proportion(sampled, SATISFIED)
    assert share.intervals.wilson_design is not None
    return Estimate(share.estimate, share.std_error, *share.intervals.wilson_design)


def outcome(
    name: str, truth: float, samples: Sequence[Sequence[Stratum]], estimated: Callable[[Sequence[Stratum]], Estimate]
) -> Outcome:
    estimates = [estimated(sampled) for sampled in samples]
    n = len(estimates)
    mean_estimate = math.fsum(estimate.value for estimate in estimates) / n
    std_error = math.fsum(estimate.std_error for estimate in estimates) / n
    coverage = sum(estimate.lower <= truth <= estimate.upper for estimate in estimates) / n
    width = math.fsum(estimate.upper - estimate.lower for estimate in estimates) / n
    return Outcome(name, truth, mean_estimate, (mean_estimate - truth) / std_error, coverage, width)


def table(outcomes: Iterable[Outcome]) -> str:
    """The outcomes as a Markdown table."""
    lines = [
        "| figure | truth | mean of the estimates | bias in standard errors | intervals holding the truth | width |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.truth:.6f} | {one.mean_estimate:.6f} | {one.bias:+.3f} "
        f"| {100 * one.coverage:.2f} % | {one.mean_width:.4f} |"
        for one in outcomes
    ]
    return "\n".join(lines)
