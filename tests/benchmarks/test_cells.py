"""Cells are measured beside a GROUP BY, and are what a recount says."""

import re

from benchmarks import peers
from benchmarks.__main__ import main
from estimation import DomainStratum, domain_mean


def test_it_counts_anew_and_reads_a_page(capsys):
    main(["cells", "--databases", "sqlite", "--rounds", "1", "--answers", "2400"])
    said = capsys.readouterr().out
    assert re.search(
        r"2,400 answers: GROUP BY \d\.\d\d s, recount .*; page \d+ ms .*; cells are what a recount says", said
    )


def test_figures_of_the_peers_are_those_of_whole_strata():
    data = peers.made(2000)
    found = peers.figures(peers.sample_of(data))
    assert len(found) == 2 * (1 + peers.DOMAINS)
    strata = [
        DomainStratum(str(h), int(data["population"][mine][0]), int(mine.sum()), _counts(data["top"][mine]))
        for h in range(peers.DOMAINS * peers.TIERS)
        if (mine := data["stratum"] == h).any()
    ]
    whole = domain_mean(strata)
    assert found["top:all"] == (whole.estimate, whole.std_error)


def _counts(values):
    return {value: int((values == value).sum()) for value in (0, 1)}
