"""Continuous draws on the page: made, opened, looked at while they run and after."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from foundation.database import db
from foundation.web import clock
from surveys.continuous_frames import fixed_lines
from surveys.frames import stratum_key, stratum_parts
from surveys.models import Draw, Programme
from surveys.queries.continuous import kept_continuous_draw
from tests.conftest import submit_with
from tests.surveys.continuous_factories import arrive, closed, continuous_programme, entry
from tests.surveys.factories import create_principal, create_site, published_version


@pytest.fixture
def lead(sign_in):
    return sign_in("quality")


@pytest.mark.parametrize("values", [["Lille", "phone"], ["a · b", "c\\"], ["", ""], ["\\·"]])
def test_the_name_of_a_stratum_gives_its_values_back(values):
    assert stratum_parts(stratum_key(values)) == values


def test_a_programme_says_its_rates_and_opens_its_draw_on_the_page(lead):
    principal = create_principal()
    version = published_version()
    db.session.commit()
    form = {
        "name": "Au fil de l’eau", "key": "fil", "principal_id": principal.id, "version_id": version.id,
        "collection": "sms", "promise": "followed_up", "low_score": "2", "outcomes": ["answered"],
        "directions": ["in"], "strata": ["channel"], "draw_kind": "continuous", "rate": "1 / 4",
        "rates": "mail: 1/2", "method": "proportional", "minimum": "2", "validity_days": "7",
        "quarantine_days": "30", "send_delay_hours": "0", "reminders": "0", "reminder_gap_hours": "72",
        "names_agent": "no", "window": "any",
    }  # fmt: skip
    refused = submit_with(lead, "/surveys/programmes/new", **form | {"rate": "4"})
    assert refused.status_code == 400
    assert "n’est pas un taux" in refused.text
    assert submit_with(lead, "/surveys/programmes/new", **form).status_code == 302
    made = db.session.scalars(db.select(Programme)).one()
    assert made.latest.design == {"rates": {"": "1/4", "mail": "1/2"}}
    assert lead.get("/surveys/programmes/fil/change").text.count("1/4") == 1
    days = {"first_day": "2026-12-01", "last_day": "2026-12-31"}
    opened = submit_with(lead, "/surveys/programmes/fil/open", "/surveys/programmes/fil", **days)
    assert opened.status_code == 302
    again = submit_with(lead, "/surveys/programmes/fil/open", "/surveys/programmes/fil", **days)
    assert again.location == opened.location
    other = days | {"last_day": "2026-12-30"}
    assert submit_with(lead, "/surveys/programmes/fil/open", "/surveys/programmes/fil", **other).status_code == 409
    page = lead.get(opened.location).text
    assert "Ce tirage est en cours" in page
    assert db.session.scalars(db.select(Draw)).one().seed_commitment in page


def test_a_running_draw_shows_counts_and_a_closed_one_its_frame(lead):
    principal, site = create_principal(), create_site("lille")
    rates = {"": "1/1", "Lille": "1/2"}
    programme = continuous_programme(principal, rates=rates, strata=["site"], quarantine_days=30)
    db.session.commit()
    page, days = f"/surveys/programmes/{programme.key}", {"first_day": "2026-12-01", "last_day": "2026-12-31"}
    submit_with(lead, f"{page}/open", page, **days)
    draw = db.session.scalars(db.select(Draw)).one()
    at = datetime(2026, 12, 2, 9, tzinfo=UTC)
    arrive(principal, [entry(site, at, "+33600000001"), entry(site, at, None)], at)
    page = lead.get(f"/surveys/draws/{draw.id}").text
    assert "Lille" in page
    assert "aucune adresse" in page
    assert "Aucun contact n’est jusqu’ici d’une strate nommée Lille" in page
    assert lead.get(f"/surveys/draws/{draw.id}/frame.jsonl").status_code == 404
    clock.start_at(datetime(2027, 1, 4, 9, tzinfo=UTC))
    draw = closed(draw, datetime(2027, 1, 4, 9, tzinfo=UTC))
    page = lead.get(f"/surveys/draws/{draw.id}").text
    assert "<code>contactable</code>" in page
    assert draw.seed in page
    frame = lead.get(f"/surveys/draws/{draw.id}/frame.jsonl").data
    assert fixed_lines(kept_continuous_draw(draw).lines).frame_hash == draw.frame_hash
    assert len(frame.splitlines()) == 2
    assert f"/surveys/draws/{draw.id}/files.zip" in page
    with zipfile.ZipFile(io.BytesIO(lead.get(f"/surveys/draws/{draw.id}/files.zip").data)) as files:
        assert files.read(next(name for name in files.namelist() if name.endswith("frame.jsonl"))) == frame
