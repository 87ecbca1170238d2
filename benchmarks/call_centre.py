"""600 calls of a published log drawn by topic and agent, of whom a half or a fifth answers: merged, raked, estimated.

How many answer differs by topic and by agent, and not by what they would say. Strata with under ten respondents are
merged along the order a programme declares (agents within a topic, then topics); the answers are then raked to the
calls of each topic and each agent.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy

from estimation import (
    ClassCounts,
    CollapseOrder,
    StratumAnswers,
    merged_along,
    merged_cells,
    raked_mean,
)
from surveys.allocation import largest_remainder

ORDER = CollapseOrder(("topic", "agent"), ("agent", "topic"))
DRAWN, SEED, SCORES = 600, 20260101, (1, 2, 3, 4, 5)
#: Mean response, and the coverage it should have.
RATES = {0.5: (0.93, 0.98), 0.2: (0.91, 0.98)}
LARGEST_BIAS = 0.1
Fields = tuple[str, str]


@dataclass(frozen=True)
class Log:
    """Rated calls by stratum: how many of each score; those drawn; how much more or less than the mean they answer."""

    calls: dict[Fields, tuple[int, ...]]
    drawn: dict[Fields, int]
    lean: dict[Fields, float]

    @property
    def truth(self) -> float:
        total = sum(sum(counts) for counts in self.calls.values())
        return sum(score * n for counts in self.calls.values() for score, n in zip(SCORES, counts, strict=True)) / total

    def margins(self) -> dict[str, dict[str, int]]:
        found: dict[str, Counter[str]] = {"topic": Counter(), "agent": Counter()}
        for (topic, agent), counts in self.calls.items():
            found["topic"][topic] += sum(counts)
            found["agent"][agent] += sum(counts)
        return {name: dict(levels) for name, levels in found.items()}


@dataclass(frozen=True)
class Result:
    """Over the draws: bias in standard errors, coverage, mean width, respondents, and what was merged."""

    bias: float
    coverage: float
    width: float
    respondents: float
    merged: float
    classes: float


def printed(path: Path, draws: int) -> list[str]:
    """Print one row for each rate; the names of those that did not hold."""
    log = log_of(path)
    print(f"\n{path.name}: {len(log.calls)} strata, mean {log.truth:.6f}, {draws} draws of {DRAWN}\n")
    print(
        "| response | respondents | bias in standard errors | coverage of the mean | width | strata merged in | left |"
    )
    print("|---|---|---|---|---|---|---|")
    failed = []
    for rate, (least, most) in RATES.items():
        one = simulated(log, rate, draws)
        print(
            f"| {100 * rate:.0f} % | {one.respondents:.0f} | {one.bias:+.3f} | {100 * one.coverage:.2f} % "
            f"| {one.width:.4f} | {100 * one.merged:.1f} % of draws | {one.classes:.1f} of {len(log.calls)} |"
        )
        if not least <= one.coverage <= most or abs(one.bias) >= LARGEST_BIAS:
            failed.append(f"response {100 * rate:.0f} %")
    return failed


def log_of(path: Path) -> Log:
    with path.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Satisfaction rating"]]
    found = Counter(((row["Topic"], row["Agent"]), int(row["Satisfaction rating"])) for row in rows)
    names = sorted({fields for fields, _ in found})
    calls = {fields: tuple(found[fields, score] for score in SCORES) for fields in names}
    drawn = largest_remainder(DRAWN, {"/".join(fields): sum(counts) for fields, counts in calls.items()})
    return Log(calls, {fields: drawn["/".join(fields)] for fields in names}, _leans(names))


def _leans(names: list[Fields]) -> dict[Fields, float]:
    """Topics answer 20 % less to 20 % more than the mean, agents' customers 30 % less to 30 % more."""
    topics, agents = (sorted({fields[place] for fields in names}) for place in (0, 1))
    by_topic, by_agent = _spread(topics, 0.2), _spread(agents, 0.3)
    return {(topic, agent): by_topic[topic] * by_agent[agent] for topic, agent in names}


def _spread(group: list[str], reach: float) -> dict[str, float]:
    return dict(zip(group, numpy.linspace(1 - reach, 1 + reach, len(group)).tolist(), strict=True))


def simulated(log: Log, rate: float, draws: int) -> Result:
    chance = numpy.random.default_rng(SEED)
    margins, truth = log.margins(), log.truth
    estimates, errors, held, widths, sizes, classes = [], [], [], [], [], []
    for _ in range(draws):
        answers = _answers(log, rate, chance)
        counts = {
            fields: ClassCounts(sum(calls), log.drawn[fields], int(answers[fields].sum()))
            for fields, calls in log.calls.items()
        }
        merging = merged_along(ORDER, counts)
        rows = [
            StratumAnswers(fields, {}, score, int(n))
            for fields, given in answers.items()
            for score, n in zip(SCORES, given, strict=True)
            if n
        ]
        mean = raked_mean(merged_cells(ORDER, counts, merging, rows), margins)
        assert mean.lower is not None and mean.upper is not None
        estimates.append(mean.estimate)
        errors.append(mean.std_error)
        held.append(mean.lower <= truth <= mean.upper)
        widths.append(mean.upper - mean.lower)
        sizes.append(mean.n)
        classes.append(len(merging.classes))
    bias = (numpy.mean(estimates) - truth) / numpy.std(estimates, ddof=1)
    merged = numpy.mean([number < len(log.calls) for number in classes])
    return Result(*(float(one) for one in (bias, numpy.mean(held), numpy.mean(widths), numpy.mean(sizes), merged,
                                           numpy.mean(classes))))  # fmt: skip


def _answers(log: Log, rate: float, chance: numpy.random.Generator) -> dict[Fields, numpy.ndarray]:
    """Who answers of those drawn without replacement, by score."""
    return {
        fields: chance.binomial(
            chance.multivariate_hypergeometric(calls, log.drawn[fields]), min(rate * log.lean[fields], 1.0)
        )
        for fields, calls in log.calls.items()
    }
