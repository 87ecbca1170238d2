"""The shell: languages, filters, headers and the contrast of the tokens."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask_babel import ngettext

from foundation.web import catalogues, filters
from foundation.web.i18n import CATALOGUES, speaking
from tests.conftest import visitor

ROOT = Path(__file__).parent.parent.parent


def test_french_is_the_first_language_and_english_the_second(app):
    assert 'lang="fr"' in visitor(app, "de").get("/sign-in").text
    assert 'lang="en"' in visitor(app, "en-GB").get("/sign-in").text


def test_a_chosen_language_is_kept_for_the_visit(client):
    client.get("/sign-in?lang=en")
    assert "Forgotten password" in client.get("/sign-in").text


def test_days_and_numbers_read_as_people_write_them(app):
    with app.test_request_context("/?lang=fr"):
        assert filters.long_date(date(2026, 11, 24)) == "mardi 24 novembre 2026"
        assert filters.long_date(date(2026, 12, 1)) == "mardi 1er décembre 2026"
        assert filters.short_date(date(2026, 12, 1)) == "1er déc. 2026"
        at = datetime(2026, 11, 24, 13, 5, 9, tzinfo=UTC)
        assert filters.moment(at).replace("\xa0", " ") == "24 nov. 2026, 14 h 05"
        assert filters.moment(at, seconds=True).replace("\xa0", " ") == "24 nov. 2026, 14 h 05 min 09 s"
        assert filters.percent(0.841).replace("\xa0", " ") == "84,1 %"
        assert re.sub(r"\s", " ", filters.number(41212)) == "41 212"
    with app.test_request_context("/?lang=en"):
        assert filters.long_date(date(2026, 11, 24)) == "Tuesday 24 November 2026"
        assert filters.percent(0.841) == "84.1%"


def test_nothing_is_singular_in_french_and_plural_in_english(app):
    sentence = "%(count)s complaint fallen due", "%(count)s complaints fallen due"
    with speaking("fr"):
        assert ngettext(*sentence, 0, count="0") == "0 réclamation échue"
    with speaking("en"):
        assert ngettext(*sentence, 0, count="0") == "0 complaints fallen due"


@pytest.mark.parametrize("package", CATALOGUES)
def test_every_sentence_has_its_french(package):
    assert catalogues.untranslated(package) == []


def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client):
    response = client.get("/sign-in")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r'<[^>]+\sstyle=|<script>|(src|href)="(https?:)?//', response.text)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tokens() -> list[dict[str, str]]:
    light, dark = re.split(r"@media \(prefers-color-scheme: dark\)", (ROOT / "static/css/tokens.css").read_text())
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", half)) for half in (light, dark)]


@pytest.mark.parametrize("scheme", tokens(), ids=["light", "dark"])
def test_text_reads_on_paper_and_on_mist(scheme):
    for ground in ("paper", "mist"):
        for text in ("ink", "soft", "accent", "good", "warn", "bad"):
            assert contrast(scheme[text], scheme[ground]) >= 4.5, (text, ground)
        for mark in ("line", "series-1", "series-2", "series-3", "series-4"):
            assert contrast(scheme[mark], scheme[ground]) >= 3, (mark, ground)
    assert contrast(scheme["on-accent"], scheme["accent"]) >= 4.5


def test_the_customers_style_sheet_stays_small():
    assert (ROOT / "static/css/customer.css").stat().st_size <= 7 * 1024


def test_french_keeps_its_marks_with_their_words():
    """No line ends before : ; ? » or after «, and an apostrophe is ’; SMS folds what its alphabet does not have."""
    loose = re.compile(r" [:;?!»]|« |\d (?:%|Mo\b)|\w'\w")
    found = [
        (package, text)
        for package in CATALOGUES
        for message in catalogues.read_catalogue(package)
        for text in ([message.string] if isinstance(message.string, str) else message.string)
        if message.id and loose.search(text)
    ]
    assert found == []


def test_the_same_english_has_the_same_french_everywhere():
    """Catalogues share one name space: two translations of one sentence would show in the wrong place."""
    found: dict[tuple, dict[str, list[str]]] = {}
    for package in CATALOGUES:
        for message in catalogues.read_catalogue(package):
            if message.id:
                key = (str(message.id), message.context)
                found.setdefault(key, {}).setdefault(str(message.string), []).append(package)
    assert {key: french for key, french in found.items() if len(french) > 1} == {}
