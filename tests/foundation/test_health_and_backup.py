"""What an operator asks of the house: is it alive, can it serve, and a copy of its database."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

from foundation.database import db
from foundation.jobs import services, storage
from foundation.web.clock import utc_now
from tests.conftest import NOW, create_user, visitor


def test_the_process_says_that_it_lives(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_tells_of_the_database_and_of_the_worker(client, set_clock):
    assert client.get("/readyz").json["worker"] == {
        "alive": False, "seconds_since_heard": None, "longest_wait_seconds": 0,
    }  # fmt: skip
    storage.lead("worker", utc_now())
    services.enqueue("letters.print", {}, "one", NOW)
    db.session.commit()
    set_clock(NOW + timedelta(seconds=5))
    worker = client.get("/readyz").json["worker"]
    assert worker == {"alive": True, "seconds_since_heard": 5, "longest_wait_seconds": 5}
    set_clock(NOW + timedelta(seconds=60))
    assert client.get("/readyz").json["worker"]["alive"] is False


def test_without_its_database_the_house_is_not_ready_but_alive(app):
    client = visitor(app)
    db.session.remove()
    db.drop_all()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def backup(app, file):
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["backup", str(file)])


def emails(file):
    with closing(sqlite3.connect(file)) as copy:
        return {row[0] for row in copy.execute("SELECT email FROM users")}


def test_a_backup_holds_what_was_committed(app, tmp_path):
    create_user("admin", "alice@example.org")
    done = backup(app, tmp_path / "copy.sqlite3")
    assert (done.exit_code, "sound." in done.output) == (0, True), done.output
    assert emails(tmp_path / "copy.sqlite3") == {"alice@example.org"}


def test_a_backup_is_of_one_moment_while_others_write(app, tmp_path):
    stop = threading.Event()

    def write():
        with app.app_context():
            number = 0
            while not stop.is_set():
                create_user("agent", f"{number}-a@example.org")
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    results = [backup(app, tmp_path / f"{number}.sqlite3") for number in range(3)]
    stop.set()
    writer.join(30)
    assert [result.exit_code for result in results] == [0, 0, 0], results[0].output
    sizes = [len(emails(tmp_path / f"{number}.sqlite3")) for number in range(3)]
    assert sizes == sorted(sizes)


def test_a_file_that_is_there_is_not_overwritten(app, tmp_path):
    file = tmp_path / "copy.sqlite3"
    file.write_text("precious")
    done = backup(app, file)
    assert (done.exit_code, file.read_text()) == (2, "precious")


def test_a_folder_that_cannot_be_written_is_one_clear_line(app):
    done = backup(app, "/nowhere/at/all.sqlite3")
    assert (done.exit_code, "unable to open" in done.output) == (2, True)


def test_postgresql_has_its_own_tool(pg_app, tmp_path):
    done = backup(pg_app, tmp_path / "copy.sqlite3")
    assert (done.exit_code, "pg_dump" in done.output) == (2, True)
