"""What the register tells, from rows to figures, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.models import Clock, Proposal, Stage
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.queries.case_times import case_times
from satisfaction.queries.register import case_shares
from satisfaction.response_times import CaseTime
from tests.satisfaction.factories import create_case, create_period, create_principal, create_site

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
CAME = datetime(2026, 10, 5, 8, tzinfo=UTC)
DAYS = (date(2026, 10, 1), date(2026, 10, 31))
EVERYTHING = Scope(None, None)
DELAY = {"profile": "service@1", "started_on": CAME.date(), "quantity": 10, "unit": "ouvres", "region": "metropole",
         "calendar_version": "1"}  # fmt: skip


@pytest.fixture(params=["app", pytest.param("pg_app", marks=pytest.mark.postgresql)])
def belline(request):
    request.getfixturevalue(request.param)
    principal, lille = create_principal(), create_site()
    create_period(principal)
    return principal, lille


def clock(case, kind, due_on, met_at=None):
    stage = db.session.scalars(db.select(Stage).filter_by(case_id=case.id)).first()
    stage = stage or decided(case, 1, None)
    due_at = datetime.combine(due_on + timedelta(days=1), datetime.min.time(), UTC)
    db.session.add(Clock(case_id=case.id, stage_id=stage.id, kind=kind, start_event=1, due_on=due_on, due_at=due_at,
                         met_at=met_at, **DELAY))  # fmt: skip
    db.session.flush()


def decided(case, level, at, outcome=None):
    stage = Stage(case_id=case.id, level=level, opened_at=CAME, decided_at=at, outcome=outcome)
    db.session.add(stage)
    db.session.flush()
    return stage


def shares(principal):
    return {code: counts.get("lille") for code, counts in case_shares(principal, *DAYS, NOW, EVERYTHING).items()}


def test_promises_are_the_dates_told_and_not_the_one_of_the_law(belline):
    principal, lille = belline
    case = create_case(principal, lille, CAME)
    clock(case, "acknowledgement", date(2026, 10, 12), met_at=CAME + timedelta(days=1))
    clock(case, "answer", date(2026, 10, 19))
    clock(case, "legal", date(2026, 10, 20))
    clock(case, "late_appeal", date(2026, 11, 20))
    assert (shares(principal)["promises_kept"].n, shares(principal)["promises_kept"].hits) == (2, 1)


def test_appeals_are_counted_among_the_decisions_whose_window_closed(belline):
    principal, lille = belline
    for place in range(4):
        case = create_case(principal, lille, CAME)
        decided(case, 1, CAME + timedelta(days=3), "rejected")
        clock(case, "appeal_window", date(2026, 10, 20) if place < 3 else date(2026, 12, 20))
        if place == 0:
            decided(case, 2, CAME + timedelta(days=20), "overturned")
        if place == 1:
            decided(case, 2, CAME + timedelta(days=40), "confirmed")
    found = shares(principal)
    assert (found["appeals"].n, found["appeals"].hits) == (3, 2)
    assert (found["appeals_overturned"].n, found["appeals_overturned"].hits) == (1, 1)


def test_the_capture_index_counts_words_that_were_due_and_looked_at_in_time(belline):
    principal, lille = belline
    due = datetime(2026, 10, 8, tzinfo=UTC)
    for place, looked_at in enumerate((due - timedelta(hours=1), due + timedelta(hours=1), None)):
        db.session.add(
            Proposal(principal_id=principal.id, site_id=lille.id, invitation=f"i{place}", language="fr", words="Non",
                     wants="none", answer_copy={}, answered_at=CAME, proposed_at=CAME, due_on=date(2026, 10, 7),
                     due_at=due, qualified_at=looked_at, reason="avis" if looked_at else None,
                     qualification="not_complaint" if looked_at else None, **DELAY)
        )  # fmt: skip
    db.session.flush()
    assert (shares(principal)["capture_index"].n, shares(principal)["capture_index"].hits) == (3, 1)


def test_an_answer_is_final_until_it_is_contested(belline):
    principal, lille = belline
    answered = create_case(principal, lille, CAME, state="answered")
    decided(answered, 1, CAME + timedelta(days=6), "rejected")
    contested = create_case(principal, lille, CAME, state="appealed")
    decided(contested, 1, CAME + timedelta(days=6), "rejected")
    changed = create_case(principal, lille, CAME, state="closed", ended_at=CAME + timedelta(days=30))
    decided(changed, 1, CAME + timedelta(days=6), "rejected")
    decided(changed, 2, CAME + timedelta(days=28), "overturned")
    create_case(principal, None, CAME, state="withdrawn", ended_at=CAME + timedelta(days=2))
    found = case_times(principal, *DAYS, NOW, EVERYTHING)
    assert sorted(found, key=lambda one: one.waited) == [
        CaseTime("", 2, 0, "withdrawn"),
        CaseTime("lille", 6, 0, "answered"),
        CaseTime("lille", 28, 0, "answered"),
        CaseTime("lille", 57, 0, None),
    ]


def test_a_reader_of_one_site_is_told_of_no_other(belline):
    principal, lille = belline
    create_case(principal, create_site("lyon"), CAME)
    create_case(principal, None, CAME)
    found = case_times(principal, *DAYS, NOW, Scope(None, frozenset({lille.id})))
    assert [one.site for one in found] == [""]  # of no known site: the report leaves it out
