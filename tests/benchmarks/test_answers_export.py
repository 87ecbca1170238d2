"""The export of answers and the bare one write the same file."""

import re

from benchmarks.__main__ import main


def test_it_measures_both_exports_and_compares_their_files(capsys):
    main(["answers-export", "--databases", "sqlite", "--rounds", "1", "--responses", "60"])
    said = capsys.readouterr().out
    assert re.search(r"\| bare streamed export \| \d+\.\d+ \| \d+\.\d+ \|\n\| product \| \d+\.\d+ \| \d+\.\d+ \|", said)
    assert re.search(r"traced peak: \d+\.\d+ MB for 6, \d+\.\d+ MB for 60\nthe files are the same", said)
