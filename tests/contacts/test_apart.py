"""A large log is read by a process of its own, which ends with whoever reads from it."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contacts import apart, services
from contacts.addresses import Phone
from contacts.agents import Pseudonyms
from contacts.apart import ReaderLost, read_apart, read_in_place
from contacts.entries import Reading, Reject, Surroundings
from contacts.mapping import BadMapping, Mapping
from contacts.models import Contact, ImportBatch
from contacts.reading import UnreadableFile
from contacts.services import logs
from foundation.database import db
from tests.contacts.factories import create_principal, create_site
from tests.contacts.test_import_log import MAPPING, NOW, begin, log, row

AROUND = Surroundings({"lyon": 1}, "fr", datetime(2026, 11, 23, tzinfo=UTC), Pseudonyms("secret", 1))
READING = Reading(MAPPING, "", AROUND)
ROWS = 3500


def content(rows=ROWS):
    return log(*(row(n, phone=f"06 12 34 {n // 100:02d} {n % 100:02d}" if n % 7 else "06 99") for n in range(rows)))


def readers(pid):
    """The readers that this process started; the tests may have started a server of their own."""
    started = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return [one for one in started if b"contacts.reader" in Path(f"/proc/{one}/cmdline").read_bytes()]


def reader_of(pid):
    """Its one reader, as soon as the system shows what it runs: that is a moment after it was started."""
    until = time.monotonic() + 10
    while not (found := readers(pid)) and time.monotonic() < until:
        time.sleep(0.01)
    (reader,) = found
    return reader


def is_running(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_rows_read_apart_are_those_read_in_place(tmp_path):
    file = tmp_path / "calls.csv"
    file.write_bytes(content() + b"\nA1;hier;;;\nA2;too;many;cells;in;it")
    with file.open("rb") as source, read_apart(source, READING) as rows:
        found = list(rows)
    assert found == list(read_in_place(file.read_bytes(), READING))
    assert len(found) == ROWS + 2 and isinstance(found[-1], Reject)
    assert found[1].entry.phone == Phone("+33612340001", takes_sms=True)


def test_rows_that_are_in_are_passed_over():
    with read_apart(content(), Reading(MAPPING, "", AROUND, passed_over=3000)) as rows:
        assert [one.entry.external_id for one in rows] == [f"A{n}" for n in range(3000, ROWS)]


def test_a_file_that_breaks_off_says_where_after_the_rows_before():
    with read_apart(content(1500) + b'\nA9;"open', READING) as rows, pytest.raises(UnreadableFile) as raised:
        assert len([next(rows) for _ in range(1500)]) == 1500
        next(rows)
    assert (raised.value.code, raised.value.line) == ("broken-quotes", 1502)


def test_a_mapping_that_cannot_be_used_says_why():
    unknown = Reading(Mapping("x", {}, ready="no-such"), "", AROUND)
    with read_apart(content(10), unknown) as rows, pytest.raises(BadMapping) as raised:
        next(rows)
    assert [(one.code, one.name) for one in raised.value.problems] == [("ready-unknown", "no-such")]


def test_a_reader_that_is_lost_is_no_end_of_the_file():
    with read_apart(content(30_000), READING) as rows:
        next(rows)
        reader = reader_of(os.getpid())
        os.kill(reader, signal.SIGKILL)
        with pytest.raises(ReaderLost):
            list(rows)


def test_the_process_ends_with_the_block_however_that_ends():
    with pytest.raises(ZeroDivisionError), read_apart(content(30_000), READING) as rows:
        next(rows)
        reader = reader_of(os.getpid())
        1 / 0  # noqa: B018
    assert not is_running(reader)


PARENT = """
import sys, time
from tests.contacts.test_apart import READING, content
from contacts.apart import read_apart
with read_apart(content(60_000), READING) as rows:
    next(rows)
    print("reading", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_ends_when_whoever_imports_is_killed(how):
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=apart.ROOT)
    try:
        assert parent.stdout.readline() == b"reading\n"
        reader = reader_of(parent.pid)
        assert is_running(reader)
    finally:
        parent.send_signal(how)
        parent.wait()
        parent.stdout.close()
    until = time.monotonic() + 10
    while is_running(reader) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_running(reader)


def test_the_reader_holds_no_framework():
    said = "import sys, contacts.reader; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", said], cwd=apart.ROOT, capture_output=True, text=True, check=True)
    assert not {"flask", "sqlalchemy", "scipy", "numpy", "psycopg"} & set(loaded.stdout.split())


@pytest.fixture(params=["app", "pg_app"])
def principal(request, monkeypatch):
    request.getfixturevalue(request.param)
    monkeypatch.setattr(logs, "ROWS_APART", 1000)
    create_site(key="lyon", name="Lyon")
    principal = create_principal(key="belline")
    db.session.commit()
    return principal


def test_a_large_log_comes_in_whole_and_goes_on_where_it_was_cut_off(principal):
    text = content()
    batch = begin(principal, text)
    steps = services.import_log(batch.id, text, NOW)
    assert next(steps).read == 0, "no transaction waits for the process"
    reader = reader_of(os.getpid())
    db.session.commit()
    while next(steps).read < 500:
        db.session.commit()
    db.session.commit()
    steps.close()
    assert not is_running(reader)
    reached = db.session.get_one(ImportBatch, batch.id).read_rows
    assert 500 <= reached < ROWS - 1000
    for _progress in services.import_log(batch.id, text, NOW):
        db.session.commit()
    assert (batch.read_rows, batch.added, batch.state) == (ROWS, ROWS, "done")
    assert db.session.scalar(db.select(db.func.count(Contact.id))) == ROWS


def test_where_no_process_can_be_started_the_log_is_read_in_place(principal, monkeypatch):
    monkeypatch.setattr(apart.sys, "executable", "/nowhere/python")
    text = content(1200)
    batch = begin(principal, text)
    for _progress in services.import_log(batch.id, text, NOW):
        db.session.commit()
    assert (batch.added, batch.state) == (1200, "done")
