"""This week: what was promised, what waits and what is missing, within the reader's scope, without anybody's words."""

from datetime import UTC, date, datetime, timedelta

import pytest

import complaints.services as complaints
from contacts.models import Period, WatchedFolder
from foundation.accounts.roles import permissions_of
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from satisfaction.models import CommentAction, Emergency
from satisfaction.services.week import week_of
from surveys.models import Invitation
from tests.complaints.factories import an_answer
from tests.conftest import NOW
from tests.satisfaction.factories import (
    answer,
    create_case,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)
from tests.satisfaction.test_satisfaction_page import text_of

QUALITY = permissions_of("quality")


@pytest.fixture
def busy(app):
    """A call promised, an answer to qualify, a late case and one due, a file missing, a period to close."""
    principal, site = create_principal("belline"), create_site("lille")
    for wants in ("callback", "none"):
        complaints.propose_from_answer(an_answer(principal, site_id=site.id, wants=wants), NOW)
    for due_on in (date(2026, 11, 20), date(2026, 11, 26), date(2026, 12, 20)):
        case = create_case(principal, site, datetime(2026, 11, 9, 8, tzinfo=UTC), due_on=due_on)
        case.due_kind, case.due_at = "answer", datetime.combine(due_on + timedelta(days=1), datetime.min.time(), UTC)
    made = NOW - timedelta(days=30)
    db.session.add(
        WatchedFolder(principal_id=principal.id, folder="belline", source="acd", expected_at="06:00", created_at=made)
    )
    days = date(2026, 10, 1), date(2026, 10, 31)
    db.session.add(Period(principal_id=principal.id, first_day=days[0], last_day=days[1]))
    db.session.commit()
    return principal


def totals(groups):
    return {each.code: (each.total, each.late) for each in groups}


def test_everything_that_waits_is_counted_with_what_is_late(busy):
    assert totals(week_of(NOW, EVERYTHING, QUALITY)) == {
        "call_backs": (1, 0),
        "proposals": (1, 0),
        "cases": (2, 1),
        "imports": (1, 1),
        "periods": (1, 1),
    }


def test_the_page_names_each_and_repeats_no_words(sign_in, busy):
    page = sign_in("quality").get("/satisfaction/week").text
    for words in ("Rappels promis", "Dossiers dus sous sept jours", "la période est finie", "était dû le 20 nov. 2026"):
        assert words in text_of(page), words
    assert "Personne ne rappelle" not in page


def test_nobody_hears_of_what_they_may_not_open(busy):
    assert set(totals(week_of(NOW, EVERYTHING, permissions_of("principal")))) == {"call_backs", "proposals", "cases"}


def test_another_principal_waits_for_nothing(sign_in, busy):
    other = create_principal("rhone")
    db.session.commit()
    assert week_of(NOW, Scope(frozenset({other.id})), QUALITY) == []
    page = sign_in("principal", principal_ids=[other.id]).get("/satisfaction/week").text
    assert "Rien n’attend" in page and "Belline" not in page


def test_more_than_five_are_counted_and_the_first_five_named(app):
    principal = create_principal()
    for _number in range(7):
        complaints.propose_from_answer(an_answer(principal), NOW)
    db.session.commit()
    (group,) = week_of(NOW, EVERYTHING, QUALITY)
    assert (group.total, len(group.items), group.more) == (7, 5, 2)


def test_a_place_that_will_stay_below_what_is_needed_is_behind(app):
    principal, lille, lyon = create_principal(), create_site("lille"), create_site("lyon")
    rows = [("lille", lille, "phone", 90, 80), ("lyon", lyon, "phone", 90, 80)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    answer(draw, lille, "phone", [{"satisfaction": 5}] * 12)
    answer(draw, lyon, "phone", [{"satisfaction": 5}] * 40)
    for one in db.session.scalars(db.select(Invitation)):
        one.expires_at = NOW + timedelta(days=7)
        one.completed_at = NOW - timedelta(days=2) if one.disposition == "completed" else None
    db.session.commit()
    (group,) = week_of(NOW, EVERYTHING, QUALITY)
    assert [(item.site, item.facts["answered"], item.facts["reached"]) for item in group.items] == [("Lille", 12, 24)]


def test_home_says_first_whom_we_keep_waiting(sign_in, busy):
    create_period(busy, date(2026, 9, 1), date(2026, 9, 30))
    programme = create_programme(busy)
    site = create_site("lyon")
    period = db.session.scalars(db.select(Period).filter_by(first_day=date(2026, 9, 1))).one()
    draw = create_draw(programme, period, [("lyon", site, "phone", 90, 60)])
    answer(draw, site, "phone", [{"satisfaction": 5}] * 40 + [{"satisfaction": 2}] * 5)
    db.session.commit()
    assert "Quelqu’un attend depuis plus longtemps que promis." in text_of(sign_in("quality").get("/satisfaction").text)


def test_words_of_emergency_come_before_everything_until_somebody_takes_them(sign_in, busy):
    found = Emergency(comment="let-go:1", principal_id=busy.id, site_id=None, kinds=["threat"], found_at=NOW)
    db.session.add(found)
    db.session.commit()
    groups = week_of(NOW, EVERYTHING, QUALITY)
    assert groups[0].code == "emergencies" and totals(groups)["emergencies"] == (1, 1)
    page = text_of(sign_in("quality").get("/satisfaction/week").text)
    assert "trouvés le 23 nov. 2026, personne ne s’en occupe" in page
    found.taken_by, found.taken_at = 1, NOW
    db.session.commit()
    assert "emergencies" not in totals(week_of(NOW, EVERYTHING, QUALITY))


def test_actions_of_comments_are_due_by_their_day(busy):
    for days in (-1, 3, 20):
        db.session.add(
            CommentAction(
                comment="event:1", principal_id=busy.id, what="Revoir le message d’attente", owner_id=1,
                due_on=NOW.date() + timedelta(days=days), opened_at=NOW,
            )
        )  # fmt: skip
    db.session.commit()
    assert totals(week_of(NOW, EVERYTHING, QUALITY))["actions"] == (2, 1)
