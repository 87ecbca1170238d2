"""Overall and 24 domains over 48 strata, means and shares with their standard errors: cells beside svy on answers.

The same answers: svy reads them as columns in memory, ours are the counts that the roll-up keeps (built beforehand, as
they are: the time of counting is in ``cells``). Every estimate and every standard error is compared. svy lives in an
environment of its own (requirements-peers.txt), named by --python.
"""

import argparse
import gc
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from estimation import DomainStratum, domain_mean
from satisfaction.cells import Cell, FrameCount, Place, Sample

SUMMARY = "means, shares and standard errors beside svy: the same numbers, and how much faster from cells"
BAR, TOLERANCE = 100.0, 1e-9
DOMAINS, TIERS = 24, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--python", default="python", help="the interpreter that has svy (requirements-peers.txt)")
    parser.add_argument("--answers", default="100000,1000000", help="how many answers (100000,1000000)")
    parser.add_argument("--rounds", type=int, default=3)


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each size; 1 when a number differs, or from 10⁶ answers on ours are not 100 times faster."""
    print(f"{os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}")
    missed = sum(_compared(int(answers), arguments) for answers in arguments.answers.split(","))
    print(f"load average after: {os.getloadavg()[0]:.1f}")
    return 1 if missed else 0


def _compared(answers: int, arguments: argparse.Namespace) -> int:
    data = made(answers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.npz"
        np.savez(path, **data)
        script = Path(__file__).with_name("peers_svy.py")
        command = [arguments.python, str(script), str(path), str(arguments.rounds)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    peer = json.loads(said[said.index("{") :])
    sample, seconds = sample_of(data), []
    for _ in range(max(arguments.rounds, 5)):
        gc.collect()
        began = time.perf_counter()
        found = figures(Sample(sample.frame, sample.cells))
        seconds.append(time.perf_counter() - began)
    assert found.keys() == peer["found"].keys()
    apart = max(
        abs(a - b) / max(1, abs(b)) for key in found for a, b in zip(found[key], peer["found"][key], strict=True)
    )
    ours = statistics.median(seconds)
    ratio = peer["seconds"] / ours
    print(
        f"{answers:,} answers: svy {peer['version']} {1000 * peer['seconds']:.1f} ms, ours from"
        f" {len(sample.cells)} cells {1000 * ours:.2f} ms, ratio {ratio:.0f}; {len(found)} estimates with their"
        f" standard errors, furthest apart {apart:.1e}",
        flush=True,
    )
    return (apart > TOLERANCE) + (answers >= 1_000_000 and ratio < BAR)


def made(answers: int, seed: int = 7) -> dict[str, np.ndarray]:
    """Answers 1 to 5 of 48 strata of unequal size, drawn at unequal rates."""
    chance = np.random.default_rng(seed)
    shares = chance.dirichlet(np.full(DOMAINS * TIERS, 8.0))
    stratum = np.sort(chance.choice(DOMAINS * TIERS, answers, p=shares))
    n = np.bincount(stratum, minlength=DOMAINS * TIERS)
    population = np.ceil(n * chance.uniform(2, 12, len(n)))
    odds = chance.dirichlet([1, 1, 2, 5, 6], len(n)).cumsum(axis=1)
    score = 1 + (chance.random(answers)[:, None] > odds[stratum][:, :4]).sum(axis=1)
    return {
        "stratum": stratum,
        "domain": stratum // TIERS,
        "score": score.astype(float),
        "top": (score >= 4).astype(float),
        "weight": (population / n)[stratum],
        "population": population[stratum],
    }


def sample_of(data: dict[str, np.ndarray]) -> Sample:
    """The same as the roll-up would have counted it."""
    sizes = dict(zip(data["stratum"].tolist(), data["population"].astype(int).tolist(), strict=True))
    counts = Counter(zip(data["stratum"].tolist(), data["score"].astype(int).tolist(), strict=True))
    places = {stratum: Place(str(stratum // TIERS), "phone") for stratum in sizes}
    frame = tuple(FrameCount((1, str(one)), places[one], size, size, 0) for one, size in sizes.items())
    cells = tuple(Cell((1, str(one)), places[one], "q", score, n) for (one, score), n in counts.items())
    return Sample(frame, cells)


def figures(sample: Sample) -> dict[str, tuple[float, float | None]]:
    """Mean and share with their standard errors, overall and of each domain."""
    found: dict[str, tuple[float, float | None]] = {}
    for name in ("all", *map(str, range(DOMAINS))):
        tally = sample.tally("q", {} if name == "all" else {"site": name})
        for what in ("score", "top"):
            strata = [
                DomainStratum(str(s.key), s.population, s.respondents, s.counts if what == "score" else _top(s.counts))
                for s in tally.strata
            ]
            mean = domain_mean(strata)
            found[f"{what}:{name}"] = (mean.estimate, mean.std_error)
    return found


def _top(counts: dict[int, int]) -> dict[int, int]:
    high = sum(n for score, n in counts.items() if score >= 4)
    return {1: high, 0: sum(counts.values()) - high}
