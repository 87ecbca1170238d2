"""The pages of evidence: what a binder will hold, building it, taking it, and the ledger; each in its scope."""

import io
import zipfile

import pytest
from sqlalchemy import select

from evidence.models import Binder
from foundation.accounts.models import User
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from foundation.ledger import queries as ledger
from foundation.ledger import services as ledger_services
from foundation.ledger.models import Access, Entry
from tests.conftest import NOW
from tests.evidence.factories import create_evidence
from tests.satisfaction.factories import create_principal

OCTOBER = {"principal": "belline", "first_day": "2026-10-01", "last_day": "2026-10-31", "survey": ""}


@pytest.fixture
def about(app):
    return create_evidence()


def asked_for(submit, client):
    return submit("/evidence", client=client, page="/evidence", **OCTOBER)


def test_before_there_is_anything_the_page_says_what_is_missing(sign_in):
    page = sign_in("quality", "en").get("/evidence")
    assert page.status_code == 200 and "No principal yet" in page.text


def test_it_opens_on_the_latest_closed_period_and_says_what_there_is(about, sign_in):
    page = sign_in("auditor", "en").get("/evidence").text
    assert "Belline · 1 Oct 2026 – 31 Oct 2026" in page
    assert "The seed of 1 draw was committed late" in page
    assert "The binder is not signed" in page


def test_an_open_period_is_named_as_missing(about, sign_in):
    page = sign_in("auditor", "en").get("/evidence", query_string=OCTOBER | {"last_day": "2026-11-10"}).text
    assert "Some of these days belong to no closed period" in page


@pytest.mark.parametrize(
    "change, said",
    [
        ({"last_day": "2026-09-01"}, "The last day comes before the first."),
        ({"last_day": "yesterday"}, "Not a valid date value."),
        ({"first_day": ""}, "Give the first day."),
    ],
)
def test_days_that_cannot_be_are_said_beside_their_field(about, sign_in, submit, change, said):
    client = sign_in("quality", "en")
    answer = submit("/evidence", client=client, page="/evidence", **OCTOBER | change)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert db.session.scalars(select(Binder)).all() == []


def test_a_binder_is_built_behind_the_page_and_handed_out(about, app, sign_in, submit):
    client = sign_in("quality", "en")
    waiting = asked_for(submit, client)
    assert waiting.status_code == 302
    page = client.get(waiting.location).text
    assert "Waiting for the worker." in page and '<noscript><meta http-equiv="refresh"' in page
    run_until_idle(app)
    ready = client.get(waiting.location).text
    assert "Download the binder" in ready and 'http-equiv="refresh"' not in ready
    handed = submit(f"{waiting.location}/download", client=client, page=waiting.location)
    assert handed.mimetype == "application/zip"
    assert "evidence-belline-2026-10-01-2026-10-31-confidential.zip" in handed.headers["Content-Disposition"]
    assert zipfile.ZipFile(io.BytesIO(handed.data)).testzip() is None


def test_whoever_takes_a_binder_is_written_down(about, app, sign_in, submit, committed):
    client = sign_in("auditor", "en")
    place = asked_for(submit, client).location
    run_until_idle(app)
    submit(f"{place}/download", client=client, page=place)
    db.session.rollback()
    binder = db.session.scalars(select(Binder)).one()
    entry = db.session.scalars(select(Entry).where(Entry.kind == "evidence.exported")).one()
    auditor = db.session.scalars(select(User).where(User.role == "auditor")).one()
    assert (entry.subject, entry.actor_id) == (f"binder:{binder.sha256[:16]}", auditor.id)
    assert committed(Access) == 1


def test_a_binder_that_is_not_built_yet_is_not_handed_out(about, sign_in, submit):
    client = sign_in("quality", "en")
    place = asked_for(submit, client).location
    assert submit(f"{place}/download", client=client, page="/evidence").status_code == 302
    assert "This binder is not built yet." in client.get(place).text


def test_who_may_read_evidence_may_not_always_take_it(about, app, sign_in, submit):
    place = asked_for(submit, sign_in("quality")).location
    run_until_idle(app)
    manager = sign_in("manager", "en")
    assert "Download the binder" not in manager.get(place).text
    assert submit(f"{place}/download", client=manager, page="/evidence").status_code == 403


def test_another_principals_binder_does_not_exist(about, app, sign_in, submit):
    place = asked_for(submit, sign_in("quality")).location
    run_until_idle(app)
    other = create_principal("voltis")
    db.session.commit()
    stranger = sign_in("quality", "en", principal_ids=[other.id])
    assert stranger.get(place).status_code == 404
    assert "Belline" not in stranger.get("/evidence").text
    assert stranger.get("/evidence", query_string=OCTOBER).status_code in (200, 404)
    assert "Belline" not in stranger.get("/evidence", query_string=OCTOBER).text
    assert submit(f"{place}/download", client=stranger, page="/evidence").status_code == 404
    assert asked_for(submit, stranger).status_code == 400


def test_who_sees_some_sites_only_gets_no_binder_about_all(about, app, sign_in, submit):
    place = asked_for(submit, sign_in("quality")).location
    run_until_idle(app)
    partly = sign_in("quality", "en", site_ids=[1])
    page = partly.get("/evidence").text
    assert "A binder covers every site" in page
    ledger = partly.get("/evidence/ledger").text
    assert "The ledger covers every site" in ledger and "draw.made" not in ledger
    assert partly.get(place).status_code == 404
    assert submit("/evidence", client=partly, page="/accounts/password", **OCTOBER).status_code == 403


def test_a_survey_of_another_principal_is_refused(about, sign_in, submit):
    client = sign_in("quality", "en")
    answer = submit("/evidence", client=client, page="/evidence", **OCTOBER | {"survey": "nothing"})
    assert answer.status_code == 400


def test_the_ledger_shows_what_is_sealed_and_what_waits(about, sign_in):
    ledger_services.record("case.opened", "complaint:1", {"principal_id": about.principal_id}, NOW)
    db.session.commit()
    page = sign_in("auditor", "en").get("/evidence/ledger").text
    assert "draw.made" in page and "seed.committed" in page
    assert "not sealed yet" in page
    assert ledger.head()[1] in page


def test_the_ledger_is_narrowed_by_kind_and_subject(about, sign_in):
    client = sign_in("auditor", "en")
    page = client.get("/evidence/ledger?kind=draw.made").text
    assert 'subject=draw:1"' in page and "subject=programme:" not in page
    assert "There is no such entry." in client.get("/evidence/ledger?subject=nothing").text


def test_the_ledger_shows_each_principal_only_its_own(about, sign_in):
    other = create_principal("voltis")
    ledger_services.record("case.opened", "complaint:voltis", {}, NOW, principal_id=other.id)
    ledger_services.record("house.moved", "house:1", {}, NOW)
    db.session.commit()
    page = sign_in("auditor", "en", principal_ids=[other.id]).get("/evidence/ledger").text
    assert "complaint:voltis" in page
    assert "draw.made" not in page
    assert "house:1" not in page
