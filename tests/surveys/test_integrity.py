"""Integrity: equal agents are left alone, seeded frauds are asked about, and what was found is kept."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from scipy import stats

from contacts.models import Contact, Customer
from estimation.peers import Lot, compared, hypergeometric
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Entry
from surveys.integrity import LEVEL, Question, Unit, integrity
from surveys.models import IntegrityNote
from surveys.pages.integrity import question_words
from surveys.queries.integrity import draw_integrity
from tests.conftest import submit_with
from tests.surveys.anonymous_factories import create_anonymous_draw, crowd, invite
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_customer,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)

UTC = UTC
ROUNDS = 2000 if os.environ.get("LONG") else 60


def test_the_lot_is_scipys_hypergeometric():
    for population, successes, drawn in ((500, 90, 60), (40, 39, 20), (41_212, 600, 9_000), (10, 0, 4), (10, 10, 4)):
        first, found = hypergeometric(population, successes, drawn)
        counts = np.arange(first, first + len(found))
        assert found == pytest.approx(stats.hypergeom.pmf(counts, population, successes, drawn), abs=1e-9)


def test_one_class_gives_fishers_exact_p_value():
    """Tea of two agents: 9 of 10 against 2 of 10. Doubled one-sided Fisher: 2 x 0.0027."""
    found = compared({"a": [Lot("x", 10, 9)], "b": [Lot("x", 10, 2)]})
    one_sided = stats.fisher_exact([[9, 1], [2, 8]], alternative="greater").pvalue
    assert found["a"].p_value == pytest.approx(2 * one_sided)
    assert found["a"].expected == pytest.approx(11 / 20)


def equal_agents(rng, agents=40):
    """Two classes of very different shares, mixed differently by each agent."""
    return {
        f"a{agent:02}": [
            Lot(label, trials, int(rng.binomial(trials, share)))
            for label, share in (("rare", 0.04), ("usual", 0.6))
            for trials in [int(rng.integers(5, 120))]
        ]
        for agent in range(agents)
    }


def test_of_equal_agents_ninety_five_in_a_hundred_lie_inside_and_false_questions_are_rare():
    rng = np.random.default_rng(5)
    inside = points = false = 0
    for _round in range(ROUNDS):
        found = compared(equal_agents(rng), tests=40, level=LEVEL).values()
        inside += sum(one.lower_95 <= one.share <= one.upper_95 for one in found)
        points += len(found)
        false += any(one.stands_out for one in found)
    assert inside / points >= 0.95
    # At most one page in twenty; the bound is 3 standard errors above it.
    assert false / ROUNDS <= LEVEL + 3 * (LEVEL * (1 - LEVEL) / ROUNDS) ** 0.5


def test_who_stands_out_hides_nobody_and_makes_nobody_suspect():
    """Of twelve equal ones and two who lose numbers, both are found, and none of the twelve for having fewer."""
    rng = np.random.default_rng(6)
    table = equal_agents(rng, 12) | {"y": [Lot("rare", 200, 50)], "z": [Lot("rare", 200, 190)]}
    found = compared(table, tests=14, level=LEVEL)
    assert [name for name, one in found.items() if one.stands_out] == ["y", "z"]
    rest = [one for name, one in found.items() if name < "y"]
    assert all(one.lower_998 <= one.share <= one.upper_998 for one in rest)


def test_what_divides_everybody_is_no_list_of_suspects():
    rng = np.random.default_rng(7)
    table = {n: [Lot("x", 400, int(rng.binomial(400, share)))] for n, share in enumerate(rng.uniform(0.2, 0.8, 30))}
    plain = sum(stats.binomtest(lots[0].successes, 400, 0.5).pvalue < LEVEL / 30 for lots in table.values())
    found = compared(table, tests=30, level=LEVEL).values()
    assert plain > 15
    assert sum(one.stands_out for one in found) <= 2


def honest(count=3000, agents=12, seed=1):
    """Contacts of two sites as they come: six agents a site, a tenth of numbers missing, a tenth drawn and sent."""
    rng = Random(seed)
    start = datetime(2026, 10, 1, 8, tzinfo=UTC)
    units = []
    for number in range(count):
        agent = rng.randrange(agents)
        phone = rng.choices(["given", "absent", "invalid"], [90, 6, 4])[0]
        eligible = phone == "given"
        drawn = eligible and rng.random() < 0.3
        sent = start + timedelta(days=40, seconds=number) if drawn else None
        completed = sent + timedelta(minutes=rng.randrange(2, 3000)) if sent and rng.random() < 0.3 else None
        units.append(
            Unit(
                f"c{number:05}", ("s",), f"site{agent % 2}", "phone", f"agent{agent:02}", number,
                (start + timedelta(days=number % 20)).date(), phone, eligible, drawn, sent, sent, completed,
            )
        )  # fmt: skip
    return units


def kinds(units, **asked):
    known = {"uses_addresses": True, "tells_answers": True} | asked
    return {(one.kind, one.subject) for one in integrity(units, **known).questions}


def test_an_honest_centre_is_asked_nothing():
    found = integrity(honest(), uses_addresses=True, tells_answers=True)
    assert found.questions == ()
    assert found.tests > 100
    assert {(chart.measure, chart.subjects) for chart in found.charts} >= {("phones", "agent"), ("invited", "site")}


def changed(units, of_agent, change):
    return [unit._replace(**change(unit)) if unit.agent == of_agent else unit for unit in units]


def test_an_agent_who_loses_numbers_is_asked_about():
    rng = Random(2)
    lost = changed(honest(), "agent03", lambda unit: {"phone_state": "invalid"} if rng.random() < 0.4 else {})
    assert kinds(lost) == {("phones-agent", "agent03")}


def test_an_agent_who_picks_whom_to_invite_is_asked_about():
    rng = Random(3)
    picked = changed(honest(), "agent05", lambda unit: {"drawn": unit.drawn and rng.random() < 0.3})
    assert ("invited-agent", "agent05") in kinds(picked)


def test_answers_within_a_minute_of_sending_are_asked_about():
    def hurried(unit):
        return {"completed_at": unit.sent_at + timedelta(seconds=40)} if unit.completed_at else {}

    assert ("quick-agent", "agent01") in kinds(changed(honest(), "agent01", hurried))


def test_answers_before_anybody_could_read_are_asked_about_whatever_the_lot_says():
    units = honest()
    place = next(number for number, unit in enumerate(units) if unit.completed_at)
    units[place] = units[place]._replace(completed_at=units[place].sent_at + timedelta(seconds=4))
    assert kinds(units) == {("too-quick", units[place].site)}


def test_a_day_of_which_nobody_was_sent_anything_is_asked_about():
    silent = date(2026, 10, 7)
    units = [
        unit._replace(sent_at=None, delivered_at=None, completed_at=None)
        if unit.day == silent and unit.site == "site0"
        else unit
        for unit in honest()
    ]
    assert ("silent-day", "site0") in kinds(units)


def test_one_number_behind_many_contacts_of_an_agent_is_asked_about():
    units = honest()
    own = [number for number, unit in enumerate(units) if unit.agent == "agent02"][:7]
    for number in own:
        units[number] = units[number]._replace(customer=999_999)
    assert kinds(units) == {("same-number", "agent02")}


def test_many_answers_of_one_site_in_one_minute_are_asked_about():
    units, moment = honest(), datetime(2026, 11, 12, 14, 3, tzinfo=UTC)
    answered = [number for number, unit in enumerate(units) if unit.site == "site1" and unit.completed_at]
    for place, number in enumerate(answered[:40]):
        units[number] = units[number]._replace(completed_at=moment + timedelta(seconds=place))
    assert ("burst-site", "site1") in kinds(units) or ("burst-agent", units[answered[0]].agent) in kinds(units)


def test_of_an_anonymous_draw_nothing_after_sent_is_used():
    found = integrity(honest(), uses_addresses=True, tells_answers=False)
    assert {chart.measure for chart in found.charts} == {"askable", "invited", "sent", "phones"}
    assert found.answered == 0


def test_a_question_asks_and_accuses_nobody(app):
    facts = {"side": "high"}
    with app.test_request_context():
        said = question_words(Question("phones-agent", "agent03", 40, 100, 0.1, 0.001, facts), {})
    assert said.endswith("?")
    assert "40" in said and "agent03" in said


def drawn(app):
    principal, site = create_principal(), create_site()
    for number in range(240):
        agent = f"ag-{number % 4}"
        phone = "invalid" if agent == "ag-3" and number % 8 == 3 else "given"
        create_contact(principal, site, create_customer(principal), agent=agent, phone_state=phone)
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=60))
    for number, invitation in enumerate(invitations_of(draw)):
        invitation.sent_at, invitation.disposition = NOW + timedelta(seconds=number), "sent"
    db.session.commit()
    return draw


def test_the_page_shows_the_question_and_keeps_what_was_found(app, sign_in):
    draw = drawn(app)
    address = f"/surveys/programmes/{draw.programme.key}/integrity"
    quality = sign_in("quality", "en")
    page = quality.get(address).text
    assert "agent ag-3: 30 of 60" in page and "What explains it?" in page
    assert "<svg" in page and "no ranking" in page and "no trace of a device" in page
    said = {"question": "phones-agent:ag-3:high", "part": 30, "whole": 60, "found": "A new headset lost the number."}
    post = submit_with(quality, f"{address}?draw={draw.id}", **said)
    assert post.status_code == 302
    page = quality.get(address).text
    assert "A new headset lost the number." in page and "Quality" in page
    assert "Note as looked at" not in page
    entry = db.session.scalars(db.select(Entry).filter_by(kind="integrity.looked")).one()
    facts = json.loads(entry.facts)
    assert (facts["question"], facts["part"], facts["whole"]) == ("phones-agent:ag-3:high", 30, 60)
    assert "headset" not in entry.facts


def test_numbers_that_were_not_seen_are_not_noted(app, sign_in):
    draw = drawn(app)
    address = f"/surveys/programmes/{draw.programme.key}/integrity"
    quality = sign_in("quality", "en")
    said = {"question": "phones-agent:ag-3:high", "part": 29, "whole": 60, "found": "Nothing."}
    answer = submit_with(quality, f"{address}?draw={draw.id}", **said)
    assert answer.status_code == 409
    assert "Nothing." in answer.text
    assert submit_with(quality, address, **said | {"found": ""}).status_code == 400
    assert db.session.scalar(db.select(db.func.count()).select_from(IntegrityNote)) == 0


def test_an_auditor_reads_and_notes_nothing(app, sign_in):
    draw = drawn(app)
    address = f"/surveys/programmes/{draw.programme.key}/integrity"
    auditor = sign_in("auditor", "en")
    page = auditor.get(address).text
    assert "ag-3" in page and "Note as looked at" not in page
    rows = auditor.get(f"/surveys/programmes/{draw.programme.key}/integrity.csv").text.splitlines()
    assert any(row.startswith(f"{draw.id},phones,agent,ag-3,60,30,0.5,") for row in rows)
    assert auditor.get(f"{address}?draw=999").status_code == 404


def test_somebody_of_one_site_sees_the_agents_of_that_site(app, sign_in):
    draw = drawn(app)
    elsewhere = create_site()
    db.session.commit()
    narrow = sign_in("quality", "en", site_ids=[elsewhere.id], principal_ids=[draw.principal_id])
    page = narrow.get(f"/surveys/programmes/{draw.programme.key}/integrity").text
    assert "0 contacts of the population" in page and "ag-3" not in page


def test_an_anonymous_programme_says_what_it_does_not_use(app, sign_in):
    draw = create_anonymous_draw()
    crowd(draw, 6)
    page = sign_in("quality", "en").get(f"/surveys/programmes/{draw.programme.key}/integrity").text
    assert "nothing that came after “sent” is used" in page
    assert "Delivered, of those sent" not in page


def test_one_address_of_several_people_is_asked_about_among_the_answers_of_the_sites_seen(app):
    draw = create_anonymous_draw(promise="confidential")
    invited = [invite(draw) for _ in range(4)]
    for one in invited:
        one.completed_at, one.disposition = one.sent_at + timedelta(hours=1), "completed"
    for one in invited[:3]:
        db.session.get_one(Customer, one.customer_id).email = "same@example.org"
    db.session.commit()
    sites = frozenset(db.session.get_one(Contact, one.contact_id).site_id for one in invited[:3])

    def asked(scope):
        return [(one.part, one.whole) for one in draw_integrity(draw, scope).questions if one.kind == "one-address"]

    assert (asked(EVERYTHING), asked(Scope(site_ids=sites))) == ([(3, 4)], [(3, 3)])
