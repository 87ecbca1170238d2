"""Work behind the page: asked for once, done once, tried again, taken over, shown."""

import signal
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation.accounts.models import User
from foundation.database import db, insert_if_absent, reading
from foundation.jobs import queries, services, storage
from foundation.jobs.engines import Worker, run_job, run_until_idle
from foundation.jobs.models import Job
from foundation.jobs.patience import Patience
from foundation.jobs.registry import Registry
from foundation.jobs.states import MAX_ATTEMPTS, wait_after
from foundation.web.clock import utc_now
from tests.conftest import NOW
from tests.jobs.conftest import start_process, wait_for

JOB_LEASE = Patience().job_lease


@pytest.fixture(params=["app", "pg_app", "procrastinate_app"])
def any_app(request):
    return request.getfixturevalue(request.param)


def person(email):
    return {
        "email": email, "name": "x", "role": "agent", "principal_ids": None, "site_ids": None,
        "password": "x", "active": True, "fs_uniquifier": email, "created_at": NOW,
    }  # fmt: skip


def write_person(payload, _now):
    insert_if_absent(User, [person(payload["email"])], ["email"])


def ask(kind, key="one", **payload):
    asked = services.enqueue(kind, payload, key, utc_now())
    db.session.commit()
    return asked


def people():
    db.session.rollback()
    with reading():
        return len(db.session.scalars(select(User)).all())


def job(kind="write"):
    db.session.rollback()
    with reading():
        found = db.session.scalars(select(Job).where(Job.kind == kind)).one()
        db.session.expunge_all()
    return found


def test_the_same_work_is_asked_for_once(registry):
    assert ask("write", email="a@example.org") is True
    assert ask("write", email="b@example.org") is False
    assert job().payload == {"email": "a@example.org"}


def test_a_job_of_a_transaction_that_is_undone_was_never_asked_for(registry):
    services.enqueue("write", {}, "one", utc_now())
    db.session.rollback()
    assert db.session.scalars(select(Job)).all() == []


def test_a_job_is_done_and_its_work_is_kept(any_app, registry):
    registry.register("write", write_person)
    ask("write", email="a@example.org")
    assert run_until_idle(any_app) == 1
    assert (people(), job().state, job().attempt) == (1, "done", 1)
    assert run_until_idle(any_app) == 0


def test_what_was_asked_is_kept_until_it_is_done_and_no_longer(any_app, registry):
    registry.register("write", write_person)
    ask("write", email="a@example.org")
    assert job().payload == {"email": "a@example.org"}
    run_until_idle(any_app)
    assert (job().state, job().payload) == ("done", {})
    assert not ask("write", email="a@example.org")


def test_a_job_waits_for_its_moment(any_app, registry, set_clock):
    registry.register("write", write_person)
    services.enqueue("write", {"email": "a@example.org"}, "one", NOW, not_before=NOW + timedelta(hours=1))
    db.session.commit()
    assert run_until_idle(any_app) == 0
    set_clock(NOW + timedelta(hours=1))
    assert run_until_idle(any_app) == 1


def test_work_that_fails_leaves_nothing_and_is_tried_again(any_app, registry, set_clock):
    def half_way(payload, now):
        write_person(payload, now)
        if now < NOW + timedelta(seconds=2):
            raise ValueError("the other side is not there\nwith details that stay in the log")

    registry.register("write", half_way)
    ask("write", email="a@example.org")
    run_until_idle(any_app)
    assert people() == 0
    assert (job().state, job().last_error) == ("queued", "ValueError: the other side is not there")
    set_clock(NOW + timedelta(seconds=5))
    run_until_idle(any_app)
    assert (people(), job().state, job().last_error) == (1, "done", None)


def test_work_that_keeps_failing_waits_for_a_person_who_may_run_it_again(any_app, registry, set_clock):
    works = threading.Event()

    def stubborn(payload, _now):
        if not works.is_set():
            raise ValueError("no")

    registry.register("write", stubborn)
    ask("write")
    for hours in range(MAX_ATTEMPTS + 2):
        set_clock(NOW + timedelta(hours=hours))
        run_until_idle(any_app)
    assert (job().state, job().attempt) == ("failed", MAX_ATTEMPTS)
    works.set()
    failed = job().id
    assert services.retry(failed, utc_now()) and not services.retry(failed, utc_now())
    db.session.commit()
    run_until_idle(any_app)
    assert job().state == "done"


def test_a_kind_that_nobody_knows_is_shown_and_not_lost(any_app, registry):
    ask("unheard-of")
    run_until_idle(any_app)
    assert job("unheard-of").state == "queued" and "unheard-of" in job("unheard-of").last_error


def test_waits_grow_to_a_quarter_of_an_hour():
    assert [wait_after(n).total_seconds() for n in (1, 2, 3, 8, 30)] == [2, 4, 8, 256, 900]


def test_a_job_whose_worker_died_runs_again_after_its_lease_and_not_before(any_app, registry, set_clock):
    registry.register("write", write_person)
    ask("write", email="a@example.org")
    assert storage.claim("dead", utc_now()) is not None
    set_clock(NOW + JOB_LEASE - timedelta(seconds=1))
    assert run_until_idle(any_app) == 0
    set_clock(NOW + JOB_LEASE + timedelta(seconds=1))
    assert run_until_idle(any_app) == 1
    assert (people(), job().attempt) == (1, 2)


def test_a_worker_that_lost_its_job_saves_nothing(any_app, registry, set_clock):
    registry.register("write", write_person)
    ask("write", email="slow@example.org")
    slow = storage.claim("slow", utc_now())
    set_clock(NOW + JOB_LEASE + timedelta(seconds=1))
    storage.claim("quick", utc_now())
    run_job(registry, slow, "slow")
    assert people() == 0
    assert (job().state, job().lease_owner) == ("running", "quick")


def test_work_that_kills_every_worker_is_given_up(any_app, registry, set_clock):
    registry.register("write", write_person)
    ask("write", email="a@example.org")
    for hours in range(MAX_ATTEMPTS):
        assert storage.claim("dead", NOW + timedelta(hours=1 + hours))
    set_clock(NOW + timedelta(days=1))
    run_until_idle(any_app)
    assert (job().state, people()) == ("failed", 0)
    assert job().last_error.startswith("InterruptedTooOften")


def test_two_workers_never_take_the_same_job(any_app, registry):
    for number in range(12):
        ask("write", key=str(number))
    taken, gate = [], threading.Barrier(4)

    def take_all(owner):
        gate.wait()
        with any_app.app_context():
            while (claimed := storage.claim(owner, utc_now())) is not None:
                taken.append(claimed.id)

    threads = [threading.Thread(target=take_all, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(taken) == sorted(set(taken)) and len(taken) == 12


def test_one_leads_until_its_lease_ends_or_it_resigns(any_app):
    assert storage.lead("first", NOW)
    assert not storage.lead("second", NOW + timedelta(seconds=5))
    assert storage.lead("first", NOW + timedelta(seconds=5))
    assert storage.lead("second", NOW + timedelta(seconds=15))
    assert not storage.lead("first", NOW + timedelta(seconds=16))
    storage.resign("second")
    assert storage.lead("first", NOW + timedelta(seconds=17))


def test_nobody_waits_for_a_dead_leader_whose_clock_was_ahead(any_app):
    """Killed, then the clock was set back by an hour: its lease ends in an hour, which no lease may."""
    assert storage.lead("dead", NOW + timedelta(hours=1))
    assert storage.lead("living", NOW)


def test_progress_is_seen_while_the_job_only_reads(any_app, registry):
    seen = []

    def read_on(payload, now):
        with reading():
            db.session.scalars(select(User)).all()
            assert services.report_progress(payload["job_id"], 1, 4, now)
            with any_app.app_context():
                seen.append(queries.job_status("write", "one"))

    registry.register("write", read_on)
    ask("write")
    run_until_idle(any_app)
    assert [(status.state, status.done, status.total, status.percent) for status in seen] == [("running", 1, 4, 25)]


def test_progress_never_holds_up_a_job_that_writes(app):
    app.extensions["jobs"], whole = Registry(), app.extensions["jobs"]
    heard = []

    def write_on(payload, now):
        write_person(payload, now)
        heard.append(services.report_progress(payload["job_id"], 1, 4, now))

    app.extensions["jobs"].register("write", write_on)
    ask("write", email="a@example.org")
    started = time.monotonic()
    run_until_idle(app)
    app.extensions["jobs"] = whole
    assert (heard, job().state) == ([False], "done")
    assert time.monotonic() - started < 5


def test_a_round_that_fails_is_noted_and_the_others_go_on(any_app, registry):
    rounds = []
    registry.every("broken", 1, lambda now: 1 / 0)
    registry.every("sound", 1, rounds.append)
    worker = Worker(any_app)
    thread = threading.Thread(target=worker.run)
    thread.start()
    deadline = time.monotonic() + 20
    while len(rounds) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    began = time.monotonic()
    worker.stopping.set()
    thread.join(10)
    assert not thread.is_alive() and time.monotonic() - began < 3
    assert len(rounds) >= 2
    errors = {row.name: row.last_error for row in queries.schedule_rows()}
    assert errors["broken"].startswith("ZeroDivisionError") and errors["sound"] is None


def test_what_ran_within_its_interval_does_not_run_again_after_a_restart(any_app, registry):
    rounds = []
    registry.every("daily", 86_400, rounds.append)
    for hour, expected in ((0, 1), (1, 1), (25, 2)):
        worker = Worker(any_app)
        worker.tick(NOW + timedelta(hours=hour))
        for thread in worker.leader.rounds.values():
            thread.join(10)
        storage.resign(worker.owner)
        db.session.rollback()
        assert len(rounds) == expected


def test_a_clock_that_is_set_back_stops_no_round(any_app, registry, set_clock):
    """What ran a moment ago by the clock of before is not due in an hour, but now."""
    runs = []
    registry.every("look", 60, lambda now: runs.append(now))
    worker = Worker(any_app)
    for moment, expected in ((NOW, 1), (NOW + timedelta(seconds=30), 1), (NOW - timedelta(hours=1), 2)):
        set_clock(moment)
        worker.tick(moment)
        for thread in worker.leader.rounds.values():
            thread.join(10)
        assert len(runs) == expected


def test_only_the_leader_works(any_app, registry):
    registry.register("write", write_person)
    ask("write", email="a@example.org")
    storage.lead("another", utc_now())
    worker = Worker(any_app)
    worker.tick(utc_now())
    assert job().state == "queued"


def test_a_living_worker_keeps_a_job_that_takes_long(any_app, registry, set_clock):
    ends, begun = threading.Event(), threading.Event()

    def linger(_payload, _now):
        begun.set()
        ends.wait(30)

    registry.register("write", linger)
    ask("write")
    worker = Worker(any_app)
    worker.tick(utc_now())
    assert begun.wait(10)
    set_clock(NOW + JOB_LEASE - timedelta(seconds=5))
    worker.tick(utc_now())
    set_clock(NOW + JOB_LEASE + timedelta(seconds=5))
    assert storage.claim("another", utc_now()) is None
    ends.set()
    for thread in worker.jobs:
        thread.join(10)
    assert (job().state, job().attempt) == ("done", 1)


RUN = ("-m", "flask", "jobs", "run")


@pytest.fixture(params=["app", "procrastinate_app"])
def either(request, set_clock):
    """The application under each engine, with the real clock, as real processes have it."""
    found = request.getfixturevalue(request.param)
    set_clock(None)
    return found


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_command_stops_within_seconds_and_hands_over_at_once(either, sign):
    worker = start_process(either, *RUN)
    try:
        assert wait_for(lambda: queries.worker_health().owner)
        began = time.monotonic()
        worker.send_signal(sign)
        assert worker.wait(10) == 0
        assert time.monotonic() - began < 6  # three at most, on a machine that is not busy
        db.session.rollback()
        assert queries.worker_health().owner is None
    finally:
        worker.kill()
        worker.communicate()


SLOW_WORKER = """
import time
from sqlalchemy import insert
from app import create_app
from foundation.accounts.models import User
from foundation.database import db
from foundation.jobs.engines import worker_for
from tests.jobs.test_worker import person

def write_and_linger(payload, now):
    db.session.execute(insert(User), [person("half@example.org")])
    print("written", flush=True)
    time.sleep(60)

app = create_app()
app.extensions["jobs"].register("slow", write_and_linger)
worker_for(app).run()
"""


def test_a_job_killed_half_way_leaves_nothing_and_runs_again(either, set_clock):
    ask("slow")
    worker = start_process(either, "-c", SLOW_WORKER)
    assert worker.stdout.readline() == "written\n"
    worker.kill()
    worker.communicate()
    assert (people(), job("slow").state, job("slow").attempt) == (0, "running", 1)
    set_clock(job("slow").lease_until)
    assert storage.claim("next", utc_now()).attempt == 2


def test_a_worker_that_is_killed_is_replaced_after_its_lease(either, set_clock):
    worker = start_process(either, *RUN)
    try:
        assert wait_for(lambda: queries.worker_health().owner)
        worker.kill()
        worker.communicate()
        health = queries.worker_health()
        assert not storage.lead("next", utc_now())
        set_clock(health.until)
        assert storage.lead("next", utc_now())
    finally:
        worker.kill()
        worker.wait()
