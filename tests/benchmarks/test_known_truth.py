"""The study of known truths, small and on a log of its own."""

import csv
import random

import pytest

from benchmarks.__main__ import main
from benchmarks.known_truth import rated_calls, study

COLUMNS = ["CallId", "Topic", "Answered", "Satisfaction rating"]


@pytest.fixture
def log(tmp_path):
    """700 calls on three topics that differ, one in seven unanswered."""
    chance = random.Random(20260101)
    path = tmp_path / "log.csv"
    weights = {"billing": (5, 8, 20, 30, 37), "contract": (20, 20, 25, 20, 15), "delivery": (2, 3, 5, 30, 60)}
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for place in range(700):
            topic = chance.choices(list(weights), (5, 3, 1))[0]
            rating = chance.choices(range(1, 6), weights[topic])[0]
            rows.writerow([f"C{place:04}", topic, "N" if place % 7 == 0 else "Y", "" if place % 7 == 0 else rating])
    return path


def test_unanswered_calls_are_not_in_the_population(log):
    assert len(rated_calls(log)) == 600


def test_intervals_hold_the_truth_as_often_as_they_say(log):
    """At 400 samples the simulation error of a coverage of 95 % is 1.1 points; the band is three of them."""
    for outcome in study(rated_calls(log), 120, range(1, 401)):
        assert 0.917 <= outcome.coverage <= 0.983
        assert abs(outcome.bias) < 0.15


def test_the_same_seeds_give_the_same_table(log, capsys):
    arguments = ["known-truth", str(log), "--draw", "60", "--seeds", "20"]
    main(arguments)
    first = capsys.readouterr().out
    main(arguments)
    assert capsys.readouterr().out.splitlines()[:-1] == first.splitlines()[:-1]
    assert "| share of 4 and 5 |" in first


def test_without_an_entry_the_entries_are_listed(capsys):
    assert main([]) == 0
    assert "known-truth" in capsys.readouterr().out
