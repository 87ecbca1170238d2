"""Figures of agents: off until staff are informed, none below ten answers, gone after a year, never a principal's."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.models import Contact
from foundation.accounts.roles import permissions_of
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Access, Entry
from satisfaction.agents import FLOOR, may_be_shown, oldest_kept
from satisfaction.engines import agents_round
from satisfaction.models import AgentFigures, AgentNotice
from satisfaction.queries.agents import kept
from satisfaction.services import report
from satisfaction.services.agents import NoticeRefused, record_notice
from tests.conftest import NOW, submit_with
from tests.satisfaction.factories import (
    FIRST_DAY,
    LAST_DAY,
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

PAGE = "/satisfaction/agents"
INFORMED = date(2026, 9, 1)


@pytest.mark.parametrize(
    "answers, shown",
    [
        ({"A": 10, "B": 12}, {"A", "B"}),
        ({"A": 9, "B": 12, "C": 20}, {"C"}),
        ({"A": 9, "B": 1, "C": 12}, {"C"}),
        ({"A": 9}, set()),
        ({"A": 3, "B": 10}, set()),
        ({}, set()),
    ],
    ids=["enough", "one-few-hides-another", "few-hide-each-other", "alone", "both", "none"],
)
def test_nobody_below_the_floor_can_be_worked_out(answers, shown):
    assert may_be_shown(answers) == shown


@pytest.mark.parametrize(
    "today, day",
    [
        (date(2026, 11, 24), date(2025, 11, 24)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2026, 1, 5), date(2025, 1, 5)),
    ],
    ids=["same-day", "leap", "january"],
)
def test_figures_are_kept_for_twelve_months(today, day):
    assert oldest_kept(today) == day


@pytest.fixture
def lille(app):
    """Three agents of Lille: Ana with 20 answers (15 content), Bob with 12 (all content), Cyd with 11; Dan of Lyon."""
    principal, site, lyon = create_principal("belline"), create_site("lille"), create_site("lyon")
    rows = [("lille", site, "phone", 200, 60), ("lyon", lyon, "phone", 100, 30)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    said = (
        [{"satisfaction": 5}] * 15 + [{"satisfaction": 1}] * 5 + [{"satisfaction": 4}] * 12 + [{"satisfaction": 2}] * 11
    )
    answered = answer(draw, site, "phone", said)
    elsewhere = answer(draw, lyon, "phone", [{"satisfaction": 3}] * 15)
    for agent, some in (("ANA", answered[:20]), ("BOB", answered[20:32]), ("CYD", answered[32:]), ("DAN", elsewhere)):
        for invitation in some:
            db.session.get_one(Contact, invitation.contact_id).agent = agent
    db.session.commit()
    site.principal, site.lyon = principal, lyon
    return site


def inform(site, day=INFORMED):
    notice = record_notice(site.id, day, "Courrier ; CSE consulté le 1er juin", 1, NOW)
    db.session.commit()
    return notice


def test_nothing_is_computed_before_staff_are_informed(sign_in, lille):
    agents_round(NOW)
    assert db.session.scalars(db.select(AgentFigures)).all() == []
    assert "Désactivé" in sign_in("quality").get(PAGE).text
    inform(lille, FIRST_DAY + timedelta(days=1))
    agents_round(NOW)
    assert db.session.scalars(db.select(AgentFigures)).all() == [], "the period began before they were told"


def test_each_agent_has_an_estimate_with_its_interval_and_answers(sign_in, lille, committed):
    inform(lille)
    agents_round(NOW)
    ((figures, programme, site),) = kept(EVERYTHING)
    rows = dict(figures.rows)
    assert (site.key, programme.key, figures.few) == ("lille", "apres-appel", 0) and sorted(rows) == [
        "ANA",
        "BOB",
        "CYD",
    ]
    assert rows["ANA"]["estimate"] == pytest.approx(0.75) and rows["ANA"]["n"] == 20
    assert rows["ANA"]["lower"] < 0.75 < rows["ANA"]["upper"]
    page = sign_in("quality").get(PAGE).text
    assert page.index("ANA") < page.index("BOB") < page.index("CYD") and "DAN" not in page
    assert committed(Access) == 1


def test_whoever_has_few_answers_is_not_stored_at_all(lille):
    inform(lille)
    for contact in db.session.scalars(db.select(Contact).filter_by(agent="CYD").limit(2)).all():
        contact.agent = "BOB"
    db.session.commit()
    agents_round(NOW)
    stored = db.session.scalars(db.select(AgentFigures)).one()
    assert [agent for agent, _row in stored.rows] == ["ANA"] and stored.few == 2
    assert "CYD" not in json.dumps(stored.rows)


def test_figures_are_purged_after_twelve_months_and_do_not_come_back(lille):
    inform(lille)
    agents_round(NOW)
    assert len(kept(EVERYTHING)) == 1
    agents_round(datetime(2027, 10, 31, 9, tzinfo=UTC))
    assert len(kept(EVERYTHING)) == 1
    agents_round(datetime(2027, 11, 1, 9, tzinfo=UTC))
    assert db.session.scalars(db.select(AgentFigures)).all() == []


def test_a_site_that_is_switched_off_loses_its_figures_at_once(sign_in, lille):
    notice = inform(lille)
    agents_round(NOW)
    quality = sign_in("quality")
    stranger = sign_in("manager", site_ids=[lille.lyon.id])
    assert submit_with(stranger, f"{PAGE}/{notice.id}/withdraw", page="/change").status_code == 404
    assert submit_with(quality, f"{PAGE}/{notice.id}/withdraw", page=PAGE).status_code == 302
    assert db.session.scalars(db.select(AgentFigures)).all() == [] == kept(EVERYTHING)
    kinds = db.session.scalars(db.select(Entry.kind).order_by(Entry.id)).all()
    assert kinds == ["agents.informed", "agents.information-withdrawn"]


def test_the_information_of_staff_is_recorded_with_its_day_and_way(sign_in, lille):
    quality = sign_in("quality")
    fields = {"site": str(lille.id), "informed_on": "2026-09-01", "how": "Courrier"}
    later = submit_with(quality, PAGE, **(fields | {"informed_on": "2027-01-01"}))
    assert later.status_code == 400 and 'value="Courrier"' in later.text
    assert submit_with(quality, PAGE, **(fields | {"how": ""})).status_code == 400
    assert submit_with(quality, PAGE, **fields).status_code == 302
    assert db.session.scalars(db.select(AgentNotice.how)).all() == ["Courrier"]
    with pytest.raises(NoticeRefused):
        record_notice(lille.id, date(2027, 1, 1), "x", 1, NOW)


def test_no_principal_sees_an_agent_and_no_report_names_one(sign_in, lille):
    inform(lille)
    agents_round(NOW)
    assert "satisfaction.agents" not in permissions_of("principal") | permissions_of("auditor")
    assert sign_in("principal", principal_ids=[lille.principal.id]).get(PAGE).status_code == 403
    found = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, by=["site", "channel"])
    assert not {"ANA", "BOB", "CYD"} & set(json.dumps(found).replace('"', " ").split())
    assert kept(Scope(site_ids=frozenset({lille.lyon.id}))) == []
    assert kept(Scope(principal_ids=frozenset({lille.principal.id + 1}))) == [] and FLOOR == 10
