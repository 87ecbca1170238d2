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
    assert any("does not give row" in fault for fault in faults_in(rebuilt(members, answers_csv=written)))
