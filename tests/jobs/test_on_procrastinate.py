"""The engine for several workers: what is announced, woken, taken back and handed over on PostgreSQL."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from foundation.database import db
from foundation.jobs import queries, services, storage
from foundation.jobs.models import Job
from foundation.jobs.storage.procrastinate_queue import ProcrastinateQueue
from foundation.web.clock import utc_now
from tests.jobs.conftest import wait_for

pytestmark = pytest.mark.postgresql


@pytest.fixture
def any_app(procrastinate_app, set_clock):
    set_clock(None)
    return procrastinate_app


def announced(status="todo"):
    """Return the arguments of what Procrastinate holds, as a later transaction sees it."""
    db.session.rollback()
    rows = db.session.execute(
        text(
            "SELECT args FROM procrastinate_jobs WHERE status = CAST(:status AS procrastinate_job_status) ORDER BY id"
        ),
        {"status": status},
    )
    return [row.args for row in rows]


def ask(kind="write", key="one", **changes):
    asked = services.enqueue(kind, {}, key, utc_now(), **changes)
    db.session.commit()
    return asked


def asked_again():
    """Whether a second job could be asked for."""
    try:
        ask(key="two")
    except OperationalError:
        db.session.rollback()
        return False
    return True


def the_job():
    return db.session.scalars(select(Job).execution_options(populate_existing=True)).one()


def test_a_job_and_its_announcement_are_committed_together(any_app):
    services.enqueue("write", {"secret": "of somebody"}, "one", utc_now())
    job_id = the_job().id
    db.session.commit()
    assert announced() == [{"job_id": job_id}]


def test_a_job_and_its_announcement_are_undone_together(any_app):
    services.enqueue("write", {}, "one", utc_now())
    assert db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 1
    db.session.rollback()
    assert announced() == [] and db.session.scalars(select(Job)).all() == []


def test_what_is_asked_for_twice_is_announced_once(any_app):
    assert (ask(), ask()) == (True, False)
    assert len(announced()) == 1


def test_a_job_for_later_is_announced_for_later_by_the_clock_of_the_database(any_app, set_clock):
    set_clock(utc_now() + timedelta(days=100))
    ask(not_before=utc_now() + timedelta(hours=1))
    away = db.session.scalar(text("SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"))
    assert 3590 < away < 3610


def test_a_round_is_woken_after_the_commit_and_not_before(any_app):
    services.wake("send", "sms:38600")
    db.session.execute(text("SELECT 1"))
    with db.engine.connect() as another:
        assert another.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
    db.session.commit()
    assert announced() == [{"name": "send", "key": "sms:38600"}]


def test_a_round_is_not_woken_for_what_was_undone(any_app):
    services.wake("send", "a")
    db.session.rollback()
    db.session.execute(text("SELECT 1"))
    services.wake("send", "b")
    with db.session.begin_nested():
        pass
    db.session.rollback()
    db.session.execute(text("SELECT 1"))
    db.session.commit()
    assert announced() == []


def test_waking_twice_is_once_and_disturbs_nobody(any_app):
    for number in range(3):
        services.enqueue("write", {}, str(number), utc_now())
        services.wake("send", "a")
        services.wake("send", "a")
        db.session.commit()
    assert [args for args in announced() if "name" in args] == [{"name": "send", "key": "a"}]
    assert len(db.session.scalars(select(Job)).all()) == 3


def test_two_that_wake_at_the_same_moment_both_go_on(any_app):
    gate, failures = threading.Barrier(4), []

    def wake_often():
        with any_app.app_context():
            for _ in range(20):
                gate.wait()
                try:
                    any_app.extensions["jobs_queue"].wake("send", "a")
                except Exception as error:
                    failures.append(error)

    threads = [threading.Thread(target=wake_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == [] and len(announced()) == 1


def test_a_wake_up_that_cannot_be_sent_leaves_what_was_committed(any_app):
    db.session.execute(text("ALTER TABLE procrastinate_jobs RENAME TO elsewhere"))
    db.session.commit()
    try:
        services.wake("send", "a")
        db.session.execute(text("INSERT INTO leases VALUES ('x', 'me', now(), now())"))
        db.session.commit()
        assert db.session.scalar(text("SELECT owner FROM leases")) == "me"
    finally:
        db.session.rollback()
        db.session.execute(text("ALTER TABLE elsewhere RENAME TO procrastinate_jobs"))
        db.session.commit()


def test_waking_needs_no_second_connection_while_the_first_is_held(any_app, monkeypatch):
    """A pool of one connection: whoever waited for a second one would wait for itself."""
    monkeypatch.setattr(db.engine.pool, "_max_overflow", 0)
    monkeypatch.setattr(db.engine.pool, "_timeout", 1)
    db.session.remove()
    held = [db.engine.connect() for _ in range(db.engine.pool.size() - 1)]
    try:
        services.wake("send", "a")
        db.session.execute(text("SELECT 1"))
        db.session.commit()
        assert len(announced()) == 1
    finally:
        for connection in held:
            connection.close()


def test_jobs_are_carried_out_by_several_workers_each_once(any_app, registry, start_worker):
    done, lock = [], threading.Lock()

    def write(payload, _now):
        time.sleep(0.02)
        with lock:
            done.append(payload["number"])

    registry.register("write", write)
    for number in range(20):
        services.enqueue("write", {"number": number}, str(number), utc_now())
    db.session.commit()
    workers = [start_worker(any_app), start_worker(any_app)]
    assert wait_for(lambda: queries.job_counts()["done"] == 20)
    assert sorted(done) == list(range(20))
    assert wait_for(lambda: announced() == announced("doing") == announced("succeeded") == [])
    assert queries.worker_health().owner in {worker.owner for worker in workers}
    assert queries.worker_health().lives(utc_now())


def test_a_job_that_fails_is_announced_again_for_its_next_try(any_app, registry, start_worker):
    tries = []

    def fail_once(_payload, _now):
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise ValueError("not yet")

    registry.register("write", fail_once)
    ask()
    start_worker(any_app)
    assert wait_for(lambda: the_job().state == "done")
    assert 1.9 < tries[1] - tries[0] < 4 and the_job().attempt == 2


def test_long_jobs_do_not_hold_up_rounds(any_app, registry, start_worker):
    ends, woken = threading.Event(), []
    registry.register("long", lambda _payload, _now: ends.wait(30))
    registry.every("send", 3600, lambda now: None, wake=lambda now, key: woken.append(key))
    for number in range(6):
        ask("long", str(number))
    start_worker(any_app)
    assert wait_for(lambda: queries.job_counts()["running"] == 2)
    services.wake("send", "a")
    db.session.execute(text("SELECT 1"))
    db.session.commit()
    assert wait_for(lambda: woken == ["a"])
    ends.set()


def test_a_busy_key_leaves_room_for_the_others(any_app, registry, start_worker):
    ends, begun = threading.Event(), []

    def send(_now, key):
        begun.append(key)
        if key == "busy":
            ends.wait(30)

    registry.every("send", 3600, lambda now: None, wake=send)
    start_worker(any_app)
    queue = any_app.extensions["jobs_queue"]
    for _ in range(6):
        queue.wake("send", "busy")
        assert wait_for(lambda: {"name": "send", "key": "busy"} not in announced())
    queue.wake("send", "idle")
    assert wait_for(lambda: begun == ["busy", "idle"])
    ends.set()


def test_each_round_runs_once_across_workers(any_app, registry, start_worker):
    began = []
    registry.every("seal", 1, lambda now: began.append(now))
    registry.every("send", 1, lambda now: began.append(now), wake=lambda now, key: None)
    workers = [start_worker(any_app), start_worker(any_app)]
    time.sleep(3.2)
    for worker in workers:
        worker.stopping.set()
    # Two rounds, each second: six to eight, where two schedules would make twelve or more.
    assert 4 <= len(began) <= 9


def test_work_of_a_lost_wake_up_is_found_by_the_schedule(any_app, registry, start_worker):
    found = []
    registry.every("send", 1, lambda now: found.append(now), wake=lambda now, key: None)
    start_worker(any_app)
    assert wait_for(lambda: found)


def test_the_schedule_wakes_what_has_work_and_nothing_else(any_app, registry, start_worker):
    woken = []
    registry.every("send", 1, lambda now: woken.append("all"), lambda now, key: woken.append(key), lambda now: ["a"])
    registry.every("idle", 1, lambda now: woken.append("idle"), lambda now, key: woken.append(key), lambda now: [])
    start_worker(any_app)
    assert wait_for(lambda: len(woken) > 1 and "idle" in {row.name for row in queries.schedule_rows()})
    assert set(woken) == {"a"}


def test_a_woken_round_that_fails_is_noted(any_app, registry, start_worker):
    registry.every("send", 1, lambda now: None, lambda now, key: 1 / 0, lambda now: ["a"])
    start_worker(any_app)
    assert wait_for(lambda: any("ZeroDivision" in (row.last_error or "") for row in queries.schedule_rows()))


def test_a_job_whose_announcement_was_lost_is_announced_again(any_app, registry, start_worker):
    registry.register("write", lambda payload, now: None)
    ask()
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    db.session.commit()
    start_worker(any_app)
    assert wait_for(lambda: the_job().state == "done")


def test_what_a_dead_worker_held_is_taken_back(any_app, registry, start_worker, impatient):
    """A process that was killed: its announcement stays as being done, its row as running, and nobody speaks for it."""
    registry.register("write", lambda payload, now: None)
    ask()
    with impatient(any_app):
        assert storage.claim("dead", utc_now()) is not None
    db.session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"))
    db.session.execute(
        text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)")
    )
    db.session.commit()
    start_worker(any_app)
    assert wait_for(lambda: the_job().state == "done")
    assert the_job().attempt == 2
    assert wait_for(lambda: announced() == announced("doing") == [])


def test_a_stalled_round_that_waits_already_is_dropped(any_app, registry, start_worker):
    registry.every("send", 3600, lambda now: None, wake=lambda now, key: time.sleep(2))
    queue = ProcrastinateQueue()
    for key in ("a", "a"):
        queue.wake("send", key)
        db.session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        db.session.commit()
    queue.wake("send", "a")
    start_worker(any_app)
    assert wait_for(lambda: announced() == announced("doing") == announced("failed") == [])


def test_a_worker_that_stops_gives_back_what_it_cannot_end(any_app, registry, start_worker):
    ends, begun = threading.Event(), threading.Event()

    def linger(_payload, _now):
        begun.set()
        ends.wait(30)

    registry.register("write", linger)
    ask()
    worker = start_worker(any_app)
    assert begun.wait(10)
    began = time.monotonic()
    worker.stopping.set()
    worker.thread.join(10)
    assert time.monotonic() - began < 4
    assert (the_job().state, the_job().attempt, the_job().lease_owner) == ("queued", 0, None)
    assert len(announced()) == 1 and queries.worker_health().owner is None
    ends.set()
    start_worker(any_app)
    assert wait_for(lambda: the_job().state == "done")


def test_a_worker_goes_on_when_the_database_was_restarted(any_app, registry, start_worker):
    registry.register("write", lambda payload, now: None)
    start_worker(any_app)
    ask()
    assert wait_for(lambda: the_job().state == "done")
    db.session.remove()
    with db.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert wait_for(asked_again)  # the first statement on a connection that was cut off fails, and says so
    assert wait_for(lambda: queries.job_counts()["done"] == 2)
