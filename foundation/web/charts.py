"""Charts: a Vega-Lite definition becomes SVG, once for each content; the same on a page and in a document.

Vega-Lite through vl-convert (docs/adr/0037-charts.md). What a chart shows of closed periods never changes, so each is
drawn once and kept in the instance folder under the hash of everything that decides how it looks. A file lost there
is drawn again. Colours are the tokens of the light page; ``static/css/charts.css`` turns them into the reader's.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import current_app
from markupsafe import Markup

from foundation.web.chart_theme import CONFIG, LOCALES
from foundation.web.i18n import current_language

VEGA_LITE = "6.1"


def chart(definition: Mapping[str, Any]) -> Markup:
    """The SVG of a Vega-Lite definition without its ``config`` and ``$schema``, in the language of the reader."""
    language = current_language()
    kept = _folder() / f"{_digest(definition, language)}.svg"
    try:
        return Markup(kept.read_text())
    except FileNotFoundError:
        drawn = _drawn(definition, language)
        _keep(kept, drawn)
        return Markup(drawn)


def _digest(definition: Mapping[str, Any], language: str) -> str:
    written = json.dumps([VEGA_LITE, language, CONFIG, definition], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _drawn(definition: Mapping[str, Any], language: str) -> str:
    import vl_convert  # 0.2 s and 100 MB: only where a chart is drawn anew

    numbers, times = LOCALES[language]
    return str(
        vl_convert.vegalite_to_svg(
            dict(definition), vl_version=VEGA_LITE, config=dict(CONFIG), format_locale=numbers,
            time_format_locale=times,
        )
    )  # fmt: skip


def _folder() -> Path:
    return Path(current_app.instance_path) / "charts"


def _keep(path: Path, drawn: str) -> None:
    """Written beside and moved, so that nobody reads half a chart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as file:
        file.write(drawn)
    os.replace(file.name, path)
