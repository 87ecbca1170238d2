"""What was collected elsewhere: read line by line, told when it comes again, shown apart, never under five."""

import io
import json
import re
from base64 import b64decode
from datetime import date

import pytest

from contacts.models import Site
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Access
from satisfaction.elsewhere import BadElsewhere, Given, given
from satisfaction.models import ElsewhereAnswer, ElsewhereCount, ElsewhereFigure
from satisfaction.queries.elsewhere import points
from satisfaction.services.elsewhere import LINES_IN_A_PIECE, Tally, open_file, take_in
from tests.satisfaction.factories import (
    MADE_AT,
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

PAGE = "/satisfaction/elsewhere"
FIGURES = "indicator;first_day;last_day;estimate;lower;upper;n;site\n"
ANSWERS = "reference;day;value;site\n"


@pytest.fixture
def belline(app):
    create_site("lille")
    create_site("lyon")
    principal = create_principal("belline")
    db.session.commit()
    return principal


def bring(principal, text, kind="figures", source="Institut", mapping=None, indicator="satisfaction"):
    tally = Tally()
    opened = open_file(principal, kind, source, text.encode(), mapping or Given(), indicator)
    for _lines in take_in(opened, tally, None, MADE_AT):
        db.session.commit()
    return tally


def outcomes(tally):
    return tally.stored, tally.corrected, tally.unchanged, tally.rejected


def faults(tally):
    return [(one.line, one.column, one.code) for one in tally.rejects]


def marks(*values, site="", month="10", begin=0):
    return "".join(f"R{begin + place};05/{month}/2025;{value};{site}\n" for place, value in enumerate(values))


def test_a_figure_is_kept_as_its_source_states_it(belline):
    bring(belline, FIGURES + "satisfaction;01/10/2025;31/10/2025;82,5 %;80 %;85 %;400;lille\n")
    (one,) = points(belline, EVERYTHING)
    assert (one.estimate, one.lower, one.upper, one.n, one.counted) == (0.825, 0.8, 0.85, 400, False)
    assert (one.first_day, one.last_day) == (date(2025, 10, 1), date(2025, 10, 31))


@pytest.mark.parametrize(
    "line, fault",
    [
        ("happiness;2025-10-01;2025-10-31;0.8;;;;", ("indicator", "unknown-indicator")),
        ("satisfaction;2025-10-31;2025-10-01;0.8;;;;", ("last_day", "bad-period")),
        ("satisfaction;2025-13-01;2025-10-31;0.8;;;;", ("first_day", "not-a-day")),
        ("satisfaction;2025-10-01;2025-10-31;;;;;", ("estimate", "missing")),
        ("satisfaction;2025-10-01;2025-10-31;82;;;;", ("estimate", "share-above-one")),
        ("satisfaction;2025-10-01;2025-10-31;nan;;;;", ("estimate", "share-above-one")),
        ("recommendation;2025-10-01;2025-10-31;12 %;;;;", ("estimate", "not-a-share")),
        ("satisfaction;2025-10-01;2025-10-31;0.8;0.7;;;", ("lower", "bad-interval")),
        ("satisfaction;2025-10-01;2025-10-31;0.8;0.85;0.9;;", ("lower", "bad-interval")),
        ("satisfaction;2025-10-01;2025-10-31;0.8;;;0;", ("n", "not-a-number")),
        ("satisfaction;2025-10-01;2025-10-31;0.8;;;;paris", ("site", "unknown-site")),
    ],
)
def test_a_line_that_cannot_be_a_figure_goes_back_with_its_column(belline, line, fault):
    tally = bring(belline, FIGURES + line + "\n")
    assert (faults(tally), outcomes(tally)) == ([(2, *fault)], (0, 0, 0, 1))
    assert points(belline, EVERYTHING) == []


@pytest.mark.parametrize(
    "line, fault",
    [
        (";05/10/2025;4;", ("reference", "missing")),
        ("R1;;4;", ("day", "missing")),
        ("R1;05/10/2025;6;", ("value", "off-scale")),
        ("R1;05/10/2025;4,5;", ("value", "not-a-number")),
        ("R1;05/10/2025;4;paris", ("site", "unknown-site")),
    ],
)
def test_a_line_that_cannot_be_an_answer_goes_back_with_its_column(belline, line, fault):
    assert faults(bring(belline, ANSWERS + line + "\n", "answers")) == [(2, *fault)]


def test_answers_are_counted_by_month_without_a_range(belline):
    bring(belline, ANSWERS + marks(5, 5, 4, 2, 1, 4) + marks(*[3] * 5, month="11", begin=6), "answers")
    november, october = points(belline, EVERYTHING)
    assert (october.estimate, october.n, october.lower, october.counted) == (pytest.approx(4 / 6), 6, None, True)
    assert (november.estimate, november.last_day) == (0, date(2025, 11, 30))


def test_a_recommendation_from_elsewhere_is_promoters_less_detractors(belline):
    bring(belline, ANSWERS + marks(10, 9, 8, 0, 6), "answers", indicator="recommendation")
    assert points(belline, EVERYTHING)[0].estimate == 0


def test_the_same_answers_again_change_nothing_and_another_value_corrects(belline):
    text = ANSWERS + marks(*[5] * (LINES_IN_A_PIECE + 3))
    assert outcomes(bring(belline, text, "answers")) == (LINES_IN_A_PIECE + 3, 0, 0, 0)
    assert outcomes(bring(belline, text, "answers")) == (0, 0, LINES_IN_A_PIECE + 3, 0)
    assert outcomes(bring(belline, ANSWERS + "R0;05/10/2025;1;\n", "answers")) == (0, 1, 0, 0)
    counted = {row.value: row.answers for row in db.session.scalars(db.select(ElsewhereCount))}
    assert counted == {5: LINES_IN_A_PIECE + 2, 1: 1}


def test_counts_are_those_of_the_answers_kept(belline):
    bring(belline, ANSWERS + marks(5, 4, 3, site="lille") + marks(1, 2, begin=3), "answers")
    bring(belline, ANSWERS + marks(2, 4, 4, site="lyon", begin=1), "answers")
    group = (ElsewhereAnswer.site_id, ElsewhereAnswer.value)
    recount = db.session.execute(db.select(*group, db.func.count()).group_by(*group)).all()
    kept = db.session.scalars(db.select(ElsewhereCount).where(ElsewhereCount.answers > 0)).all()
    assert sorted(map(tuple, recount)) == sorted((row.site_id, row.value, row.answers) for row in kept)


def test_a_figure_that_says_something_else_corrects_and_the_one_before_is_kept(belline):
    line = "satisfaction;2025-10-01;2025-10-31;0.8;;;;\n"
    assert outcomes(bring(belline, FIGURES + line)) == (1, 0, 0, 0)
    assert outcomes(bring(belline, FIGURES + line)) == (0, 0, 1, 0)
    assert outcomes(bring(belline, FIGURES + line.replace("0.8", "0.7"))) == (0, 1, 0, 0)
    assert [one.estimate for one in points(belline, EVERYTHING)] == [0.7]
    assert db.session.scalars(db.select(ElsewhereFigure.estimate)).all() == [0.8, 0.7]


def test_two_sources_are_two_series(belline):
    line = FIGURES + "satisfaction;2025-10-01;2025-10-31;0.8;;;;\n"
    bring(belline, line)
    bring(belline, line, source="Serveur vocal")
    assert sorted(one.source for one in points(belline, EVERYTHING)) == ["Institut", "Serveur vocal"]


def test_nothing_is_shown_of_fewer_than_five(belline):
    bring(belline, ANSWERS + marks(5, 5, 5, 5), "answers")
    bring(belline, FIGURES + "satisfaction;2025-10-01;2025-10-31;0.8;0.7;0.9;4;\n")
    assert [(one.estimate, one.lower) for one in points(belline, EVERYTHING)] == [(None, None)] * 2


def test_a_site_of_few_cannot_be_told_by_the_others(belline):
    lille = marks(*[5] * 5, site="lille")
    bring(belline, ANSWERS + lille + marks(1, 1, 1, 1, site="lyon", begin=5), "answers")
    assert [one.site_id for one in points(belline, EVERYTHING)] == [None]
    bring(belline, ANSWERS + marks(1, site="lyon", begin=9), "answers")
    assert [one.n for one in points(belline, EVERYTHING)] == [10, 5, 5]


def test_staff_of_a_site_see_that_site_alone(belline):
    bring(belline, ANSWERS + marks(*[5] * 5, site="lille") + marks(*[1] * 5, site="lyon", begin=5), "answers")
    lille = next(one.site_id for one in points(belline, EVERYTHING) if one.site_id)
    assert [one.site_id for one in points(belline, Scope(None, frozenset({lille})))] == [lille]


def test_a_mapping_names_columns_and_sites_of_others(belline):
    mapping = given({"fields": {"reference": "Call ID", "value": "Note"}, "sites": {"LIL": "lille"}})
    tally = bring(belline, "Call ID;Day;Note;Site\nA;05/10/2025;4;LIL\n", "answers", mapping=mapping)
    assert outcomes(tally) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "written", [[], {"colour": 1}, {"fields": []}, {"fields": {"day": 1}}, {"dates": "never"}], ids=str
)
def test_a_mapping_of_another_shape_is_refused(written):
    with pytest.raises(BadElsewhere, match="bad-map"):
        given(written)


def test_a_missing_column_is_named(belline):
    with pytest.raises(BadElsewhere) as refused:
        bring(belline, "reference;day\nR;1\n", "answers")
    assert (refused.value.code, refused.value.name) == ("column-missing", "value")


def send(submit, client, text, **changes):
    filled = {"source": "Institut", "kind": "figures", "indicator": "satisfaction"} | changes
    return submit(PAGE, client=client, file=(io.BytesIO(text.encode()), "past.csv"), **filled)


def test_lines_that_go_back_are_put_right_and_sent_again(belline, sign_in, submit):
    quality = sign_in("quality")
    page = send(submit, quality, FIGURES + "satisfaction;2025-10-01;2025-10-31;82;;;;\n")
    held = re.search(r'href="data:text/csv;base64,([^"]+)"', page.text)
    returned = b64decode(held[1]).decode("utf-8-sig")
    assert "écrivez une part" in returned
    again = send(submit, quality, returned.replace(";82;", ";0.82;"))
    assert "data:text/csv" not in again.text
    assert [one.estimate for one in points(belline, EVERYTHING)] == [0.82]


def test_the_page_labels_every_series_and_keeps_what_was_typed(belline, sign_in, submit):
    quality = sign_in("quality")
    assert "Rien pour l’instant" in quality.get(PAGE).text
    refused = send(submit, quality, "a;b\n1;2\n")
    assert refused.status_code == 400
    assert 'value="Institut"' in refused.text
    shown = send(submit, quality, FIGURES + "satisfaction;2025-10-01;2025-10-31;0.8;0.7;0.9;60;\n").text
    assert "non tiré ici" in shown
    assert "entre 70,0 et 90,0" in shown


def test_only_whoever_imports_brings_a_file(belline, sign_in, submit):
    text = FIGURES + "satisfaction;2025-10-01;2025-10-31;0.8;;;;\n"
    auditor = sign_in("auditor")
    assert 'type="file"' not in auditor.get(PAGE).text
    token_page = auditor.get("/satisfaction/figures").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', token_page)[1]
    sent = {"source": "x", "kind": "figures", "file": (io.BytesIO(text.encode()), "a.csv"), "csrf_token": token}
    assert auditor.post(PAGE, data=sent, content_type="multipart/form-data").status_code == 403
    assert points(belline, EVERYTHING) == []


def test_the_table_is_given_as_a_file_and_that_is_noted(belline, sign_in):
    bring(belline, FIGURES + "satisfaction;2025-10-01;2025-10-31;0.8;;;60;\n")
    given_away = sign_in("quality").get(PAGE + ".csv")
    assert "Institut,satisfaction,,2025-10-01,2025-10-31,0.8,,,60" in given_away.text
    assert "not drawn here, as stated" in given_away.text
    assert db.session.scalars(db.select(Access.subject)).all()[-1] == "elsewhere:belline"


def test_a_principal_sees_its_own_alone(belline, sign_in):
    bring(belline, FIGURES + "satisfaction;2025-10-01;2025-10-31;0.8;;;60;\n")
    other = create_principal("autre")
    db.session.commit()
    client = sign_in("principal", principal_ids=[other.id])
    assert "Institut" not in client.get(PAGE).text
    assert client.get(PAGE, query_string={"principal": "belline"}).status_code == 404


def test_the_command_takes_a_file_and_gives_lines_back(app, belline, tmp_path):
    file, back, mapping = (tmp_path / name for name in ("a.csv", "back.csv", "map.json"))
    file.write_text("Id;day;value\nR1;05/10/2025;4\nR2;05/10/2025;9\n")
    mapping.write_text(json.dumps({"fields": {"reference": "Id"}}))
    asked = ["satisfaction", "elsewhere", "belline", str(file), "--source", "IVR", "--indicator", "satisfaction"]
    result = app.test_cli_runner().invoke(args=[*asked, "--map", str(mapping), "--rejects", str(back)])
    assert result.exit_code == 3
    assert "stored 1" in result.output
    assert "R2;05/10/2025;9;3;value;off-scale" in back.read_text()


def test_our_own_figure_stands_beside_the_others_as_a_series_of_its_own(belline, sign_in):
    lille = db.session.scalars(db.select(Site).filter_by(key="lille")).one()
    draw = create_draw(create_programme(belline), create_period(belline), [("lille", lille, "phone", 90, 40)])
    answer(draw, lille, "phone", [{"satisfaction": 1 + number % 5} for number in range(30)])
    bring(belline, FIGURES + "satisfaction;2025-10-01;2025-10-31;0.8;0.7;0.9;60;\n")
    db.session.commit()
    page = sign_in("quality").get(PAGE).text
    ours = next(line for line in page.splitlines() if "Tiré ici</th>" in line)
    assert "Octobre 2026" in ours and "40,0" in ours and "entre" in ours and ">30</td>" in ours
    assert "dans aucun chiffre commun" in page
    assert sign_in("quality").get("/satisfaction/elsewhere.csv").text.count("satisfaction") == 1  # none of it is ours
