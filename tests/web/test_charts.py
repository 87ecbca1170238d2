"""Charts: one definition, one picture."""

import re
from pathlib import Path

import pytest

from foundation.web import chart_theme
from foundation.web.charts import chart
from foundation.web.i18n import speaking

ROOT = Path(__file__).parents[2]
DEFINITION = {
    "width": 200, "height": 80, "data": {"values": [{"site": "Lille", "share": 0.8412}]},
    "layer": [
        {"mark": {"type": "bar", "color": chart_theme.SUBJECT}},
        {"mark": {"type": "text"}, "encoding": {"text": {"field": "share", "type": "quantitative", "format": ".1%"}}},
    ],
    "encoding": {"y": {"field": "site", "type": "nominal"}, "x": {"field": "share", "type": "quantitative"}},
}  # fmt: skip


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    return tmp_path / "charts"


def test_a_chart_is_drawn_once_and_then_read(app, folder):
    first = chart(DEFINITION)
    [kept] = folder.iterdir()
    kept.write_text("<svg>kept</svg>")
    assert first.startswith("<svg") and "Lille" in first
    assert chart(DEFINITION) == "<svg>kept</svg>"


def test_another_number_or_another_language_is_another_picture(app, folder):
    french = chart(DEFINITION)
    with speaking("en"):
        english = chart(DEFINITION)
    assert "84,1" in french and "84.1%" in english
    changed = DEFINITION | {"data": {"values": [{"site": "Lille", "share": 0.5}]}}
    assert chart(changed) not in (french, english)
    assert len(list(folder.iterdir())) == 3


def test_a_chart_carries_no_style_of_its_own(app, folder):
    drawn = chart(DEFINITION)
    assert "style=" not in drawn and "<style" not in drawn and "<script" not in drawn


def test_every_colour_of_a_chart_has_its_colour_on_the_readers_page():
    css = (ROOT / "static/css/charts.css").read_text()
    written = set(re.findall(r'"(#[0-9A-F]{6})"', css))
    assert {value for name, value in vars(chart_theme).items() if re.fullmatch(r"#[0-9A-F]{6}", str(value))} <= written
    assert set(chart_theme.SERIES) <= written
