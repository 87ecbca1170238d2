"""What the page shows: the reader's choice, the rows of the report in their places, figures as people write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from babel.dates import format_date
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound

from contacts.frames import BadPeriod, days_of
from contacts.models import Principal
from contacts.vocabulary import CHANNELS
from foundation.accounts.scope import Scope
from foundation.web.filters import number, percent, short_date
from foundation.web.i18n import current_language
from satisfaction import indicators
from satisfaction.queries import programmes
from surveys.models import Programme

HEADLINES = ("satisfaction", "solved", "recommendation", "effort", "complaints", "complaints_in_time")
MEANS = ("satisfaction_mean", "effort_mean")
THEMES = tuple(f"theme_{theme}" for theme in indicators.THEMES)
PLACE_COLUMNS = ("satisfaction", "solved", "recommendation", "effort")
REGISTER_COLUMNS = ("complaints", "complaints_from_surveys", "complaints_in_time")
SOLVED_LINES = ("solved", "not_repeated", "solved_gap")
REGISTER_LINES = (
    "capture_index", "complaints_from_surveys", "promises_kept", "time_to_answer", "open_after_30", "open_after_60",
    "appeals", "appeals_overturned",
)  # fmt: skip
BAR_WIDTH = 400
MINUS = "\N{MINUS SIGN}"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """What the reader looks at, and what else there is to choose from. A part that does not exist is None."""

    principals: Sequence[Principal]
    principal: Principal | None
    programmes: Sequence[Programme]
    programme: Programme | None
    spans: Sequence[tuple[date, date]]
    span: tuple[date, date] | None

    @property
    def address(self) -> dict[str, str]:
        """What brings one back to the same figures."""
        found = {
            "principal": self.principal and self.principal.key,
            "survey": self.programme and self.programme.key,
            "period": self.span and written_span(*self.span),
        }
        return {name: value for name, value in found.items() if value}


def choice(scope: Scope, asked: Mapping[str, str]) -> Choice:
    """Read ``principal``, ``survey`` and ``period`` of an address; what is not given is the first, or the latest.

    A principal or programme out of scope does not exist: NotFound. A programme of another principal than the one
    asked for is passed over, since the form sends both when only one was changed.
    """
    principals = programmes.principals(scope)
    owned = programmes.programmes(scope)
    programme = _chosen(owned, asked.get("survey"))
    by_programme = programme.principal_id if programme else next((p.principal_id for p in owned), None)
    principal = _chosen(principals, asked.get("principal")) or next(
        (p for p in principals if p.id == by_programme), None
    )
    principal = principal or next(iter(principals), None)
    mine = [each for each in owned if principal and each.principal_id == principal.id]
    if programme not in mine:
        programme = next(iter(mine), None)
    spans = _spans(principal)
    return Choice(principals, principal, mine, programme, spans, _span(spans, programme, asked.get("period")))


def home_choice(scope: Scope, asked: Mapping[str, str]) -> Choice:
    """The same for Home, where all principals are shown unless one is asked for; ``programmes`` are those shown.

    Its period is the latest that any of them drew, else the latest that any closed.
    """
    principals = programmes.principals(scope)
    only = principals[0] if len(principals) == 1 else None
    principal = _chosen(principals, asked.get("principal")) or only
    shown = programmes.programmes(scope, principal.id if principal else None)
    owners = [principal] if principal else principals
    spans = sorted({span for owner in owners for span in _spans(owner)}, reverse=True)
    drawn = sorted({span for programme in shown for span in programmes.drawn_periods(programme.id)}, reverse=True)
    span = _asked_span(asked.get("period")) or next(iter([*drawn, *spans]), None)
    return Choice(principals, principal, shown, None, spans, span)


def _chosen(found: Sequence[Any], key: str | None) -> Any:
    if not key:
        return None
    return next((each for each in found if each.key == key), None) or _missing()


def _missing() -> Any:
    raise NotFound


def _spans(principal: Principal | None) -> list[tuple[date, date]]:
    """The closed periods, the latest first."""
    periods = programmes.closed_periods(principal.id) if principal else []
    return [(period.first_day, period.last_day) for period in reversed(periods)]


def _span(
    spans: Sequence[tuple[date, date]], programme: Programme | None, asked: str | None
) -> tuple[date, date] | None:
    """The period asked for, else the latest that was drawn for the programme, else the latest."""
    if found := _asked_span(asked):
        return found
    drawn = programmes.drawn_periods(programme.id) if programme else []
    return next(iter([*drawn, *spans]), None)


def _asked_span(asked: str | None) -> tuple[date, date] | None:
    try:
        return days_of(asked) if asked else None
    except BadPeriod:
        return _missing()


def place_of(scope: Scope, asked: Mapping[str, str]) -> dict[str, str]:
    """``site`` and ``channel`` of an address; {} is everywhere. One that is unknown or out of scope is NotFound."""
    known = {"site": programmes.site_names(scope), "channel": CHANNELS}
    place = {name: asked[name] for name in known if asked.get(name)}
    return place if all(value in known[name] for name, value in place.items()) else _missing()


def written_span(first_day: date, last_day: date) -> str:
    """A period as an address holds it: ``2026-10`` for a whole month, else both days with a stroke between."""
    month = f"{first_day:%Y-%m}"
    return month if days_of(month) == (first_day, last_day) else f"{first_day}/{last_day}"


def rows_of(results: Sequence[Row], by: Mapping[str, str]) -> dict[str, Row]:
    """The rows of one place by indicator; {} is the whole. Complaints are told by site: of a channel there are none."""
    return {row["indicator"]: row for row in results if row["by"] == by}


def places_of(results: Sequence[Row]) -> list[dict[str, str]]:
    """The sites with a channel, and so the rows of the table of places, in their order."""
    found = {(row["by"]["site"], row["by"]["channel"]) for row in results if len(row["by"]) == 2}
    return [{"site": site, "channel": channel} for site, channel in sorted(found)]


def sites_of(results: Sequence[Row]) -> list[str]:
    """The sites that have complaint figures, in their order."""
    return sorted({row["by"]["site"] for row in results if set(row["by"]) == {"site"}})


def span_words(span: tuple[date, date], inside: bool = False) -> str:
    """« Octobre 2026 » for a whole month, else both days in short; ``inside`` a sentence « octobre 2026 »."""
    first, last = span
    if len(written_span(first, last)) == len("2026-10"):
        words = format_date(first, "LLLL y", locale=current_language())
        return words if inside else words[:1].upper() + words[1:]
    return " – ".join(short_date(day) for day in span)


def dated(period: Mapping[str, str]) -> tuple[date, date]:
    """A period of the report as two days."""
    return iso_day(period["from"]), iso_day(period["to"])


def iso_day(written: str) -> date:
    """A day as the report writes it."""
    return date.fromisoformat(written)


def in_unit(value: float | None, unit: str, bare: bool = False) -> str:
    """A figure as people write it; ``bare`` leaves the sign of the unit out, as in the second half of an interval."""
    if value is None:
        return "–"
    if unit == "share":
        return number(100 * value, 1) if bare else percent(value)
    if unit == "nps":
        return ("+" if value > 0 else "") + number(value, 1).replace("-", MINUS)
    if unit == "share_difference":
        points = ("+" if value > 0 else "") + number(100 * value, 1).replace("-", MINUS)
        return points if bare else gettext("%(points)s points", points=points)
    if unit == "days":
        return number(value, 0) if bare else ngettext("%(count)s day", "%(count)s days", value, count=number(value, 0))
    return number(value, 2)


def plain(shown: str) -> str:
    """What a macro prints, as a mail holds it: no marks of a page, and no-break spaces kept."""
    return re.sub(r"[ \t\r\n]+", " ", unescape(re.sub(r"<[^>]*>", "", shown))).strip()


def points(value: float, unit: str) -> str:
    """A difference with its sign: in points of percent for shares, else in the unit."""
    written = number(100 * value if unit == "share" else value, 1 if unit in ("share", "nps") else 2)
    return ("+" if value > 0 else "") + written.replace("-", MINUS)


def channel_words(code: str) -> str:
    """The name of a channel."""
    return str(CHANNEL_WORDS.get(code, code))


CHANNEL_WORDS = {
    "phone": _l("Phone"), "email": _l("E-mail"), "chat": _l("Chat"), "sms": _l("SMS"), "post": _l("Post"),
    "web": _l("Web"), "social": _l("Social networks"),
}  # fmt: skip


def bar(row: Row) -> dict[str, float] | None:
    """Where the interval and the estimate lie on a bar BAR_WIDTH wide that shows the whole scale; None without one."""
    scale = {"share": (0, 1), "nps": (-100, 100)}.get(row["unit"])
    if row["unit"] == "mean":
        scale = (row["detail"].get("scale_low"), row["detail"].get("scale_high"))
    if scale is None or None in scale or None in (row["estimate"], row["lower"], row["upper"]):
        return None
    low, high = scale
    places = {name: _on_bar(row[name], low, high) for name in ("estimate", "lower", "upper")}
    return places | {"width": round(places["upper"] - places["lower"], 1), "low": low, "high": high}


def _on_bar(value: float, low: float, high: float) -> float:
    return round(BAR_WIDTH * (min(max(value, low), high) - low) / (high - low), 1)
