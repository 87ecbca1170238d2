"""The plan of the next period: the sizes of the formulas, by stratum, from what the last period says."""

import re

import pytest

from estimation import sample_size_for_share
from foundation.database import db
from satisfaction.planning import DIFFERENCE, MARGIN, VERDICT, Basis, planned
from tests.satisfaction.factories import (
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

BASIS = Basis(0.8, 0.25, 1.2, 5000, {"Lille": 4000, "Lyon": 990, "Brest": 10})


@pytest.fixture
def belline(app):
    principal, lille, lyon = create_principal("belline"), create_site("lille"), create_site("lyon")
    rows = [("lille", lille, "phone", 400, 80), ("lyon", lyon, "phone", 100, 40)]
    draw = create_draw(create_programme(principal, strata=["site"]), create_period(principal), rows)
    answer(draw, lille, "phone", [{"satisfaction": 5}] * 30 + [{"satisfaction": 2}] * 10)
    answer(draw, lyon, "phone", [{"satisfaction": 4}] * 15 + [{"satisfaction": 1}] * 5)
    db.session.commit()
    return lille


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_margin_takes_what_the_formula_says_and_is_shared_by_size_with_a_floor():
    found = planned(MARGIN, BASIS, expected=0.8, response_rate=0.25, margin=0.05)
    assert found.size == sample_size_for_share(
        0.8, 0.05, population_size=5000, design_effect=1.2, expected_response_rate=0.25
    )
    assert sum(each.answers for each in found.strata.values()) == found.size.n_required
    assert found.strata["Brest"].answers == found.strata["Brest"].invitations == 10
    assert found.strata["Lille"].invitations >= 4 * found.strata["Lille"].answers
    assert not found.too_many


def test_a_smaller_step_takes_more_and_may_take_more_than_there_are():
    sizes = [planned(DIFFERENCE, BASIS, expected=0.8, response_rate=0.25, other=p).size.n_required for p in (0.7, 0.75)]
    assert sizes[0] < sizes[1]
    assert planned(MARGIN, BASIS, expected=0.8, response_rate=0.05, margin=0.01).too_many


def test_what_is_not_above_its_target_is_never_proven_by_more_answers():
    assert planned(VERDICT, BASIS, expected=0.8, response_rate=0.25, other=0.8) is None
    near, far = (planned(VERDICT, BASIS, expected=0.8, response_rate=0.25, other=t).size.n_exact for t in (0.78, 0.7))
    assert near > far


def test_the_page_starts_from_the_last_period_and_names_its_strata(sign_in, belline):
    page = text_of(sign_in("quality").get("/satisfaction/plan").text)
    for words in ("Ce qu’il faut", "Lille", "Lyon", "clients à interroger"):
        assert words in page
    html = sign_in("quality").get("/satisfaction/plan").text
    assert 'value="75' in html and 'value="50' in html


def test_a_reader_of_one_site_sees_no_stratum_of_another(sign_in, belline):
    page = text_of(sign_in("manager", site_ids=[belline.id]).get("/satisfaction/plan").text)
    assert "Ce qu’il faut" in page and "Lyon" not in page


def test_a_target_that_is_not_reached_says_so(sign_in, belline):
    page = sign_in("quality").get("/satisfaction/plan?goal=verdict&expected=75,5&other=80&response=30").text
    assert "davantage de réponses ne prouverait" in text_of(page)


@pytest.mark.parametrize(
    "typed, kept",
    [("goal=verdict&expected=80", "80"), ("expected=abc", "abc"), ("goal=difference&expected=80&other=80", "80")],
)
def test_what_cannot_be_planned_is_told_beside_its_field_and_kept(sign_in, belline, typed, kept):
    answer = sign_in("quality").get(f"/satisfaction/plan?{typed}")
    assert answer.status_code == 400 and 'id="errors"' in answer.text and f'value="{kept}' in answer.text


def test_without_a_closed_period_it_says_what_to_do(sign_in, app):
    assert "Clôturez d’abord une période" in text_of(sign_in("quality").get("/satisfaction/plan").text)
    assert sign_in("handler").get("/satisfaction/plan").status_code == 403
