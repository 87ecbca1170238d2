"""What goes with overall satisfaction: computed behind the page, never of few, and worded as an association."""

from datetime import timedelta

import pytest

from foundation.database import db
from satisfaction.explaining import joined_strata
from satisfaction.models import Explanation
from satisfaction.queries.explanations import patterns
from satisfaction.services import explaining
from surveys.models import AnswerEvent, FrameUnit
from tests.satisfaction.factories import (
    MADE_AT,
    add_event,
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

PAGE = "/satisfaction/explain"
THEMES = ("access", "taking_charge", "handling", "conclusion")


def said(number):
    """Overall satisfaction follows ``access`` and nothing else."""
    scores = {theme: 1 + number * step % 5 for theme, step in zip(THEMES, (1, 2, 3, 4), strict=True)}
    scores["taking_charge"] = 1 + number // 5 % 5
    return {"satisfaction": scores["access"], **scores}


@pytest.fixture
def belline(app):
    principal = create_principal("belline")
    lille, lyon = create_site("lille"), create_site("lyon")
    rows = [("lille", lille, "phone", 200, 60), ("lyon", lyon, "email", 100, 40)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    principal.draw, principal.lille, principal.lyon = draw, lille, lyon
    db.session.commit()
    return principal


def let_answer(belline, lille=50, lyon=25):
    found = answer(belline.draw, belline.lille, "phone", [said(number) for number in range(lille)])
    found += answer(belline.draw, belline.lyon, "email", [said(number) for number in range(lyon)])
    db.session.commit()
    return found


def computed(now=MADE_AT):
    for _period in explaining.compute(now):
        db.session.commit()
    return db.session.scalars(db.select(Explanation)).one()


def test_the_theme_that_satisfaction_follows_has_the_largest_part(belline):
    let_answer(belline)
    result = computed().result
    parts = {one["theme"]: one["estimate"] for one in result["drivers"]}
    assert (result["n"], result["refusal"], max(parts, key=parts.get)) == (75, None, "access")
    assert sum(parts.values()) == pytest.approx(result["r_squared"]["estimate"])
    assert result["r_squared"]["estimate"] == pytest.approx(1)
    assert result["reliability"]["items"] == 4


def test_who_left_a_question_out_is_not_counted_and_a_correction_is(belline):
    first, second, *_others = let_answer(belline)
    add_event(first, "access", None, kind="void")
    add_event(second, "satisfaction", 5)
    db.session.commit()
    result = computed().result
    assert result["n"] == 74
    assert result["r_squared"]["estimate"] < 1


def test_of_few_answers_nothing_is_said(belline, sign_in):
    let_answer(belline, 20, 19)
    assert computed().result["refusal"] == "few"
    assert "Rien ne peut être dit ici" in sign_in("quality").get(PAGE).text


def test_it_is_computed_again_while_answers_come_in(belline):
    let_answer(belline, 30, 9)
    assert computed().result["refusal"] == "few"
    answer(belline.draw, belline.lille, "phone", [said(number) for number in range(20)])
    db.session.commit()
    assert computed(MADE_AT + timedelta(hours=1)).result["n"] == 39
    assert computed(MADE_AT + timedelta(hours=21)).result["n"] == 59


def test_only_contacts_that_weigh_each_for_itself_bring_their_weight(belline):
    first, *_others = let_answer(belline, 2, 1)
    unit = db.session.scalars(
        db.select(FrameUnit).filter_by(draw_id=belline.draw.id, contact_id=first.contact_id)
    ).one()
    unit.pi = 0.25
    db.session.commit()
    asked = ([belline.draw.id], ["satisfaction", "access"])
    equal, weighed = (patterns(*asked, weighing) for weighing in ((), {belline.draw.id}))
    assert {cell[0] for counts in equal.values() for cell in counts} == {1.0}
    assert sorted(cell[0] for cell in weighed[belline.draw.id, "lille"]) == [1.0, 4.0]


def test_strata_of_one_respondent_count_as_one(belline):
    patterns = {(1, "a"): {(1.0, 5): 4}, (1, "b"): {(1.0, 5): 1}}
    strata, joined = joined_strata(patterns, {(1, "a"): 9, (1, "b"): 9, (1, "c"): 9})
    assert [(one.population_size, sum(one.counts.values())) for one in strata] == [(27, 5)]
    assert joined == 3


def test_the_page_says_association_and_shows_each_part_with_its_range(belline, sign_in):
    let_answer(belline)
    quality = sign_in("quality")
    assert "Pas encore calculé" in quality.get(PAGE).text
    computed()
    page = quality.get(PAGE).text
    assert "Association, et non effet" in page
    assert "entre 100,0 et 100,0" in page
    assert "alpha de Cronbach" in page
    assert "Accès va le plus avec" in page


def test_no_theme_is_put_first_while_ranges_overlap(belline, sign_in):
    let_answer(belline)
    row = computed()
    drivers = [{"theme": theme, "estimate": 0.2, "lower": 0.1, "upper": 0.3} for theme in THEMES]
    row.result = row.result | {"drivers": drivers}
    db.session.commit()
    page = sign_in("quality").get(PAGE).text
    assert "Aucun thème ne se détache" in page
    assert "va le plus avec" not in page


def test_who_sees_one_site_is_not_told_of_all(belline, sign_in):
    let_answer(belline)
    computed()
    page = sign_in("manager", site_ids=[belline.lille.id]).get(PAGE).text
    assert "Pour tous les sites seulement" in page
    assert "Cronbach" not in page


def test_a_principal_reads_no_tags_of_comments(belline, sign_in):
    let_answer(belline)
    computed()
    page = sign_in("principal", principal_ids=[belline.id]).get(PAGE).text
    assert "Cronbach" in page
    assert "De quoi parlent les commentaires" not in page


def test_beside_the_figures_stand_the_ways_of_answering_and_early_against_late(belline, sign_in):
    invitations = let_answer(belline)
    for place, invitation in enumerate(invitations):  # the later, the less satisfied
        invitation.sent_at, invitation.completed_at = MADE_AT, MADE_AT + timedelta(minutes=place)
    db.session.commit()
    add_event(invitations[0], "handling", 4)
    db.session.execute(db.update(AnswerEvent).where(AnswerEvent.invitation_id == invitations[1].id).values(mode="sms"))
    db.session.commit()
    quality = sign_in("quality")
    assert "pas encore calculés" in quality.get("/satisfaction/figures").text
    result = computed().result["answering"]
    assert result["modes"] == {"web": 74, "sms": 1}
    late = result["early_late"]
    assert late["n"] == 75 and late["lower"] <= late["estimate"] <= late["upper"]
    page = quality.get("/satisfaction/figures").text
    assert "sur une page 74" in page and "par SMS 1" in page and "75 réponses" in page
    site_only = sign_in("manager", site_ids=[belline.lille.id])
    assert "sur une page 74" not in site_only.get("/satisfaction/figures").text
