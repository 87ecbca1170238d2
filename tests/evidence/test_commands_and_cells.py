"""The command, the cells of CSV files, and building on both databases."""

import csv
import io
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from evidence import contents, services, verify
from evidence.models import Binder
from foundation.cells import csv_file, raw_cell, safe_cell
from foundation.database import db, reading
from foundation.jobs.engines import run_until_idle
from foundation.jobs.queries import job_status
from foundation.ledger.models import Entry
from tests.conftest import NOW
from tests.evidence.factories import create_evidence

BUILD = ["evidence", "build", "--principal", "belline", "--from", "2026-10-01", "--to", "2026-10-31"]


def run(app, *arguments):
    db.session.rollback()
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def test_the_command_writes_a_binder_that_its_verifier_finds_consistent(app, tmp_path, committed):
    create_evidence()
    before, out = committed(Entry), tmp_path / "october.zip"
    done = run(app, *BUILD, "--survey", "apres-appel", "--out", out)
    assert (done.exit_code, str(out) in done.output) == (0, True), done.output
    zipfile.ZipFile(out).extract("verify.py", tmp_path)
    checked = subprocess.run(
        [sys.executable, "-I", "verify.py", out], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert committed(Entry) == before + 1


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--principal", "nobody"], "There is no principal nobody."),
        (["--survey", "nothing"], "This principal has no programme nothing."),
        (["--to", "2026-09-01"], "The last day comes before the first."),
        (["--from", "october"], "Invalid value for '--from'"),
        (["--out", "/nowhere/at/all.zip"], "No such file or directory"),
    ],
)
def test_wrong_use_is_one_clear_line_and_exit_2(app, tmp_path, arguments, said):
    create_evidence()
    done = run(app, *BUILD, "--out", tmp_path / "x.zip", *arguments)
    assert (done.exit_code, said in done.output) == (2, True), done.output


def test_days_without_anything_give_an_honest_empty_binder(app, tmp_path):
    create_evidence()
    done = run(app, *BUILD[:4], "--from", "2026-01-01", "--to", "2026-01-31", "--out", tmp_path / "x.zip")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "x.zip") as binder:
        note = binder.read("methodology.en.html").decode()
    assert "there is no survey figure" in note


def test_both_databases_give_a_consistent_binder(pg_app):
    about = create_evidence()
    db.session.rollback()
    with reading():
        services.one_snapshot()
        content = services.compose(about, NOW).content
    with zipfile.ZipFile(io.BytesIO(content)) as binder:
        assert verify.manifest_faults({name: binder.read(name) for name in binder.namelist()}) == []


def test_the_job_builds_from_one_snapshot_on_postgresql_too(pg_app):
    about = create_evidence()
    services.ask(about, NOW, None)
    db.session.commit()
    run_until_idle(pg_app)
    binder = db.session.scalars(select(Binder)).one()
    assert job_status(services.JOB_KIND, str(binder.id)).state == "done"
    assert binder.sha256 and binder.size


@pytest.mark.parametrize(
    "text, cell",
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("\tx", "'\tx"),
        ("'quoted", "''quoted"),
        ("+33612345678", "+33612345678"),
        ("-12.5", "-12.5"),
        ("Lille · phone", "Lille · phone"),
    ],
)
def test_what_a_spreadsheet_would_run_is_made_text_and_numbers_stay(text, cell):
    assert safe_cell(text) == cell
    assert raw_cell(cell) == text


def test_values_of_our_own_are_written_as_they_are():
    assert [safe_cell(value) for value in (None, 3, -1.5, True)] == ["", "3", "-1.5", "True"]


@given(st.text())
def test_any_text_comes_back_as_it_was(text):
    assert raw_cell(safe_cell(text)) == text


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")), min_size=2, max_size=2))
def test_the_verifier_reads_every_cell_back(cells):
    written = csv_file(("a", "b"), [cells])
    assert list(verify.rows({"x.csv": written}, "x.csv")) == [dict(zip("ab", cells, strict=True))]
    assert len(list(csv.reader(io.StringIO(written.decode(), newline="")))) == 2


def test_a_register_tells_days_of_the_principals_zone_and_no_time():
    """Half past eleven at night in London is the next day in Paris."""
    late = datetime(2026, 10, 12, 22, 30, tzinfo=UTC)
    row = SimpleNamespace(reference="R-1", answered_at=late, sent_on=date(2026, 10, 1), late=True)
    written = contents.register_file(("reference", "answered_at", "sent_on", "late"), [row], "Europe/Paris").decode()
    assert written.splitlines()[1] == "R-1,2026-10-13,2026-10-01,1"
