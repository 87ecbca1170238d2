"""What a running continuous draw adds to an import, measured on few contacts."""

import re

from benchmarks.__main__ import main


def test_it_says_what_a_contact_costs_without_a_draw_and_with_one(capsys):
    main(["continuous", "--contacts", "60", "--piece", "20"])
    said = capsys.readouterr().out
    assert re.search(r"sqlite, 60 contacts in pieces of 20\nwithout a draw \d+\.\d+ ms per contact", said)
    assert re.search(r"with one +\d+\.\d+ ms per contact; added -?\d+\.\d+ ms", said)
