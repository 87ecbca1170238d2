"""Pages of coverage: the ladder of a programme over its draws, and outcome rates."""

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, render_template, request, url_for

from contacts.models import Principal
from foundation.database import db
from foundation.web.access import permitted
from surveys import outcome_rates
from surveys.ladder import Ladder, Rungs, by_code, lines
from surveys.models import Draw
from surveys.queries.draws import period_of
from surveys.views.blueprint import bp
from surveys.views.outcomes import (
    as_csv,
    asked_days,
    asked_draw,
    asked_ladder,
    asked_programme,
    covered_of,
    names_of,
    own_sites,
    strata_names,
)
from surveys.views.rungs import opener


@bp.get("/programmes/<key>/coverage")
@permitted("surveys.read")
def coverage(key: str) -> str:
    """Show where every contact of a programme's draws went: by period, by stratum, and the outcome rates."""
    found = asked_programme(key)
    covered = covered_of(found)
    together = covered.together
    return render_template(
        "surveys/coverage.html",
        programme=found,
        principal=db.session.get_one(Principal, found.principal_id),
        covered=covered,
        ladder=together,
        by_file=all(not one.draw.terms.uses_addresses for one in covered.draws),
        names=strata_names(covered),
        codes=by_code(together.overall),
        opens=opener("programme_contacts", covered.is_anonymous, {"key": key, **asked_days()}),
        days=asked_days(),
        sites=own_sites(),
        **_rates(together.overall),
    )


@bp.get("/programmes/<key>/coverage.csv")
@permitted("surveys.read")
def coverage_csv(key: str) -> Response:
    """The ladders of all draws and their sum as one table; ``draw`` and ``stratum`` are empty for all."""
    covered = covered_of(asked_programme(key))
    whole: list[tuple[Any, ...]] = [("", "", "", *row) for row in _ladder_rows(covered.together)]
    for one in covered.draws:
        whole += [(one.draw.id, one.first_day, one.last_day, *row) for row in _ladder_rows(one.ladder)]
    head = ("draw", "first_day", "last_day", "stratum", "step", "reason", "aapor", "count")
    return as_csv(head, whole, f"coverage-{key}.csv")


def _ladder_rows(ladder: Ladder) -> Iterator[tuple[Any, ...]]:
    for name, rungs in (("", ladder.overall), *ladder.strata.items()):
        yield from ((name, *line) for line in lines(rungs))


@bp.get("/programmes/<key>/rates.csv")
@permitted("surveys.read")
def programme_rates_csv(key: str) -> Response:
    """Every outcome rate of the programme's draws together, whole and by stratum."""
    rows = outcome_rates.rate_rows(covered_of(asked_programme(key)).together)
    return as_csv(outcome_rates.HEADER, rows, f"rates-{key}.csv")


@bp.get("/draws/<int:draw_id>/rates")
@permitted("surveys.read")
def draw_rates(draw_id: int) -> str:
    """Show all outcome rates of a draw, or of one stratum of it, with what each divides."""
    found = asked_draw(draw_id)
    ladder, names = asked_ladder(found), names_of(found)
    stratum = request.args.get("stratum")
    if stratum is not None and stratum not in ladder.strata:
        abort(404)
    return render_template(
        "surveys/rates.html",
        **_head(found),
        ladder=ladder,
        names=names,
        stratum=stratum,
        sites=own_sites(),
        link=lambda name: url_for(".draw_rates", draw_id=draw_id, stratum=name),
        **_rates(ladder.overall if stratum is None else ladder.strata[stratum]),
    )


@bp.get("/draws/<int:draw_id>/rates.csv")
@permitted("surveys.read")
def draw_rates_csv(draw_id: int) -> Response:
    """Every outcome rate of a draw, whole and by stratum."""
    rows = outcome_rates.rate_rows(asked_ladder(asked_draw(draw_id)))
    return as_csv(outcome_rates.HEADER, rows, f"rates-{draw_id}.csv")


def _rates(rungs: Rungs) -> dict[str, Any]:
    return {
        "table": outcome_rates.outcome_table(rungs),
        "otherwise": outcome_rates.contacted_otherwise(rungs),
        "tables_of": outcome_rates.outcome_table,
        "formulas": outcome_rates.FORMULAS,
    }


def _head(draw: Draw) -> dict[str, Any]:
    principal = db.session.get_one(Principal, draw.principal_id)
    return {"draw": draw, "programme": draw.programme, "principal": principal, "period": period_of(draw)}
