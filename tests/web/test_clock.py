"""The clock of a demo can be set, and web and worker then agree on it."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from foundation.web import clock

MOMENT = "2026-03-01T09:00:00+01:00"


@pytest.fixture(autouse=True)
def set_right():
    yield
    clock.start_at(None)


def test_the_clock_runs_on_from_the_moment_given():
    clock.start_from(MOMENT)
    first = clock.utc_now()
    assert abs(first - datetime(2026, 3, 1, 8, tzinfo=UTC)) < timedelta(seconds=5)
    assert clock.utc_now() >= first


def test_a_process_started_later_reads_the_same_time():
    clock.start_from(f"{MOMENT}@{time.time() - 600}")
    assert abs(clock.utc_now() - datetime(2026, 3, 1, 8, 10, tzinfo=UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("setting", ["yesterday", "2026-03-01T09:00:00", f"{MOMENT}@soon"])
def test_a_moment_that_cannot_be_read_is_refused(setting):
    with pytest.raises(ValueError):
        clock.start_from(setting)
