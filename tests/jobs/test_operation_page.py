"""The page of whoever looks after the installation."""

from foundation.database import db
from foundation.jobs import services, storage
from foundation.jobs.models import Job
from foundation.web.clock import utc_now


def failed_job():
    services.enqueue("letters.print", {}, "one", utc_now())
    db.session.commit()
    claimed = storage.claim("worker", utc_now())
    storage.give_up(claimed.id, "worker", "ValueError: the printer is out of paper", utc_now())
    return claimed.id


def test_it_says_when_no_worker_runs(sign_in):
    page = sign_in("admin", "en").get("/jobs").text
    assert "No worker is running" in page and "No job has failed." in page


def test_it_shows_what_failed_and_runs_it_again(sign_in, submit, committed):
    job_id = failed_job()
    storage.lead("worker", utc_now())
    admin = sign_in("admin", "en")
    page = admin.get("/jobs").text
    assert "The worker is running" in page and "the printer is out of paper" in page
    assert submit(f"/jobs/{job_id}/retry", client=admin, page="/jobs").status_code == 302
    db.session.rollback()
    assert db.session.get(Job, job_id).state == "queued"


def test_it_knows_only_the_states_there_are(sign_in):
    admin = sign_in("admin")
    assert [admin.get(f"/jobs?state={state}").status_code for state in ("done", "gone")] == [200, 404]


def test_people_read_what_they_call_the_work_and_not_its_technical_name(app, sign_in):
    failed_job()
    services.enqueue("surveys.draw", {}, "one", utc_now())
    db.session.commit()
    storage.note_round("ledger.seal", 1, utc_now(), utc_now(), None)
    french, english = sign_in("admin"), sign_in("admin", "en")
    assert "Tirer un échantillon" in french.get("/jobs?state=queued").text
    page = english.get("/jobs?state=queued").text
    assert "Draw a sample" in page and "Seal the ledger" in page and "surveys.draw" not in page
    # What no package registers any more is shown as it is written.
    assert "letters.print" in english.get("/jobs").text


def test_everything_that_can_run_has_a_name_for_people(app):
    registry = app.extensions["jobs"]
    assert {*registry.kinds, *registry.schedule} <= set(registry.labels)
