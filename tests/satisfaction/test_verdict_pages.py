"""A verdict has a page with a sentence to quote, the matrix a file; neither tells more than its reader may see."""

import csv
import io

import numpy as np
import pytest

from contacts.models import Site
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Access
from satisfaction.queries.verdicts import verdicts
from satisfaction.services.agreeing import change_agreement, sign_agreement
from satisfaction.services.reporting import report
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
from tests.satisfaction.test_looks import NOW, SIGNED, agree, belline, end_field, take_looks, terms  # noqa: F401
from tests.satisfaction.test_satisfaction_page import text_of


@pytest.fixture
def judged(belline):  # noqa: F811
    agreement = agree(*belline, tolerance=0.02)
    take_looks(NOW)
    db.session.commit()
    return agreement, {card.by["site"]: card for card in verdicts(EVERYTHING)}


def page_of(client, card):
    return text_of(client.get(f"/satisfaction/verdicts/{card.id}").text).replace("\u202f", " ").replace("\xa0", " ")


def test_the_sentence_gives_figure_range_answers_target_and_what_was_said(sign_in, judged):
    page = page_of(sign_in("quality"), judged[1]["lille"])
    assert "octobre 2026 : 96,7 % des échanges ont satisfait le client (entre " in page
    assert "60 réponses). L’engagement (objectif 80,0 %) est tenu, prouvé à 95 %." in page
    assert "Avec la tolérance convenue, il a été éprouvé à 78,0 %." in page


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("lyon", "L’engagement (objectif 80,0 %) n’est pas tenu, prouvé à 95 %."),
        ("metz", "Le résultat est au-dessus de l’engagement (objectif 80,0 %), ce qui n’est pas prouvé à 95 %."),
    ],
)
def test_each_verdict_has_its_own_words(sign_in, judged, site, said):
    assert said in page_of(sign_in("quality"), judged[1][site])


def test_an_observed_verdict_says_that_it_proves_nothing(sign_in, belline):  # noqa: F811
    agree(*belline, decision="observed", site="lille", confidence_level=0.9)
    take_looks(NOW)
    db.session.commit()
    page = page_of(sign_in("quality"), verdicts(EVERYTHING)[0])
    assert "Le résultat tel quel tient l’engagement (objectif 80,0 %) ; ce n’est pas prouvé statistiquement." in page
    assert "Cette fourchette, à 90 %" in page


def test_what_is_not_measured_says_why_and_is_never_met(sign_in, belline):  # noqa: F811
    agree(*belline, site="lyon", minimum_answers=50)
    take_looks(NOW)
    db.session.commit()
    page = page_of(sign_in("quality"), verdicts(EVERYTHING)[0])
    assert "n’est pas mesuré : moins de réponses que convenu." in page and "est tenu" not in page


def test_the_page_names_the_version_it_was_judged_by_though_another_holds_now(sign_in, judged, belline):  # noqa: F811
    agreement, cards = judged
    change_agreement(agreement.id, 1, terms(belline[1], target=0.3), NOW)
    sign_agreement(agreement.id, 2, SIGNED, NOW)
    db.session.commit()
    page = sign_in("quality").get(f"/satisfaction/verdicts/{cards['lille'].id}").text
    assert f'href="/satisfaction/agreements/{agreement.id}#v1"' in page and "objectif 80,0" in text_of(page)
    assert f"http://localhost/satisfaction/verdicts/{cards['lille'].id}" in page


def test_the_figures_own_page_is_one_link_away(sign_in, judged):
    client = sign_in("quality")
    page = client.get(f"/satisfaction/verdicts/{judged[1]['lyon'].id}").text
    address = page.split('<p><a href="/satisfaction/figures/')[1].split('"')[0].replace("&amp;", "&")
    figure = client.get(f"/satisfaction/figures/{address}")
    assert figure.status_code == 200 and "45,0" in figure.text and "site=lyon" in address


def test_nobody_opens_a_verdict_of_another_principal_or_site(sign_in, judged):
    _agreement, cards = judged
    other = create_principal("autre")
    db.session.commit()
    stranger = sign_in("principal", principal_ids=[other.id])
    assert stranger.get(f"/satisfaction/verdicts/{cards['lille'].id}").status_code == 404
    assert stranger.get("/satisfaction/verdicts.csv?principal=belline").status_code == 404
    lille = db.session.scalars(db.select(Site.id).filter_by(key="lille")).one()
    mine = sign_in("manager", site_ids=[lille])
    found = {key: mine.get(f"/satisfaction/verdicts/{card.id}").status_code for key, card in cards.items()}
    assert found == {"lille": 200, "lyon": 404, "metz": 404}


def test_the_matrix_links_each_verdict_and_counts_them(sign_in, judged):
    page = sign_in("quality").get("/satisfaction/agreements").text
    assert all(f"/satisfaction/verdicts/{card.id}" in page for card in judged[1].values())
    assert "3 verdicts ont été rendus" in text_of(page)
    assert "http://localhost/satisfaction/agreements?principal=belline&amp;period=2026-10" in page


def test_the_file_gives_what_the_matrix_shows_and_taking_it_is_noted(sign_in, judged):
    client = sign_in("quality")
    given = client.get("/satisfaction/verdicts.csv?principal=belline&period=2026-10")
    lines = {line["site"]: line for line in csv.DictReader(io.StringIO(given.text))}
    assert {site: line["state"] for site, line in lines.items()} == {
        "lille": "met", "lyon": "not_met", "metz": "above_not_proven",
    }  # fmt: skip
    lyon = lines["lyon"]
    assert (float(lyon["estimate"]), lyon["n"], float(lyon["tested"]), lyon["misses"]) == (0.45, "40", 0.78, "True")
    assert db.session.query(Access).filter_by(subject="verdicts:belline").count() == 1
    assert client.get("/satisfaction/verdicts.csv?principal=belline&period=2026-09").status_code == 404


#: How many answered by e-mail and telephone in four sites. Whoever reads a, b and d is shown none of their totals but
#: the channels' own, so that a total from elsewhere gives the four of b's telephone away.
ANSWERED = {
    ("a", "email"): 6, ("b", "email"): 29, ("b", "phone"): 4, ("c", "email"): 4, ("c", "phone"): 50,
    ("d", "email"): 10, ("d", "phone"): 6,
}  # fmt: skip
FEW = ("b", "phone")


@pytest.fixture
def small_channel(app):
    principal = create_principal("belline")
    sites = {key: create_site(key) for key in "abcd"}
    programme = create_programme(principal)
    rows = [(site, sites[site], channel, 900, 75) for site, channel in ANSWERED]
    draw = create_draw(programme, create_period(principal), rows)
    for (site, channel), n in ANSWERED.items():
        answer(draw, sites[site], channel, [{"satisfaction": 5}] * (n - 1) + [{"satisfaction": 1}])
    end_field(draw)
    agree(principal, programme, minimum_answers=5)
    take_looks(NOW)
    return programme, Scope(frozenset({principal.id}), frozenset(sites[key].id for key in "abd"))


def shown_to(scope, programme):
    """How many answered at each place, as the report tells this reader in any table; a total has None for a part."""
    found = {}
    for by in ((), ("site",), ("channel",), ("site", "channel")):
        told = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, scope=scope, survey_key=programme.key, by=by)
        mine = [row for row in told["results"] if row["indicator"] == "satisfaction" and row["n"] is not None]
        found |= {(row["by"].get("site"), row["by"].get("channel")): row["n"] for row in mine}
    return found


def solved(shown, cells):
    """The cells whose number follows from what is shown, whichever way it is added and subtracted."""
    sums = np.array([[key[0] in (None, cell[0]) and key[1] in (None, cell[1]) for cell in cells] for key in shown])
    rank = np.linalg.matrix_rank(sums.astype(float))
    alone = np.eye(len(cells))
    return {cell for cell, one in zip(cells, alone, strict=True) if np.linalg.matrix_rank([*sums, one]) == rank}


def of_verdicts(scope):
    return {(card.by["site"], None): card.finding["n"] for card in verdicts(scope) if card.finding["n"] is not None}


def test_a_reader_of_some_sites_cannot_subtract_a_hidden_channel_from_the_verdicts_of_these_sites(small_channel):
    programme, mine = small_channel
    theirs = [cell for cell in ANSWERED if cell[0] in "abd"]
    shown = shown_to(mine, programme)
    assert FEW not in solved(shown | of_verdicts(mine), theirs)
    totals = {(site, None): sum(n for cell, n in ANSWERED.items() if cell[0] == site) for site in "abd"}
    assert FEW in solved(shown | totals, theirs), "the totals would tell"
    assert {card.by["site"] for card in verdicts(mine)} == set("abd")


def test_whoever_sees_all_sites_cannot_either(small_channel):
    programme, _mine = small_channel
    assert FEW not in solved(shown_to(EVERYTHING, programme) | of_verdicts(EVERYTHING), list(ANSWERED))
    assert of_verdicts(EVERYTHING)
