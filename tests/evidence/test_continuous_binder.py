"""The binder of a draw that ran while contacts arrived: it says what the screen says, and decides again."""

import json
from datetime import date

import pytest

from evidence import services, verify
from evidence.queries import subject_of
from foundation.database import reading
from foundation.ledger.services import seal_round
from tests.evidence.test_binder import faults_in, members_of, rebuilt
from tests.satisfaction.test_weighed_figures import AFTER, december, results
from tests.surveys.continuous_factories import continuous_programme
from tests.surveys.factories import create_principal, create_site

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


@pytest.fixture
def made(app):
    principal, site = create_principal(), create_site("lille")
    programme = continuous_programme(principal, "1/2", quarantine_days=20)
    december(principal, site, programme)
    seal_round(AFTER)
    with reading():
        content = services.compose(subject_of(principal, FIRST, LAST, None), AFTER).content
    return programme, members_of(content)


def test_its_figures_are_those_of_the_screen_and_its_draw_is_decided_again(made):
    programme, members = made
    assert faults_in(members) == []
    said = {row["indicator"]: row for row in json.loads(members["report.json"])["results"] if not row["by"]}
    shown = results(programme, FIRST, LAST)
    for name in ("satisfaction", "satisfaction_mean"):
        assert said[name] == shown[name,]
        assert said[name]["population_name"] == "contactable"


def test_a_decision_that_was_changed_is_named(made):
    _programme, members = made
    lines = members["decisions.jsonl"].decode().splitlines(keepends=True)
    draw, _tab, content = next(line for line in lines if line.endswith(",1]\n")).partition("\t")
    name = json.loads(content)[0]
    turned = members["decisions.jsonl"].replace(content.encode(), content.replace(",1]\n", ",0]\n").encode())
    found = faults_in(rebuilt(members, decisions_jsonl=turned))
    assert any("frame is not the one that was hashed" in fault for fault in found)
    assert any(name in fault and fault.startswith(f"draw {draw} ") for fault in found)
    assert any("frame.csv has other contacts drawn" in fault for fault in found)
    draws = json.loads(members["draw.json"])
    draws["draws"][0]["allocation"]["rates"][""] = "1/3"
    faults = verify.draw_faults({**members, "draw.json": json.dumps(draws).encode()}, draws["draws"])
    assert any("decided again otherwise" in fault for fault in faults)
