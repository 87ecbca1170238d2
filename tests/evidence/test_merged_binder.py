"""The verifier of the binder computes figures again whose strata joined as the programme declared."""

import json

import pytest
from sqlalchemy import select, update

from foundation.database import db
from surveys.models import Invitation
from tests.evidence.factories import create_evidence
from tests.evidence.test_binder import built, faults_in, members_of, rebuilt, verdict

SHORT = "lyon · email"


@pytest.fixture
def binder(app):
    """October, with a stratum of which four answered."""
    about = create_evidence(weighting={"merge": ["channel", "site"]})
    answered = select(Invitation.id).where(Invitation.stratum == SHORT, Invitation.disposition == "completed")
    silent = db.session.scalars(answered.order_by(Invitation.id)).all()[4:]
    db.session.execute(update(Invitation).where(Invitation.id.in_(silent)).values(disposition="broken_off"))
    db.session.commit()
    return built(about)


def test_a_stranger_computes_joined_classes_again(binder, tmp_path):
    results = json.loads(members_of(binder)["report.json"])["results"]
    joined = [row for row in results if row["joined_strata"] and row["estimate"] is not None]
    assert {row["unit"] for row in joined} == {"share", "mean", "nps"}
    assert any(row["by"] for row in joined)
    status, said = verdict(tmp_path, binder)
    assert status == 0, said
    shown = [row for row in results if row["estimate"] is not None and row["survey"]]
    assert f"Computed again: {len(shown)} of " in said, said


def test_an_answer_that_was_changed_in_a_joined_class_is_found(binder):
    members = members_of(binder)
    lines = members["answers.csv"].decode().splitlines()
    place = next(n for n, line in enumerate(lines) if SHORT in line and ",satisfaction," in line)
    head, _, value = lines[place].rpartition(",")
    lines[place] = f"{head},{5 if value != '5' else 1}"
    written = ("\r\n".join(lines) + "\r\n").encode()
    found = faults_in(rebuilt(members, answers_csv=written))
    assert any(fault.endswith(f"other answers to satisfaction ({SHORT})") for fault in found)


@pytest.fixture
def raked(app):
    """October by site; the weights meet the contacts of each channel, and of each site."""
    return built(create_evidence(strata=["site"], weighting={"merge": ["site"], "rake": [["channel"], ["site"]]}))


def test_a_stranger_computes_raked_figures_again_though_places_cut_across_strata(raked, tmp_path):
    results = json.loads(members_of(raked)["report.json"])["results"]
    shown = [row for row in results if row["estimate"] is not None and row["survey"]]
    assert {row["unit"] for row in shown if row["detail"].get("raked")} == {"share", "mean", "nps"}
    assert any(row["by"].get("channel") for row in shown)
    status, said = verdict(tmp_path, raked)
    assert status == 0, said
    assert f"Computed again: {len(shown)} of " in said, said


@pytest.mark.parametrize("key", ["estimate", "lower", "upper"])
def test_a_raked_figure_that_was_changed_is_named(raked, key):
    members = members_of(raked)
    report = json.loads(members["report.json"])
    row = next(row for row in report["results"] if row["indicator"] == "satisfaction_mean" and not row["by"])
    row[key] += 1e-6
    found = faults_in(rebuilt(members, report_json=json.dumps(report).encode()))
    assert any("places.csv does not give row" in fault and "satisfaction_mean {}" in fault for fault in found)


def test_totals_of_the_frame_that_were_changed_are_found(raked):
    members = members_of(raked)
    document = json.loads(members["draw.json"])
    first, second = document["draws"][0]["places"][:2]
    assert first["stratum"] == second["stratum"]
    first["eligible"], second["eligible"] = first["eligible"] - 5, second["eligible"] + 5
    found = faults_in(rebuilt(members, draw_json=json.dumps(document).encode()))
    assert any("places.csv does not give row" in fault for fault in found)


def test_joins_that_were_not_declared_are_found(binder):
    members = members_of(binder)
    report = json.loads(members["report.json"])
    row = next(row for row in report["results"] if row["joined_strata"] and row["estimate"] is not None)
    row["joined_strata"] = []
    found = faults_in(rebuilt(members, report_json=json.dumps(report).encode()))
    assert any("other strata joined than was declared" in fault for fault in found)
