"""Every delay that still binds us is looked at: near, past, or neither."""

from datetime import date, timedelta

import pytest

from complaints import services
from complaints.clocks import OURS
from complaints.notices import FURTHEST, NOTICE, is_near
from complaints.queries.watch import watched
from complaints.signals import clocks_watched
from foundation.database import db
from foundation.timing.storage import holiday_calendar
from tests.complaints.factories import an_answer, create_case, create_principal, create_site
from tests.conftest import NOW, create_user

METROPOLE = holiday_calendar("metropole")


def days(count):
    return NOW + timedelta(days=count)


def kinds(found):
    return [one.kind for one in found]


def test_every_delay_of_ours_has_its_notice():
    assert set(NOTICE) == {*OURS, "qualification"}
    assert max(NOTICE.values()) * 2 <= FURTHEST, "no notice outlives what the query looks at"


@pytest.mark.parametrize(
    "today, near",
    [
        (date(2026, 12, 23), False),  # Wednesday: Thursday, Monday and Tuesday are left, Christmas and weekend are not
        (date(2026, 12, 24), True),
        (date(2026, 12, 29), True),
        (date(2026, 12, 30), False),
    ],
)
def test_notice_is_counted_in_working_days(today, near):
    assert is_near("answer", today, date(2026, 12, 29), METROPOLE) is near


def test_a_new_case_is_neither_near_nor_past(app):
    create_case()
    assert watched(NOW) == ([], [])


def test_a_delay_comes_near_then_passes_then_is_met_and_gone(app):
    case = create_case(site_id=create_site().id)
    near, passed = watched(days(10))
    assert sorted(kinds(near)) == ["acknowledgement", "answer"] and not passed
    (one,) = [one for one in near if one.kind == "answer"]
    assert (one.path, one.reference, one.site, one.principal) == (
        f"/complaints/{case.reference}", case.reference, "Lyon", "EDR",
    )  # fmt: skip
    near, passed = watched(days(20))
    assert sorted(kinds(passed)) == ["acknowledgement", "answer"] and not near
    alice = create_user("handler")
    services.assign(case.id, alice.id, days(20))
    services.acknowledge(case.id, alice.id, days(20))
    db.session.commit()
    _near, passed = watched(days(20))
    assert [(one.kind, one.handler_id) for one in passed] == [("answer", alice.id)]
    services.withdraw(case.id, days(20))
    db.session.commit()
    assert watched(days(20)) == ([], [])


def test_the_legal_limit_is_told_two_weeks_before(app):
    create_case()
    assert "legal" not in kinds(watched(days(45))[0])
    assert "legal" in kinds(watched(days(50))[0])


def test_an_answer_nobody_has_qualified_is_watched_too(app):
    services.propose_from_answer(an_answer(create_principal()), NOW)
    db.session.commit()
    (one,), _passed = watched(days(1))
    assert (one.kind, one.reference, one.handler_id) == ("qualification", None, None)
    assert kinds(watched(days(4))[1]) == ["qualification"]


def test_one_round_tells_of_all_of_them_at_once(app):
    create_case()
    heard = []

    def listen(near, *, passed, now):
        heard.append((kinds(near), kinds(passed), now))

    with clocks_watched.connected_to(listen):
        services.watch_clocks(days(20))
    assert heard == [([], ["answer", "acknowledgement"], days(20))] or heard == [
        ([], ["acknowledgement", "answer"], days(20))
    ]
