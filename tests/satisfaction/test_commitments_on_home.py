"""Home tells which commitments hold, which do not, and which cannot be said, split by side; and the chance in it."""

from datetime import timedelta

import pytest

from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from satisfaction.services.standing import board
from satisfaction.services.week import week_of
from surveys.models import Invitation
from tests.satisfaction.factories import (
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)
from tests.satisfaction.test_looks import NOW, OCTOBER, agree, end_field, take_looks
from tests.satisfaction.test_satisfaction_page import text_of

SAID = {"lille": (58, 2), "lyon": (18, 22), "metz": (34, 6), "nancy": (29, 11)}


@pytest.fixture
def belline(app):
    """Against 0.8: Lille surely above, Lyon surely below, Metz above and Nancy below without proof."""
    principal = create_principal("belline")
    places = {key: create_site(key) for key in SAID}
    programme = create_programme(principal)
    rows = [(key, site, "phone", 2000, 75) for key, site in places.items()]
    draw = create_draw(programme, create_period(principal), rows)
    for key, (satisfied, others) in SAID.items():
        answer(draw, places[key], "phone", [{"satisfaction": 5}] * satisfied + [{"satisfaction": 1}] * others)
    end_field(draw)
    db.session.commit()
    return principal, programme


def groups():
    found = board(OCTOBER, NOW, EVERYTHING, None).groups
    return {group.code: [card.by["site"] for card in group.cards] for group in found}


def test_each_verdict_stands_where_it_belongs(belline):
    agree(*belline)
    take_looks(NOW)
    assert groups() == {"hold": ["lille"], "fail": ["lyon"], "above": ["metz"], "below": ["nancy"]}


def test_the_page_says_it_in_words_with_figure_target_and_chance(sign_in, belline):
    agree(*belline)
    take_looks(NOW)
    db.session.commit()
    page = text_of(sign_in("quality").get("/satisfaction").text)
    for words in (
        "✓ Atteint",
        "✕ Non atteint",
        "◐ Au-dessus, non prouvé",
        "◐ Au-dessous, non prouvé",
        "Non prouvés, du bon côté de l’objectif",
        "objectif 80,0 %",
    ):
        assert words in page, words
    assert "4 verdicts ont été rendus ; par le seul hasard, au plus 0,10 seraient faux." in page
    assert "Cet objectif est manqué, et ce n’est pas le hasard." in page


def test_an_observed_verdict_always_says_that_it_is_no_proof(sign_in, belline):
    agree(*belline, decision="observed")
    take_looks(NOW)
    db.session.commit()
    page = text_of(sign_in("quality").get("/satisfaction").text)
    assert "Atteint, non prouvé statistiquement" in page and "ce n’est pas le hasard" not in page


def test_what_was_not_measured_says_why_and_never_counts_as_met(sign_in, belline):
    agree(*belline, minimum_answers=50)
    take_looks(NOW)
    db.session.commit()
    assert groups() == {"hold": ["lille"], "unmeasured": ["lyon", "metz", "nancy"]}
    assert "moins de réponses que convenu" in text_of(sign_in("quality").get("/satisfaction").text)


def test_before_the_look_there_is_no_verdict_but_what_is_in_hand(sign_in, belline):
    agree(*belline, site="")
    for one in db.session.scalars(db.select(Invitation)):
        one.expires_at = NOW + timedelta(days=7)
    db.session.commit()
    page = text_of(sign_in("quality").get("/satisfaction").text)
    assert "pas encore de verdict" in page and "✓ Atteint" not in page


def test_a_place_is_behind_when_it_stays_below_what_was_agreed(belline):
    """Lyon, Metz and Nancy have 40 answers, Lille has 60; nobody answered lately."""
    agree(*belline, minimum_answers=45)
    for one in db.session.scalars(db.select(Invitation)):
        one.expires_at = NOW + timedelta(days=7)
        one.completed_at = NOW - timedelta(days=20) if one.disposition == "completed" else None
    db.session.commit()
    (behind,) = [group for group in week_of(NOW, EVERYTHING, {"satisfaction.read"}) if group.code == "behind"]
    assert {item.site for item in behind.items} == {"Lyon", "Metz", "Nancy"}
    assert {item.facts["least"] for item in behind.items} == {45}
