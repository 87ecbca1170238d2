"""Folders in which other systems leave their logs."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contacts import services
from contacts.engines import look_at_folders, take_file, written_beside
from contacts.models import Contact, ImportBatch, Mapping, WatchedFile
from contacts.watching import missing_since
from foundation.database import db
from foundation.jobs.models import Job
from foundation.web import clock
from foundation.web.clock import utc_now
from notifications.models import Alert
from tests.contacts.factories import create_principal, create_site
from tests.contacts.test_import_log import MAPPING, log, row

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=25)


@pytest.fixture
def root(app, tmp_path):
    before = app.config["WATCH_DIR"]
    app.config["WATCH_DIR"] = str(tmp_path / "root")
    (tmp_path / "root" / "nightly").mkdir(parents=True)
    create_site(key="lyon", name="Lyon")
    principal = create_principal(key="belline")
    services.save_mapping(principal.id, MAPPING, [], NOW)
    services.watch_folder(principal.id, "nightly", "calls", NOW, expected=("06:00", ""))
    db.session.commit()
    yield tmp_path / "root"
    app.config["WATCH_DIR"] = before


def leave(root, name, content, at=NOW):
    path = root / "nightly" / name
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def take(now=LATER):
    """Look twice, as the worker does, and take what is whole."""
    for moment in (now - timedelta(seconds=25), now):
        ready = services.look(moment)
        db.session.commit()
    for file_id in ready:
        take_file({"file_id": file_id}, now)
        db.session.commit()
    return len(ready)


def seen_twice():
    for minutes in (4, 5):
        ready = services.look(NOW + timedelta(minutes=minutes))
        db.session.commit()
    return ready


def names(root, folder="."):
    return sorted(path.name for path in (root / "nightly" / folder).iterdir() if path.is_file())


def contacts():
    return db.session.scalar(db.select(db.func.count()).select_from(Contact))


def test_a_file_is_imported_once_it_is_whole_and_put_away(root):
    leave(root, "calls.csv", log(row(1), row(2)))
    assert services.look(NOW) == []
    db.session.commit()
    leave(root, "calls.csv", log(row(1), row(2), row(3)), NOW + timedelta(seconds=20))
    assert services.look(NOW + timedelta(seconds=20)) == []
    db.session.commit()
    assert services.look(NOW + timedelta(seconds=30)) == []
    assert take(NOW + timedelta(seconds=60)) == 1
    assert (contacts(), names(root), names(root, "done")) == (3, [], ["calls.csv"])
    file = db.session.scalars(db.select(WatchedFile)).one()
    assert (file.state, db.session.get(ImportBatch, file.batch_id).added) == ("done", 3)


def test_the_round_leaves_one_job_for_a_file(root):
    leave(root, "calls.csv", log(row(1)))
    for seconds in (0, 30, 30):
        look_at_folders(NOW + timedelta(seconds=seconds))
        db.session.commit()
    assert [job.kind for job in db.session.scalars(db.select(Job))] == ["contacts.take-file"]


def test_half_a_file_with_the_date_of_its_original_is_not_taken(root):
    long_ago = NOW - timedelta(days=1)
    for seconds, rows in ((0, 1), (19, 2), (38, 3)):
        leave(root, "calls.csv", log(*(row(number) for number in range(rows))), long_ago)
        assert services.look(NOW + timedelta(seconds=seconds)) == []
        db.session.commit()
    assert len(services.look(NOW + timedelta(seconds=58))) == 1


def test_a_file_written_again_in_its_length_with_its_date_is_seen_to_have_changed(root):
    path = leave(root, "calls.csv", log(row(1)))
    with services.folders.opened("nightly") as folder:
        (before,) = services.folders.files_in(folder)
        path.write_bytes(log(row(2)))
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        (after,) = services.folders.files_in(folder)
    assert path.stat().st_mtime == NOW.timestamp() and after.size == before.size and after.changed > before.changed


def test_the_same_file_twice_adds_nothing_and_neither_is_lost(root):
    leave(root, "calls.csv", log(row(1), row(2)))
    take()
    leave(root, "calls.csv", log(row(1), row(2)))
    take(LATER + timedelta(minutes=1))
    assert contacts() == 2
    assert len(names(root, "done")) == 2


def test_refused_rows_lie_beside_the_file(root):
    leave(root, "calls.csv", log(row(1), row(2, at="hier")))
    take()
    assert names(root, "done") == ["calls.csv", "calls.csv.rejects.csv"]
    rejects = (root / "nightly" / "done" / "calls.csv.rejects.csv").read_text(encoding="utf-8-sig")
    assert rejects.splitlines()[1].startswith("A2;hier;")


@pytest.mark.parametrize(
    "content, beside",
    [(b"", ".error.txt"), (b"id;at\n1;2\n", ".error.txt"), (log(row(1, at="x"), row(2, at="y")), ".rejects.csv")],
    ids=["empty", "other columns", "every row refused"],
)
def test_a_file_nothing_can_be_taken_from_is_put_apart_with_the_reason(root, content, beside):
    leave(root, "calls.csv", content)
    take()
    assert (contacts(), names(root), names(root, "failed")) == (0, [], ["calls.csv", f"calls.csv{beside}"])


def test_a_name_that_cannot_be_kept_holds_no_other_file_up(root):
    content = log(row(1))
    Path(os.fsdecode(os.fsencode(root / "nightly") + b"/\xe9t\xe9.csv")).write_bytes(content)
    leave(root, f"{'a' * 220}.csv", content)
    leave(root, f"{'b' * 196}.csv", log(row(2), "not;a;row"))
    assert take() == 1 and contacts() == 1
    assert len(names(root)) == 2 and f"{'b' * 196}.csv.rejects.csv" in names(root, "done")


def test_no_link_leads_out_of_the_root(root, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(log(row(1)))
    (root / "nightly" / "calls.csv").symlink_to(secret)
    (root / "way").symlink_to(tmp_path)
    take()
    assert contacts() == 0
    for folder in ("way", "../", "/etc", "nightly/done", ""):
        with pytest.raises(services.FolderRefused):
            services.watch_folder(1, folder, "calls", NOW)
    (root / "nightly" / "done").symlink_to(tmp_path)
    leave(root, "other.csv", log(row(1)))
    with pytest.raises(OSError):
        take()
    db.session.rollback()
    assert names(root) == ["calls.csv", "other.csv"]


def test_hidden_and_unfinished_files_are_left_alone(root):
    for name in (".calls.csv", "calls.csv.part", "calls.csv.filepart"):
        leave(root, name, log(row(1)))
    assert take() == 0


@pytest.mark.parametrize("steps", range(5))
def test_wherever_it_is_cut_off_it_goes_on_and_nothing_is_lost(root, steps):
    leave(root, "calls.csv", log(*(row(number) for number in range(1000, 1300)), row(1, at="hier")))
    ready = seen_twice()
    progress = services.take_file(ready[0], LATER, written_beside)
    for _ in range(steps):
        if next(progress, None) is not None:
            db.session.commit()
    progress.close()
    db.session.rollback()
    take(NOW + timedelta(minutes=6))
    assert (contacts(), names(root)) == (300, [])
    assert names(root, "done") == ["calls.csv", "calls.csv.rejects.csv"]
    assert len(db.session.scalars(db.select(ImportBatch)).all()) == 1


def test_a_crash_between_putting_away_and_the_commit_is_made_good(root):
    leave(root, "calls.csv", log(row(1)))
    ready = seen_twice()
    steps = list(services.take_file(ready[0], LATER, written_beside))[:-1]
    assert steps
    db.session.commit()
    file = db.session.scalars(db.select(WatchedFile)).one()
    file.state, file.finished_at = "taken", None
    db.session.commit()
    take(NOW + timedelta(minutes=6))
    assert (file.state, contacts(), names(root, "done")) == ("done", 1, ["calls.csv"])


@pytest.mark.parametrize(
    "days, last, now, due",
    [
        ("1234567", None, "2026-11-23T05:01", "2026-11-23T05:00"),
        ("1234567", "2026-11-22T05:30", "2026-11-23T05:01", None),
        ("1234567", "2026-11-22T04:30", "2026-11-23T05:01", "2026-11-23T05:00"),
        ("1234567", "2026-11-21T04:30", "2026-11-23T04:59", "2026-11-22T05:00"),
        ("12345", "2026-11-19T20:00", "2026-11-22T09:00", None),
        ("12345", "2026-11-19T03:00", "2026-11-22T09:00", "2026-11-20T05:00"),
    ],
)
def test_a_file_is_missing_once_its_time_has_passed(days, last, now, due):
    def utc(text):
        return text and datetime.fromisoformat(text).replace(tzinfo=UTC)

    begun = datetime(2026, 11, 1, tzinfo=UTC)
    assert missing_since("06:00", days, "Europe/Paris", begun, utc(last), utc(now)) == utc(due)


def test_nothing_is_missing_that_was_due_before_anybody_watched(root):
    services.look(NOW + timedelta(hours=1))
    assert db.session.scalars(db.select(Alert)).all() == []


def test_a_missing_file_is_one_alert_that_ends_when_it_comes(root):
    next_day = NOW + timedelta(hours=21)
    for minutes in (0, 5):
        services.look(next_day + timedelta(minutes=minutes))
        db.session.commit()
    (alert,) = db.session.scalars(db.select(Alert)).all()
    assert (alert.kind, alert.path) == ("no_file", "/contacts/import")
    assert "nightly" in alert.text["fr"]
    leave(root, "calls.csv", log(row(1)), next_day)
    services.look(next_day + timedelta(minutes=10))
    services.look(next_day + timedelta(minutes=11))
    db.session.commit()
    assert alert.ended_at is not None


def test_the_command_watches_looks_and_stops(app, root):
    def flask(*arguments):
        return app.test_cli_runner().invoke(args=["contacts", "watch", *map(str, arguments)])

    (root / "weekly").mkdir()
    assert flask("weekly", "--map", "calls", "--expect", "05:30", "--days", "1").exit_code == 0
    leave(root, "calls.csv", log(row(1)))
    assert re.search("en attente\\W+1\\b", flask().output) and contacts() == 0
    clock.start_at(utc_now() + timedelta(seconds=25))
    looked = flask()
    assert (looked.exit_code, contacts(), names(root, "done")) == (0, 1, ["calls.csv"])
    assert "nightly" in looked.output and "calls.csv" in looked.output
    assert "weekly" not in flask("weekly", "--stop").output
    for wrong in (
        ["weekly", "--stop"],
        ["nowhere", "--map", "calls"],
        ["nightly"],
        ["nightly", "--map", "calls", "--expect", "6h"],
    ):
        assert flask(*wrong).exit_code == 2
    assert db.session.scalar(db.select(db.func.count()).select_from(Mapping)) == 1


def test_a_folder_is_not_left_alone_in_the_middle_of_an_import(app, root):
    leave(root, "calls.csv", log(*(row(number) for number in range(3000))))
    (file_id,) = seen_twice()
    progress = services.take_file(file_id, LATER, written_beside)
    for _ in range(2):
        next(progress)
        db.session.commit()
    stopping = ["contacts", "watch", "nightly", "--stop"]
    refused = app.test_cli_runner().invoke(args=stopping)
    assert refused.exit_code == 2 and "cours d’import" in refused.output
    for _progress in progress:
        db.session.commit()
    assert app.test_cli_runner().invoke(args=stopping).exit_code == 0
    assert (contacts(), names(root, "done")) == (3000, ["calls.csv"])
