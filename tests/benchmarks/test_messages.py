"""The plain loop and the dispatcher send the same messages to a server that only answers."""

import re

from benchmarks.__main__ import main


def test_it_measures_both_ways_and_the_outbox_in_bulk(capsys):
    sizes = ["--rounds", "1", "--messages", "20", "--threads", "2", "--bulk", "100"]
    assert main(["messages", "--databases", "sqlite", *sizes]) == 0
    said = capsys.readouterr().out
    assert re.search(r"\| plain client loop \| \d+ \| \d\.\d+ \|\n\| dispatcher \| \d+ \| \d\.\d+ \|", said)
    assert re.search(r"bulk: 100 messages beside 40 in \d+\.\d s", said)
