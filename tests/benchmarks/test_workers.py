"""The comparison of two workers with one, on a small scale: real workers, a real client, a provider that waits."""

import os

import pytest

from benchmarks.__main__ import main


@pytest.mark.postgresql
@pytest.mark.skipif(not os.environ.get("LONG"), reason="starting real workers takes longer than all other benchmarks")
def test_a_small_run_sends_every_message_once(postgresql_url, capsys):
    arguments = ["--postgresql", postgresql_url, "--rounds", "1", "--messages", "40", "--latency", "0.02"]
    assert main(["workers", *arguments, "--workers", "2"]) == 0
    assert "| 2 | " in capsys.readouterr().out
