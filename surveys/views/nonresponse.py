"""The non-response page of a programme: respondents against the frame."""

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, render_template

from contacts.models import Principal
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from surveys.anonymity import ANONYMOUS, TOGETHER
from surveys.nonresponse import NonResponse
from surveys.pages.nonresponse import value_words, variable_words
from surveys.queries.coverage import made_draws
from surveys.queries.draws import site_names
from surveys.queries.nonresponse import draw_nonresponse
from surveys.queries.past import asked_question
from surveys.views.blueprint import bp
from surveys.views.integrity import chosen_draw
from surveys.views.outcomes import as_csv, asked_ladder, asked_programme, names_of, own_sites

COLUMNS = (
    "draw", "population_name", "variable", "value", "frame", "asked", "responded", "frame_share", "respondent_share",
    "difference", "lower", "upper", "p_value", "p_adjusted",
)  # fmt: skip


@bp.get("/programmes/<key>/non-response")
@permitted("surveys.read")
def non_response(key: str) -> str:
    """Show who responded against whom we meant to ask; ``draw`` names the draw, by default the latest."""
    programme = asked_programme(key)
    draw = chosen_draw(programme)
    is_anonymous = draw is not None and draw.terms.promise == ANONYMOUS
    names = names_of(draw) if draw else {}
    sites = site_names()
    return render_template(
        "surveys/nonresponse.html",
        programme=programme,
        principal=db.session.get_one(Principal, programme.principal_id),
        draws=made_draws(programme),
        draw=draw,
        is_anonymous=is_anonymous,
        ladder=asked_ladder(draw) if draw and is_anonymous else None,
        found=draw_nonresponse(draw, current_scope()) if draw and not is_anonymous else None,
        names=names,
        question=asked_question(draw.terms) if draw else "",
        variable=variable_words,
        value=lambda name, said: value_words(name, said, sites),
        together=TOGETHER,
        own_sites=own_sites(),
    )


@bp.get("/programmes/<key>/non-response.csv")
@permitted("surveys.read")
def non_response_csv(key: str) -> Response:
    """Every row of the page; not of an anonymous draw, which tells its strata on its ladder."""
    draw = chosen_draw(asked_programme(key))
    if draw is None or draw.terms.promise == ANONYMOUS:
        abort(404)
    found = draw_nonresponse(draw, current_scope())
    rows = ((draw.id, draw.population_name, *row) for row in _rows(found))
    return as_csv(COLUMNS, list(rows), f"non-response-{key}-{draw.id}.csv")


def _rows(found: NonResponse) -> Iterator[tuple[Any, ...]]:
    for name, rows in found.tables.items():
        for row in rows:
            gaps = (row.difference, *(None if one is None else one - row.frame_share for one in (row.lower, row.upper)))
            counts = (row.value, row.frame, row.asked, row.responded, row.frame_share, row.share)
            yield (name, *counts, *gaps, row.p_value, row.adjusted)
