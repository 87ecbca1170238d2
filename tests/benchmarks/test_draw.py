"""The draw and the bare loop take turns on the same rows."""

import re

from benchmarks.__main__ import main


def test_it_measures_a_small_draw_beside_the_bare_loop(capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.draw.DRAWN", (100,))
    main(["draw", "--contacts", "500", "--rounds", "1", "--sqlite-only"])
    said = capsys.readouterr().out
    assert "500 contacts, 48 strata" in said
    assert re.search(r"100 drawn: \d+\.\d+ s .*; bare loop \d+\.\d+ s", said)
