"""Sites, channels, periods, principals and versions side by side; and a figure from period to period."""

from typing import Any

from flask import Response, abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.charts.control import control_chart
from satisfaction.charts.course import course_chart
from satisfaction.charts.differences import differences_chart
from satisfaction.charts.funnel import funnel_chart
from satisfaction.comparing import Compared
from satisfaction.following import Point, trend_of, watched
from satisfaction.pages import Choice
from satisfaction.queries import programmes
from satisfaction.services import comparing
from satisfaction.tables import compared_csv, course_csv
from satisfaction.views.blueprint import bp


@bp.get("/compare")
@permitted("satisfaction.read")
def compare() -> str:
    """Show places, periods, principals or versions side by side."""
    choice, question, dimension = _asked()
    standardised = request.args.get("mix") == "one"
    found = comparing.compare(question, dimension, standardised) if question else None
    return render_template(
        "satisfaction/compare.html",
        **_common(choice, question),
        dimension=dimension,
        dimensions=comparing.DIMENSIONS,
        standardised=standardised,
        found=found,
        label=lambda name: _label(name, dimension),
        against=lambda row: _label(row.against, dimension) if row.against else None,
        drawn_rows=_chart(found, dimension) if found else None,
        funnel=_funnel(found, dimension) if found and found.funnel else None,
    )


@bp.get("/compare.csv")
@permitted("satisfaction.read")
def compare_csv() -> Response:
    """Give the comparison as a file, and note that it was taken."""
    choice, question, dimension = _asked()
    found = comparing.compare(question, dimension, request.args.get("mix") == "one") if question else None
    if found is None:
        abort(404)
    return _file(choice, f"compare-{dimension}", compared_csv(found.rows, found.unit))


@bp.get("/follow")
@permitted("satisfaction.read")
def follow() -> str:
    """Show how a figure went from period to period."""
    choice, question, _dimension = _asked()
    points = comparing.course_of(question) if question else []
    chart = watched(points) if question and _is_share(question) else None
    return render_template(
        "satisfaction/follow.html",
        **_common(choice, question),
        points=points,
        unit=_unit(question) if question else "share",
        trend=trend_of(points),
        watched=chart,
        course=_course(points, _unit(question)) if any(point.side for point in points) and question else None,
        control=_control(chart) if chart else None,
    )


@bp.get("/follow.csv")
@permitted("satisfaction.read")
def follow_csv() -> Response:
    """Give the course as a file, and note that it was taken."""
    choice, question, _dimension = _asked()
    if question is None:
        abort(404)
    return _file(choice, "follow", course_csv(comparing.course_of(question)))


def _asked() -> tuple[Choice, comparing.Question | None, str]:
    scope, now = current_scope(), utc_now()
    choice = pages.choice(scope, request.args)
    dimension = request.args.get("by", "site")
    if dimension not in comparing.DIMENSIONS:
        abort(404)
    if not (choice.programme and choice.principal and choice.span):
        return choice, None, dimension
    known = comparing.indicators_of(choice.programme, choice.span, scope, now)
    indicator = request.args.get("what") or next(iter(known), None)
    if indicator is None:
        return choice, None, dimension
    if indicator not in known:
        abort(404)
    question = comparing.Question(choice.programme, choice.principal, choice.span, indicator, scope, now)
    return choice, question, dimension


def _common(choice: Choice, question: comparing.Question | None) -> dict[str, Any]:
    known = comparing.indicators_of(question.programme, question.span, question.scope, question.now) if question else []
    return {
        "choice": choice,
        "page": pages,
        "indicators": known,
        "indicator": question.indicator if question else None,
        "address": {
            **choice.address,
            **{name: request.args[name] for name in ("what", "by", "mix") if name in request.args},
        },
    }


def _unit(question: comparing.Question) -> str:
    return next(each.unit for each in pages.indicators.SURVEY_INDICATORS if each.code == question.indicator)


def _is_share(question: comparing.Question) -> bool:
    return _unit(question) == "share"


def _label(name: str, dimension: str) -> str:
    if dimension == "site":
        return programmes.site_names(current_scope()).get(name, name)
    if dimension == "channel":
        return pages.channel_words(name)
    if dimension == "period":
        first, last = name.split("/")
        return pages.span_words((pages.iso_day(first), pages.iso_day(last)))
    if dimension == "version":
        return _("Version %(number)s", number=name)
    return name


def _chart(found: comparing.Comparison, dimension: str) -> dict[str, Any] | None:
    rows = [_drawn(row, dimension) for row in found.rows if row.side and row.side.figure.limits]
    if len(rows) < 2:
        return None
    whole = found.whole.figure.estimate if found.whole and dimension in ("site", "channel") else None
    return differences_chart(rows, whole, found.unit, _("Result"))


def _drawn(row: Compared, dimension: str) -> dict[str, Any]:
    assert row.side and row.side.figure.limits
    lower, upper = row.side.figure.limits
    value = row.side.figure.estimate
    return {
        "label": _label(row.name, dimension), "value": value, "lower": lower, "upper": upper, "differs": row.differs,
    }  # fmt: skip


def _funnel(found: comparing.Comparison, dimension: str) -> dict[str, Any]:
    assert found.funnel
    rows = [
        {
            "label": _label(point.label, dimension), "size": point.size, "value": point.value,
            "low_95": point.limits_95.lower, "high_95": point.limits_95.upper,
            "low_998": point.limits_998.lower, "high_998": point.limits_998.upper, "outside": point.outside,
        }
        for point in found.funnel.points
    ]  # fmt: skip
    return funnel_chart(rows, found.funnel.target, (_("Answers this is worth"), _("Result")))


def _course(points: list[Point], unit: str) -> dict[str, Any]:
    rows = [
        {
            "label": pages.span_words((point.first_day, point.last_day)),
            "value": point.side.figure.estimate if point.side else None,
            "lower": point.side.figure.limits.lower if point.side and point.side.figure.limits else None,
            "upper": point.side.figure.limits.upper if point.side and point.side.figure.limits else None,
            "series": point.series,
            "chosen": False,
        }
        for point in points
    ]
    return course_chart(rows, unit, _("Result"), _("question changed"))


def _control(chart: Any) -> dict[str, Any]:
    signals = {*chart.outside, *chart.runs}
    rows = [
        {
            "label": pages.span_words((point.first_day, point.last_day)),
            "value": point.side.figure.estimate,
            "lower": chart.laney.lower_limits[place],
            "upper": chart.laney.upper_limits[place],
            "signals": place in signals,
        }
        for place, point in enumerate(chart.points)
    ]
    return control_chart(rows, chart.laney.center, _("Result"))


def _file(choice: Choice, what: str, written: str) -> Response:
    begin_writing()
    ledger.log_access(f"{what}:{choice.address['principal']}", utc_now(), current_user.id, **choice.address)
    db.session.commit()
    name = "-".join([what, *choice.address.values()]).replace("/", "_")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(written, mimetype="text/csv", headers=headers)
