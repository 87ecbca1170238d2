"""How every chart looks: the tokens of the light page as a Vega-Lite config, and how numbers are written."""

from typing import Any

INK, SOFT, LINE, GRID = "#17212B", "#4A5763", "#76828E", "#D5DBE0"
SUBJECT, REST = "#0A5F63", "#76828E"
SERIES = ("#0A5F63", "#B4581A", "#5B4B9A", "#4C6A1D")
GOOD, WARN, BAD = "#1B6E3A", "#7A4E00", "#A5231C"
FONT = "system-ui, 'Segoe UI', Roboto, sans-serif"

CONFIG = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    # The figure around it says in words what it shows; its marks have no names of their own.
    "mark": {"aria": False},
    "axis": {
        "labelColor": SOFT, "titleColor": SOFT, "domainColor": LINE, "tickColor": LINE, "gridColor": GRID,
        "labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": "normal", "labelLimit": 220,
    },
    "title": {"color": INK, "fontSize": 16, "anchor": "start", "fontWeight": 600},
    "legend": {"labelColor": SOFT, "titleColor": SOFT, "labelFontSize": 14, "titleFontSize": 14},
    "text": {"color": INK, "fontSize": 14},
    "range": {"category": list(SERIES)},
}  # fmt: skip

#: By language of the page: how numbers and how times are written, by the names d3 has for them.
LOCALES: dict[str, Any] = {"fr": ("fr-FR", "fr-FR"), "en": ("en-GB", "en-GB")}
