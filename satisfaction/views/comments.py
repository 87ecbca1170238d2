"""The page on which the words of customers are read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import abort, render_template, request

from contacts.frames import BadPeriod, days_of
from contacts.models import Principal
from contacts.vocabulary import CHANNELS
from foundation.accounts.queries import current_scope
from foundation.accounts.scope import Scope
from foundation.web.access import permitted
from foundation.web.i18n import current_language
from satisfaction import pages
from satisfaction.comments import BANDS, FEWEST, Wanted
from satisfaction.forms.comments import kinds_words
from satisfaction.queries import anonymous_comments, comment_tags, comments, emergencies, programmes
from satisfaction.views.blueprint import bp
from surveys.models import Programme
from surveys.themes import THEMES

MOST_WORDS = 100


@dataclass(frozen=True)
class Reading:
    """What the reader chose, and what there is to choose from. ``wanted`` is None where there is no principal."""

    principals: list[Principal]
    principal: Principal | None
    programmes: list[Programme]
    programme: Programme | None
    periods: list[tuple[date, date]]
    wanted: Wanted | None

    @property
    def is_narrowed(self) -> bool:
        """Whether less than all comments of the principal were asked for."""
        return bool(self.address(anonymous=False).keys() - {"principal"})

    def address(self, **changes: Any) -> dict[str, Any]:
        """What brings one back to the same comments, but for ``changes``."""
        if self.wanted is None or self.principal is None:
            return {}
        wanted = replace(self.wanted, **changes)
        parts: dict[str, Any] = {
            "principal": self.principal.key,
            "survey": self.programme and self.programme.key,
            "period": wanted.days and pages.written_span(*wanted.days),
            "kind": "anonymous" if wanted.anonymous else None,
            "before": wanted.before or None,
            "score": wanted.band,
            "q": wanted.words,
            "tag": None if wanted.code_id is None else wanted.code_id or "none",
        } | {name: getattr(wanted, name) for name in ("site", "channel", "theme")}
        return {name: value for name, value in parts.items() if value}


@bp.get("/comments", endpoint="comments")
@permitted("satisfaction.comments")
def comments_page() -> str:
    """Show the newest words of customers, narrowed by what the address asks for."""
    scope = current_scope()
    reading = read_choice(scope, request.args)
    brand = reading.principal.brand if reading.principal else ""
    found, asked = None, comments.asked_in([each.id for each in reading.programmes], brand)
    if reading.wanted:
        read = anonymous_comments.anonymous_comments if reading.wanted.anonymous else comments.comments
        found = read(reading.wanted, scope, asked, current_language())
    codes = comment_tags.codes(reading.wanted.principal_id) if reading.wanted else []
    return render_template(
        "satisfaction/comments.html",
        reading=reading,
        wanted=reading.wanted,
        found=found,
        has_anonymous=reading.wanted and anonymous_comments.has_anonymous(reading.wanted.principal_id, scope),
        sites=programmes.site_names(scope),
        names={each.id: each.name for each in reading.programmes},
        channels=CHANNELS,
        bands=BANDS,
        themes=[theme for theme in THEMES if theme in asked.themes or any(theme == code.theme for code in codes)],
        codes=codes,
        tags=comment_tags.tags_of([one.key for one in found.comments] if found else []),
        fewest=FEWEST,
        emergencies=emergencies.waiting(scope, reading.wanted.principal_id) if reading.wanted else [],
        kinds_words=kinds_words,
        page=pages,
    )


def read_choice(scope: Scope, asked: Mapping[str, str]) -> Reading:
    """Read an address; what it does not give narrows nothing. What is out of scope does not exist: NotFound."""
    principals, owned = programmes.principals(scope), programmes.programmes(scope)
    programme = _named(owned, asked.get("survey"))
    principal = _named(principals, asked.get("principal")) or next(
        (each for each in principals if programme and each.id == programme.principal_id), next(iter(principals), None)
    )
    mine = [each for each in owned if principal and each.principal_id == principal.id]
    programme = programme if programme in mine else None
    periods = [(each.first_day, each.last_day) for each in programmes.closed_periods(principal.id)] if principal else []
    wanted = principal and Wanted(
        principal_id=principal.id,
        programme_id=programme and programme.id,
        days=_days(asked.get("period")),
        site=_one_of(asked.get("site"), programmes.site_names(scope)),
        channel=_one_of(asked.get("channel"), CHANNELS),
        band=_one_of(asked.get("score"), BANDS),
        theme=_one_of(asked.get("theme"), THEMES),
        code_id=_code(asked.get("tag"), principal),
        words=asked.get("q", "").strip()[:MOST_WORDS],
        anonymous=asked.get("kind") == "anonymous",
        before=_count(asked.get("before")),
    )
    return Reading(principals, principal, mine, programme, periods[::-1], wanted)


def _named(found: list[Any], key: str | None) -> Any:
    if not key:
        return None
    return next((each for each in found if each.key == key), None) or abort(404)


def _days(written: str | None) -> tuple[date, date] | None:
    try:
        return days_of(written) if written else None
    except BadPeriod:
        abort(404)


def _one_of(asked: str | None, known: Any) -> str:
    if asked and asked not in known:
        abort(404)
    return asked or ""


def _code(written: str | None, principal: Any) -> int | None:
    """The id of a tag; 0 for comments without any, None for all. That of another principal is passed over."""
    if not written or written == "none":
        return 0 if written else None
    known = {str(code.id): code.id for code in comment_tags.codes(principal.id, retired=True)}
    return known.get(written)


def _count(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 16 else 0
