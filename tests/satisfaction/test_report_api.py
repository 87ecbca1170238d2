"""The report for programs: the same as the command's, inside the key's scope, noted."""

import json

import pytest
from openapi_spec_validator import validate

from foundation.accounts.keys import issue_key
from foundation.database import db
from foundation.ledger.models import Access
from tests.conftest import NOW, visitor
from tests.satisfaction.factories import (
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

REPORTS = "/api/v1/reports"
OCTOBER = "from=2026-10-01&to=2026-10-31"


@pytest.fixture
def belline(app):
    principal, lille, lyon = create_principal("belline"), create_site("lille"), create_site("lyon")
    rows = [("lille", lille, "phone", 400, 40), ("lyon", lyon, "phone", 100, 40)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    answer(draw, lille, "phone", [{"satisfaction": 5}] * 30 + [{"satisfaction": 2}] * 5)
    answer(draw, lyon, "phone", [{"satisfaction": 4}] * 31)
    create_period(create_principal("rhone"))
    db.session.commit()
    return principal, lille


def asking(app, principal, permissions=("satisfaction.read",), site_ids=None):
    _key, secret = issue_key("BI", list(permissions), principal.id, site_ids, None, NOW)
    db.session.commit()
    return lambda address: visitor(app).get(address, headers={"Authorization": f"Bearer {secret}"})


def test_a_program_gets_what_the_command_prints(app, belline):
    get = asking(app, belline[0])
    given = get(f"{REPORTS}?{OCTOBER}&by=site,channel&survey=apres-appel&principal=belline")
    command = (
        "satisfaction report --from 2026-10-01 --to 2026-10-31 --by site,channel --survey apres-appel --format json"
    )
    printed = json.loads(app.test_cli_runner().invoke(args=command.split()).stdout)
    assert given.status_code == 200 and given.mimetype == "application/json"
    assert given.json | {"as_of": ""} == printed | {"as_of": ""}
    assert any(row["estimate"] for row in given.json["results"])


def test_a_key_sees_its_principal_and_its_sites_only(app, belline):
    principal, lille = belline
    given = asking(app, principal, site_ids=[lille.id])(f"{REPORTS}?{OCTOBER}&by=site").json
    assert {row["by"].get("site") for row in given["results"]} == {None, "lille"}
    assert {row["principal"] for row in given["results"]} == {"belline"}
    get = asking(app, principal)
    assert get(f"{REPORTS}?{OCTOBER}&principal=rhone").status_code == 404
    assert get(f"{REPORTS}?{OCTOBER}&survey=nope").status_code == 404


def test_what_is_taken_is_noted_with_the_key(app, belline, committed):
    asking(app, belline[0])(f"{REPORTS}?{OCTOBER}")
    assert committed(Access) == 1
    noted = db.session.scalars(db.select(Access)).one()
    assert noted.subject == "report:api" and noted.facts["key"] and noted.facts["from"] == "2026-10-01"


@pytest.mark.parametrize(
    "query", ["", "from=x&to=2026-10-31", "from=2026-10-31&to=2026-10-01", f"{OCTOBER}&by=agent"], ids=str
)
def test_what_cannot_be_read_is_refused_in_words(app, belline, query):
    given = asking(app, belline[0])(f"{REPORTS}?{query}")
    assert given.status_code == 400 and given.json["code"] == 400 and len(given.json["message"]) > 15


def test_only_a_key_for_figures_opens_it(app, belline, sign_in):
    assert visitor(app).get(f"{REPORTS}?{OCTOBER}").status_code == 401
    assert asking(app, belline[0], ["contacts.write"])(f"{REPORTS}?{OCTOBER}").status_code == 403
    assert sign_in("admin").get(f"{REPORTS}?{OCTOBER}").status_code == 401


def test_it_is_described_for_programs(app):
    described = visitor(app).get("/api/v1/openapi.json").json
    validate(described)
    names = {each["name"] for each in described["paths"][REPORTS]["get"]["parameters"]}
    assert names == {"from", "to", "survey", "principal", "by"}


def test_a_key_made_by_command_sends_contacts_unless_told_otherwise(app, belline):
    runner, words = app.test_cli_runner(), ["accounts", "issue-key", "BI", "--principal", "belline"]
    usual, told = (runner.invoke(args=[*words, *more]).output.strip() for more in ([], ["--may", "satisfaction.read"]))
    for secret, status in ((usual, 403), (told, 200)):
        headers = {"Authorization": f"Bearer {secret}"}
        assert visitor(app).get(f"{REPORTS}?{OCTOBER}", headers=headers).status_code == status
