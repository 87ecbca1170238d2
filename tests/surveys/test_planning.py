"""The planner: what a draw would take and cost, and what other rules would leave out."""

import re
from datetime import date, timedelta

import pytest

from contacts.models import CertifiedSpan, Contact, Hold
from estimation import sample_size_for_share
from foundation.database import db
from surveys.allocation import Past, Plan, sizes
from surveys.eligibility import Cap, Rules
from surveys.models import FrameUnit, Invitation
from surveys.pages import stratum_words
from surveys.planning import Messages, compared, expected_margin, option, response_of, takes
from surveys.queries.draws import draw_ladder
from surveys.refusals import SurveyRefused
from surveys.services.sending import release_held, send_invitations
from surveys.views.plan import _refused
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_contacts,
    create_customer,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
)

HELD = {"a": 4000, "b": 1000}


def test_a_margin_takes_the_answers_of_the_formula_and_the_invitations_of_the_past():
    plan = Plan("precision", margin=50, past=Past({"": [20, 100]}))
    answers = sample_size_for_share(0.5, 0.05, population_size=5000).n_required
    assert sum(sizes(HELD, plan).values()) == answers * 5


def test_each_site_gets_its_own_margin_before_the_whole():
    held = {"lille · phone": 400, "lille · email": 100, "lyon · phone": 5000}
    plan = Plan("precision", margin=100, site_margin=100, site_at=0)
    taken = sizes(held, plan)
    of_lille = sample_size_for_share(0.5, 0.1, population_size=500).n_required
    assert taken["lille · phone"] + taken["lille · email"] == of_lille
    assert taken["lyon · phone"] == sample_size_for_share(0.5, 0.1, population_size=5000).n_required


def test_neyman_follows_size_and_spread_and_never_takes_more_than_there_is():
    # Deviations 1 and 3: sums of 50 answers of 3±1, and of 3±3.
    spread = {"a": [50, 150, 500], "b": [50, 150, 900]}
    taken = sizes(HELD, Plan("neyman", size=700, past=Past({}, spread)))
    assert taken == {"a": 400, "b": 300}
    assert sizes({"a": 4000, "b": 10}, Plan("neyman", size=700, past=Past({}, spread)))["b"] <= 10


def test_neyman_without_ten_answers_of_a_stratum_takes_the_spread_of_all_and_without_any_the_size():
    past = Past({}, {"": [40, 120, 400]})
    assert sizes(HELD, Plan("neyman", size=500, past=past)) == {"a": 400, "b": 100}
    assert sizes(HELD, Plan("neyman", size=500)) == {"a": 400, "b": 100}


def test_where_fewer_answer_more_are_asked_for_the_answers_wanted():
    past = Past({"": [20, 100], "b": [10, 200]})
    taken = sizes(HELD, Plan("proportional", size=1000, completes=10, past=past))
    assert taken["b"] == 200
    assert sum(taken.values()) == 1000


def test_the_margin_expected_is_the_one_that_was_asked_for():
    plan = Plan("precision", margin=30, past=Past({"": [25, 100]}))
    assert option(HELD, plan).margin == pytest.approx(0.03, rel=0.01)
    assert expected_margin(HELD, {"a": 400, "b": 0}, plan) is None


def test_what_cannot_be_shared_says_why():
    plan = Plan("precision", minimum=2, margin=50)
    assert [one.refusal and one.refusal.code for one in compared(HELD, 3, plan)] == ["smaller-than-minimums"] * 3


def test_parts_are_counted_for_who_answers_and_who_is_reminded():
    messages = Messages(invitation=2, reminder=2, interview=5, reminders=1)
    assert messages.expected(100, 0.2) == 200 + 80 * 2 + 20 * 5
    assert messages.most(100) == 900
    assert takes(360, 10.0) == timedelta(seconds=36)
    assert takes(360, None) is None


def test_the_past_response_has_its_n_and_an_interval():
    found = response_of(Past({"": [43, 50]}))
    assert (found.answered, found.asked) == (43, 50)
    assert found.limits == pytest.approx((0.738138, 0.930492), abs=1e-6)
    assert response_of(Past()) is None


def centre(app, **changes):
    principal = create_principal()
    create_contacts(principal, [create_site("lille"), create_site("lyon")], each=30)
    create_period(principal)
    made = create_programme_of(principal, **changes)
    db.session.commit()
    return principal, made


def hold(customer_id, code="complaint"):
    db.session.add(Hold(customer_id=customer_id, code=code, key=f"{code}:{customer_id}", starts_at=NOW - timedelta(1)))


def test_the_plan_counts_again_under_other_rules_and_keeps_nothing(app, sign_in):
    principal, programme = centre(app)
    site = create_site("metz")
    complaining = create_customer(principal)
    create_contact(principal, site, complaining)
    hold(complaining.id)
    db.session.commit()
    client, address = sign_in("quality", language="en"), f"/surveys/programmes/{programme.key}/plan"
    page = client.get(address).text
    assert "Et si" not in page and "61" in page
    page = client.get(address, query_string={"margin": "10", "response": "50", "complaint": "block"}).text
    eligible = re.search(r'= Eligible</th><td class="num">(\d+)</td><td class="num">(\d+)</td>', page)
    unknown = re.search(r'score unknown</th><td class="num">(\d+)</td><td class="num">(\d+)</td>', page)
    assert (eligible.groups(), unknown.groups()) == (("61", "60"), ("0", "1"))
    assert db.session.scalar(db.select(db.func.count()).select_from(Invitation)) == 0


def test_a_margin_out_of_reach_is_said(app, sign_in):
    _principal, programme = centre(app)
    client, address = sign_in("quality", language="en"), f"/surveys/programmes/{programme.key}/plan"
    page = client.get(address, query_string={"margin": "3", "response": "20"}).text
    assert "The margin wanted, ± 3.0 points, is out of reach" in page
    assert "is out of reach" not in client.get(address, query_string={"margin": "40", "response": "100"}).text


def test_the_plan_says_what_was_typed_wrong_and_what_is_missing(app, sign_in):
    _principal, programme = centre(app)
    client, address = sign_in("quality"), f"/surveys/programmes/{programme.key}/plan"
    assert client.get(address, query_string={"margin": "0"}).status_code == 400
    assert client.get(address, query_string={"per_person": "three"}).status_code == 400
    for nothing in ("3/0", "0 / 30"):
        assert client.get(address, query_string={"per_person": nothing}).status_code == 400
    assert client.get(address, query_string={"per_person": "03 / 30"}).status_code == 200
    other = create_programme_of(create_principal())
    db.session.commit()
    assert client.get(f"/surveys/programmes/{other.key}/plan").status_code == 200


def test_a_complaint_delays_the_contact_is_drawn_and_waits_until_it_is_over(app):
    _principal, programme = centre(app, method="everyone", sample_size=None)
    customer = db.session.scalars(db.select(Contact.customer_id).limit(1)).one()
    hold(customer)
    db.session.commit()
    draw = create_draw(programme)
    assert (draw.eligible, draw.drawn, draw.exclusions["suppressed"]) == (60, 60, {})
    sent(draw)
    held = db.session.scalars(db.select(Invitation).filter_by(customer_id=customer)).one()
    assert held.disposition == "held"
    assert draw_ladder(draw).adds_up
    db.session.execute(db.update(Hold).values(lifted_at=NOW))
    db.session.commit()
    for _piece in release_held("s" * 32, "https://x.example", NOW + timedelta(hours=1)):
        db.session.commit()
    assert db.session.get(Invitation, held.id).disposition == "queued"


def sent(draw, now=NOW):
    for _piece in send_invitations(draw.id, "s" * 32, "https://x.example", now):
        db.session.commit()


def test_a_complaint_that_blocks_is_coverage_lost_with_its_score_unknown(app):
    _principal, programme = centre(app, rules=Rules(complaint="block"))
    hold(db.session.scalars(db.select(Contact.customer_id).limit(1)).one())
    db.session.commit()
    draw = create_draw(programme)
    assert draw.exclusions["suppressed"] == {"hold-complaint": 1}
    rungs = draw_ladder(draw).overall
    assert (rungs.score_unknown, rungs.adds_up) == (1, True)


def test_who_answered_lately_waits_until_the_days_are_over_or_is_blocked(app):
    principal, first = centre(app, method="everyone", sample_size=None)
    draw = create_draw(first)
    answered = db.session.scalars(db.select(Invitation).limit(1)).one()
    answered.completed_at, answered.disposition = NOW - timedelta(days=10), "completed"
    customer = answered.customer_id
    db.session.commit()
    rules = {"answered_days": 30}
    waits = create_draw(create_programme_of(principal, rules=Rules(**rules), method="everyone", sample_size=None))
    blocked = create_draw(
        create_programme_of(principal, rules=Rules(**rules, answered="block"), method="everyone", sample_size=None)
    )
    assert blocked.exclusions["suppressed"] == {"answered-lately": 1}
    assert waits.exclusions["suppressed"] == {}
    sent(waits)
    held = db.session.scalars(db.select(Invitation).filter_by(draw_id=waits.id, customer_id=customer)).one()
    assert held.disposition == "held"
    assert held.expires_at == NOW + timedelta(days=20 + waits.terms.validity_days)
    assert draw.state == "drawn"


def test_no_more_are_asked_about_an_agent_than_the_rule_says_and_the_others_wait(app):
    principal = create_principal()
    create_contacts(principal, [create_site("lille")], each=6, agent="a1")
    create_contacts(principal, [create_site("lyon")], each=2, agent="")
    create_period(principal)
    rules = Rules(per_agent=Cap(4, 30))
    draw = create_draw(create_programme_of(principal, rules=rules, method="everyone", sample_size=None))
    sent(draw)
    stand = db.session.execute(
        db.select(Invitation.stratum, Invitation.disposition, db.func.count()).group_by(
            Invitation.stratum, Invitation.disposition
        )
    ).all()
    assert sorted(map(tuple, stand)) == [("lille", "held", 2), ("lille", "queued", 4), ("lyon", "queued", 2)]


def test_who_was_invited_as_often_as_allowed_is_left_alone(app):
    principal, first = centre(app, method="everyone", sample_size=None)
    create_draw(first)
    rules = Rules(per_person=Cap(1, 365))
    second = create_draw(create_programme_of(principal, rules=rules, method="everyone", sample_size=None))
    assert (second.state, second.refusal["code"]) == ("refused", "nothing-eligible")
    again = create_draw(create_programme_of(principal, rules=Rules(per_person=Cap(2, 365)), sample_size=5))
    assert again.drawn == 5


def test_a_drawn_contact_stands_for_all_the_contacts_of_its_customer(app):
    principal, programme = centre(app)
    site, often = create_site("metz"), create_customer(principal)
    for _ in range(3):
        create_contact(principal, site, often)
    draw = create_draw(programme, size=20)
    units = db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id, status="eligible")).all()
    assert sorted(unit.multiplicity for unit in units)[-2:] == [1, 3]
    assert draw.weighs_contacts and draw.population_name == "eligible_after_suppression"
    assert sum(unit.multiplicity for unit in units) == 63


def test_only_sites_certified_on_the_day_take_part_where_the_programme_says_so(app):
    principal = create_principal()
    inside, later, outside = create_site("lille"), create_site("lyon"), create_site("metz")
    create_contacts(principal, [inside, later, outside], each=4)
    create_period(principal)
    days = {"principal_id": None, "last_day": None, "created_at": NOW}
    db.session.add(CertifiedSpan(site_id=inside.id, first_day=date(2026, 1, 1), **days))
    db.session.add(CertifiedSpan(site_id=later.id, first_day=date(2026, 11, 1), **days))
    rules = Rules(certified_only=True)
    draw = create_draw(create_programme_of(principal, rules=rules, method="everyone", sample_size=None))
    assert draw.exclusions["ineligible"] == {"out-of-scope": 8}
    assert draw.drawn == 4


def test_a_refusal_names_a_stratum_as_the_table_does(app, sign_in):
    """The programme's own key of a stratum is for files; whoever reads the page knows its words."""
    principal, programme = centre(app)
    client = sign_in("quality", language="fr")
    create_contact(principal, create_site("metz", name="Metz Nord"), create_customer(principal))
    db.session.commit()
    answer = client.get(f"/surveys/programmes/{programme.key}/plan", query_string={"margin": "10"})
    assert re.search(r"Égal[^<]{1,30}dans la strate «.Metz Nord.»", answer.text), re.findall("Égal[^<]*", answer.text)
    named = _refused(
        SurveyRefused("larger-than-stratum", stratum="lille · email", requested=31, available=30),
        {"lille · email": "Lille · Courriel"},
    )
    assert "Lille · Courriel" in named and "lille · email" not in named


def test_strata_by_reason_are_called_as_the_tree_calls_them(app):
    called = stratum_words(
        ["site", "reason_leaf"], ["lille", "refund"], {"lille": "Lille"}, {"refund": "Remboursement"}
    )
    assert called == "Lille · Remboursement"
    assert stratum_words(["reason_group"], ["old"], {}) == "old"


def test_numbers_typed_wrong_are_answered_as_french_writes_them(app, sign_in):
    _principal, programme = centre(app)
    client, address = sign_in("quality", language="fr"), f"/surveys/programmes/{programme.key}/plan"
    assert "entre 0,5 et 50." in client.get(address, query_string={"margin": "0"}).text
    wrong = client.get(address, query_string={"margin": "x"}).text
    assert "N’est pas" in wrong and "N'est" not in wrong and "N&#39;est" not in wrong
