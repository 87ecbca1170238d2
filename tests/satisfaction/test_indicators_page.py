"""The list of indicators: none is missing, each with its method, its formula, its source and its data."""

import re
from datetime import UTC, datetime

from foundation.database import db
from satisfaction.methods import ENTRIES
from satisfaction.services import report
from tests.satisfaction.factories import FIRST_DAY, LAST_DAY, create_period, create_principal, create_programme

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_every_indicator_of_the_report_is_in_the_list_with_its_unit(app):
    principal = create_principal()
    create_programme(principal)
    create_period(principal)
    rows = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW)["results"]
    units = {entry.indicator: entry.unit for entry in ENTRIES}
    assert rows and len(units) == len(ENTRIES)
    for row in rows:
        assert units[row["indicator"]] == row["unit"]
        method = next(entry.method for entry in ENTRIES if entry.indicator == row["indicator"])
        assert row["method"] in ("", method)


def test_each_opens_to_its_words_its_formula_its_source_and_its_data(sign_in, app):
    page = sign_in("quality").get("/satisfaction/indicators").text
    for entry in ENTRIES:
        part = page[page.index(f'id="{entry.indicator}"') :].split("</details>")[0]
        assert entry.formula in part.replace("&#39;", "'")
        assert entry.sources[0].split(",")[0].replace("&", "&amp;") in part
        words = " ".join(re.sub(r"<[^>]+>", " ", part).split())
        assert len(words) > 250, entry.indicator


def test_each_leads_to_its_figure_of_the_period_chosen(sign_in, app):
    principal = create_principal()
    create_programme(principal)
    create_period(principal)
    db.session.commit()
    page = sign_in("quality").get("/satisfaction/indicators").text
    assert "/satisfaction/figures/complaints?principal=belline&amp;survey=apres-appel&amp;period=2026-10" in page
