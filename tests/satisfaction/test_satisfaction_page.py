"""The page of the figures: what it shows, to whom, and that it is what the exports say."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from foundation.database import db
from foundation.ledger.models import Access
from satisfaction.pages import bar, in_unit
from satisfaction.services import report
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
TEMPLATES = Path(__file__).parent.parent.parent / "templates"


@pytest.fixture
def belline(app):
    """Three sites: Brest has three answers only, so Lyon is hidden with it."""
    principal = create_principal("belline")
    lille, lyon, brest = create_site("lille"), create_site("lyon"), create_site("brest")
    rows = [("lille", lille, "phone", 400, 60), ("lyon", lyon, "phone", 100, 40), ("brest", brest, "phone", 50, 10)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    answer(
        draw, lille, "phone", [{"satisfaction": 5, "recommendation": 9, "handling": 4}] * 37 + [{"satisfaction": 2}] * 7
    )
    answer(draw, lyon, "phone", [{"satisfaction": 4, "recommendation": 3}] * 31)
    answer(draw, brest, "phone", [{"satisfaction": 1, "recommendation": 0}] * 3)
    create_case(principal, lille, datetime(2026, 10, 9, 8, tzinfo=UTC))
    db.session.commit()
    return principal


def text_of(page):
    """The words of a page, runs of spaces of any kind made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_every_figure_of_the_export_stands_on_the_page(sign_in, belline):
    client = sign_in("quality")
    page = text_of(client.get("/satisfaction/figures").text)
    lines = list(csv.DictReader(io.StringIO(client.get("/satisfaction/report.csv").text)))
    shown = [line for line in lines if line["estimate"] and line["site"] in ("", "lille")]
    assert len(shown) >= 8
    for line in shown:
        if not line["site"] or line["indicator"] in ("satisfaction", "recommendation", "complaints"):
            assert " ".join(in_unit(float(line["estimate"]), line["unit"]).split()) in page, line["indicator"]


def test_page_csv_and_command_are_one_computation(app, sign_in, belline):
    by_service = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, by=["site", "channel"])
    command = "satisfaction report --from 2026-10-01 --to 2026-10-31 --by site,channel --format".split()
    by_command = json.loads(app.test_cli_runner().invoke(args=[*command, "json"]).stdout)
    assert by_command["results"] == json.loads(json.dumps(by_service["results"]))
    by_page = sign_in("quality").get("/satisfaction/report.csv").text
    assert app.test_cli_runner().invoke(args=[*command, "csv"]).stdout == by_page.replace("\r\n", "\n")


def test_small_cells_cannot_be_worked_out_of_any_export(app, sign_in, belline):
    """Neither the value, nor the number, nor the distribution of Brest (3 answers), nor what the rest would tell."""
    rows = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, by=["site", "channel"])["results"]
    rows += report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, by=["site"])["results"]
    rows += report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, by=["channel"])["results"]
    mine = [row for row in rows if row["indicator"] == "satisfaction"]
    hidden = [row for row in mine if "suppressed" in row["flags"]]
    assert {row["by"].get("site") for row in hidden} == {"brest", "lyon"} | {
        row["by"].get("site") for row in hidden if not row["by"].get("site")
    }
    for row in hidden:
        assert (row["estimate"], row["lower"], row["n"], row["n_effective"], row["events"]) == (None,) * 5
        assert row["detail"] == {} and row["covered"] is None
    lines = csv.DictReader(io.StringIO(sign_in("quality").get("/satisfaction/report.csv").text))
    brest = [line for line in lines if line["site"] == "brest" and line["survey"]]
    assert {line["n"] for line in brest if line["flags"] == "suppressed"} == {""}
    assert {line["estimate"] for line in brest} == {""}


def test_whoever_takes_the_figures_leaves_a_trace(sign_in, belline, committed):
    sign_in("auditor").get("/satisfaction/report.csv")
    assert committed(Access) == 1
    assert db.session.scalars(db.select(Access.subject)).one() == "report:belline"


def test_a_principal_sees_their_own_figures_only(sign_in, belline):
    other = create_principal("rhone")
    db.session.commit()
    own = sign_in("principal", principal_ids=[belline.id])
    stranger = sign_in("principal", principal_ids=[other.id])
    assert "Belline" in own.get("/satisfaction/figures").text
    assert "Belline" not in stranger.get("/satisfaction/figures").text
    for address in ("/satisfaction/figures", "/satisfaction/report.csv"):
        assert stranger.get(f"{address}?principal=belline").status_code == 404
        assert stranger.get(f"{address}?survey=apres-appel").status_code == 404
        assert stranger.get(f"{address}?principal=belline&survey=apres-appel&period=2026-10").status_code == 404


def test_who_sees_one_site_gets_no_other(sign_in, belline):
    lille = db.session.scalars(db.select(db.metadata.tables["sites"].c.id).filter_by(key="lille")).one()
    client = sign_in("manager", site_ids=[lille])
    page = client.get("/satisfaction/figures").text
    assert "Lille" in page and "Lyon" not in page
    assert "lyon" not in client.get("/satisfaction/report.csv").text
    assert client.get("/satisfaction/figures?site=lyon").status_code == 404


def test_a_handler_may_not_open_it(sign_in, belline):
    assert sign_in("handler").get("/satisfaction/figures").status_code == 403
    assert sign_in("handler").get("/satisfaction/report.csv").status_code == 403


def test_the_place_of_a_table_opens_to_its_figures_and_their_method(sign_in, belline):
    page = text_of(sign_in("quality").get("/satisfaction/figures?site=lille&channel=phone").text)
    assert "Lille · Téléphone · Octobre 2026" in page
    assert "Comment ce chiffre est calculé" in page
    assert "84,1 %" in page


def test_an_interval_is_told_in_words(sign_in, belline):
    assert re.search(r"entre \d\d,\d et \d\d,\d", text_of(sign_in("quality").get("/satisfaction/figures").text))


@pytest.mark.parametrize("address", ["?period=demain", "?site=nulle-part", "?survey=nulle-part", "?principal=personne"])
def test_what_does_not_exist_is_not_found(sign_in, belline, address):
    assert sign_in("quality").get(f"/satisfaction/figures{address}").status_code == 404


def test_a_programme_of_another_principal_gives_way_to_the_principal_chosen(sign_in, belline):
    other = create_principal("rhone")
    create_programme(other, "rhone-appel")
    create_period(other)
    db.session.commit()
    page = sign_in("quality").get("/satisfaction/figures?principal=rhone&survey=apres-appel&period=2026-10").text
    assert '<option value="rhone-appel" selected>' in page


class TestEmpty:
    def test_no_principal(self, sign_in, app):
        assert "Pas encore de donneur d’ordre" in sign_in("quality").get("/satisfaction/figures").text

    def test_no_closed_period(self, sign_in, app):
        create_programme(create_principal())
        db.session.commit()
        assert "Pas encore de chiffre" in sign_in("quality").get("/satisfaction/figures").text
        assert sign_in("quality").get("/satisfaction/report.csv").status_code == 404

    def test_closed_but_not_drawn(self, sign_in, app):
        principal = create_principal()
        create_programme(principal)
        create_period(principal)
        db.session.commit()
        assert "Cette période n’a pas été tirée au sort" in sign_in("quality").get("/satisfaction/figures").text

    def test_drawn_but_nobody_answered(self, sign_in, app):
        principal = create_principal()
        create_draw(create_programme(principal), create_period(principal), [("a", create_site(), "phone", 30, 10)])
        db.session.commit()
        page = text_of(sign_in("quality").get("/satisfaction/figures").text)
        assert "10 clients ont été tirés au sort et aucun n’a encore répondu." in page

    def test_a_principal_without_programme_still_sees_complaints(self, sign_in, app):
        principal = create_principal()
        create_period(principal)
        create_case(principal, create_site(), datetime(2026, 10, 9, 8, tzinfo=UTC))
        db.session.commit()
        assert "Réclamations pour 1 000 contacts" in text_of(sign_in("quality").get("/satisfaction/figures").text)


#: What others collected is no finding of ours, and its page prints it as they said it; parts of a spread are no result.
PRINTS_NUMBERS = {"components/findings.html", "satisfaction/elsewhere.html", "satisfaction/explain.html"}


def test_no_template_prints_a_figure_but_the_one_macro():
    """A result's numbers are named like this; only components/findings.html may print them."""
    numbers = re.compile(r"\.(estimate|lower|upper|n_effective|std_error)\b|in_unit|\|\s*bar\b")
    wrong = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if numbers.search(path.read_text()) and path.relative_to(TEMPLATES).as_posix() not in PRINTS_NUMBERS
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "value, unit, bare, written",
    [
        (0.8412, "share", False, "84,1\xa0%"),
        (0.8412, "share", True, "84,1"),
        (-2.82, "nps", True, "−2,8"),
        (23.44, "nps", False, "+23,4"),
        (4.125, "mean", False, "4,12"),
        (2.692, "per_1000_contacts", False, "2,69"),
        (None, "share", False, "–"),
    ],
)
def test_figures_are_written_as_people_write_them(app, value, unit, bare, written):
    assert in_unit(value, unit, bare) == written


def test_a_bar_shows_the_whole_scale():
    row = {"unit": "nps", "estimate": 0.0, "lower": -50.0, "upper": 50.0, "detail": {}}
    assert bar(row) == {"estimate": 200, "lower": 100, "upper": 300, "width": 200, "low": -100, "high": 100}
    assert bar(row | {"unit": "per_1000_contacts"}) is None
    assert bar(row | {"lower": None}) is None


class TestCommand:
    ARGUMENTS = "satisfaction report --from 2026-10-01 --to 2026-10-31".split()

    def test_a_table_is_the_default(self, app, belline):
        found = app.test_cli_runner().invoke(args=self.ARGUMENTS)
        assert found.exit_code == 0
        assert re.search(r"belline +apres-appel +satisfaction +0\.\d{4}", found.stdout)

    @pytest.mark.parametrize(
        "more",
        [["--survey", "nope"], ["--principal", "nope"], ["--by", "agent"], ["--to", "2026-09-01"], ["--to", "x"]],
    )
    def test_wrong_use_is_two_and_says_what(self, app, belline, more):
        found = app.test_cli_runner().invoke(args=[*self.ARGUMENTS, *more])
        assert found.exit_code == 2
        assert found.stderr
