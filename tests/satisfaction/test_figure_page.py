"""One figure's page: the sentence to quote, its charts and their numbers, and what may be shown instead."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contacts.models import Principal
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.ledger.models import Access
from satisfaction.charts.course import course_chart
from satisfaction.services import report
from satisfaction.services.one_figure import Subject, one_figure
from tests.satisfaction.factories import (
    FIRST_DAY,
    LAST_DAY,
    answer,
    create_case,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADDRESS = "/satisfaction/figures/satisfaction"


@pytest.fixture
def belline(app):
    """Two months at Lille; in October Brest has three answers only, so Lyon is hidden with it."""
    principal = create_principal("belline")
    lille, lyon, brest = create_site("lille"), create_site("lyon"), create_site("brest")
    programme = create_programme(principal)
    september = create_period(principal, date(2026, 9, 1), date(2026, 9, 30))
    before = create_draw(programme, september, [("lille", lille, "phone", 300, 40)])
    answer(before, lille, "phone", [{"satisfaction": 5}] * 20 + [{"satisfaction": 1}] * 20)
    rows = [("lille", lille, "phone", 400, 60), ("lyon", lyon, "phone", 100, 40), ("brest", brest, "phone", 50, 10)]
    draw = create_draw(programme, create_period(principal), rows)
    answer(draw, lille, "phone", [{"satisfaction": 5}] * 37 + [{"satisfaction": 2}] * 7)
    answer(draw, lyon, "phone", [{"satisfaction": 4}] * 31)
    answer(draw, brest, "phone", [{"satisfaction": 1}] * 3)
    create_case(principal, lille, datetime(2026, 10, 9, 8, tzinfo=UTC))
    db.session.commit()
    return programme


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def subject(programme, indicator="satisfaction", **by):
    return Subject(indicator, db.session.get_one(Principal, programme.principal_id), programme, by, EVERYTHING, NOW)


def test_every_row_of_the_report_has_a_page_that_says_the_same(belline):
    for by in (["site"], ["site", "channel"]):
        rows = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, survey_key="apres-appel", by=by)["results"]
        assert rows
        for row in rows:
            found = one_figure(subject(belline, row["indicator"], **row["by"]), (FIRST_DAY, LAST_DAY))
            assert found is not None, row
            assert found.row == row | {"period": {"from": "2026-10-01", "to": "2026-10-31"}}


def test_the_values_of_the_scale_add_up_to_everybody_and_the_favourable_ones_to_the_figure(belline):
    found = one_figure(subject(belline, site="lille"), (FIRST_DAY, LAST_DAY))
    assert [each["value"] for each in found.spread] == [5, 4, 3, 2, 1]
    assert sum(each["estimate"] for each in found.spread) == pytest.approx(1)
    assert sum(each["estimate"] for each in found.spread[:2]) == pytest.approx(found.row["estimate"])
    assert all(each["lower"] <= each["estimate"] <= each["upper"] for each in found.spread)


def test_what_is_hidden_has_no_spread_and_names_what_may_be_shown_instead(belline):
    found = one_figure(subject(belline, site="brest", channel="phone"), (FIRST_DAY, LAST_DAY))
    assert (found.row["estimate"], found.spread) == (None, [])
    assert [each["by"] for each in found.coarser] == [{"channel": "phone"}, {}]
    assert all(each["estimate"] is not None for each in found.coarser)


def test_the_course_ends_with_the_period_looked_at(belline):
    found = one_figure(subject(belline, site="lille"), (FIRST_DAY, LAST_DAY))
    assert [each["period"]["from"] for each in found.course] == ["2026-09-01", "2026-10-01"]
    assert found.course[0]["estimate"] == pytest.approx(0.5)
    earlier = one_figure(subject(belline, site="lille"), (date(2026, 9, 1), date(2026, 9, 30)))
    assert len(earlier.course) == 1


def test_a_line_stops_where_the_series_begins_anew():
    point = {"value": 0.5, "lower": 0.4, "upper": 0.6, "chosen": False}
    points = [point | {"label": name, "series": series} for name, series in (("a", "1"), ("b", "1"), ("c", "2"))]
    drawn = course_chart(points, "share", "Result", "anew")
    assert [each["begins"] for each in drawn["data"]["values"]] == [False, False, True]
    (line,) = (layer for layer in drawn["layer"] if layer["mark"]["type"] == "line")
    assert line["encoding"]["detail"] == {"field": "series"} and "transform" not in line  # a filter would bridge gaps
    assert len(drawn["layer"]) == len(course_chart(points[:2], "share", "Result", "anew")["layer"]) + 2


def test_the_page_gives_a_sentence_with_its_interval_its_answers_and_its_limits(sign_in, belline):
    page = text_of(sign_in("quality").get(f"{ADDRESS}?site=lille").text)
    said = r"Belline \(Lille\), octobre 2026 : 84,1 % des échanges ont satisfait le client"
    assert re.search(said + r" \(entre \d\d,\d et \d\d,\d ; 44 réponses\)", page)
    assert "le hasard du tirage" in page


def test_the_page_draws_both_charts_and_leads_to_its_own_address(sign_in, belline):
    page = sign_in("quality").get(f"{ADDRESS}?site=lille").text
    assert page.count('<figure class="chart">') == page.count('role="img" tabindex="0"') == 2
    assert "/satisfaction/figures/satisfaction?principal=belline&amp;survey=apres-appel&amp;period=2026-10" in page


def test_a_hidden_figure_says_why_and_leads_to_a_coarser_one(sign_in, belline):
    page = sign_in("quality").get(f"{ADDRESS}?site=brest&channel=phone").text
    assert "Moins de cinq personnes ont répondu" in text_of(page)
    assert "<blockquote" not in page and "Tous les sites et canaux" in text_of(page)


def test_each_figure_of_the_figures_page_leads_to_its_own(sign_in, belline):
    client = sign_in("quality")
    links = set(re.findall(r'href="(/satisfaction/figures/[^"]+)"', client.get("/satisfaction/figures").text))
    assert len(links) > 10
    kinds = {link.split("?")[0]: link for link in sorted(links)}
    for link in [kinds[f"/satisfaction/figures/{code}"] for code in ("recommendation", "complaints", "not_repeated")]:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_file_holds_what_the_page_shows_and_leaves_a_trace(sign_in, belline, committed):
    lines = list(csv.DictReader(io.StringIO(sign_in("auditor").get(f"{ADDRESS}.csv?site=lille").text)))
    assert [line["part"] for line in lines] == ["figure", *["spread"] * 5, *["course"] * 2]
    assert [line["value"] for line in lines[1:6]] == ["5", "4", "3", "2", "1"]
    assert [line["from"] for line in lines[6:]] == ["2026-09-01", "2026-10-01"]
    assert committed(Access) == 1
    assert db.session.scalars(db.select(Access.subject)).one() == "figure:satisfaction"


@pytest.mark.parametrize("ending", ["nothing", "nothing.csv", "satisfaction?site=nulle-part", "satisfaction?period=x"])
def test_what_does_not_exist_is_not_found(sign_in, belline, ending):
    assert sign_in("quality").get(f"/satisfaction/figures/{ending}").status_code == 404


def test_figures_stay_inside_their_scope(sign_in, belline):
    other = create_principal("rhone")
    create_period(other)
    lille = db.session.scalars(db.select(db.metadata.tables["sites"].c.id).filter_by(key="lille")).one()
    db.session.commit()
    stranger = sign_in("principal", principal_ids=[other.id])
    assert stranger.get(f"{ADDRESS}?principal=belline").status_code == 404
    assert sign_in("manager", site_ids=[lille]).get(f"{ADDRESS}?site=lyon").status_code == 404
    assert sign_in("handler").get(ADDRESS).status_code == 403


def test_a_break_inside_offers_the_periods_on_its_sides(belline):
    last = belline.latest
    edited = replace_wording(last.version.definition)
    october = db.session.scalars(db.select(db.metadata.tables["draws"].c.id).order_by(db.text("id DESC"))).first()
    assert october and edited
    version = type(last.version)(
        questionnaire_id=last.version.questionnaire_id, number=2, definition=edited, content_hash="1" * 64,
        created_at=NOW, published_at=NOW,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    terms = type(last)(
        programme_id=belline.id, number=2, version_id=version.id, in_force_from=NOW, created_at=NOW,
        collection=last.collection, promise=last.promise, rules=last.rules, strata=last.strata,
    )  # fmt: skip
    db.session.add(terms)
    db.session.flush()
    draws = db.metadata.tables["draws"]
    db.session.execute(db.update(draws).where(draws.c.id == october).values(programme_version_id=terms.id))
    found = one_figure(replace(subject(belline), by={"site": "lille"}), (date(2026, 9, 1), LAST_DAY))
    assert found.row["flags"] == ["series-break"]
    assert [each["period"]["from"] for each in found.coarser] == ["2026-09-01", "2026-10-01"]
    assert found.breaks[0]["question"] == "satisfaction"


def replace_wording(definition):
    """The same questionnaire with another wording of satisfaction."""

    def walk(node):
        if isinstance(node, dict):
            if node.get("name") == "satisfaction" or node.get("id") == "satisfaction":
                title = "title" if "title" in node else "text"
                return node | {title: {"fr": "Tout autre chose ?", "en": "Quite another thing?"}}
            return {key: walk(value) for key, value in node.items()}
        return [walk(each) for each in node] if isinstance(node, list) else node

    return walk(definition)
