"""The page of what goes with overall satisfaction."""

from typing import Any

from flask import render_template, request

from foundation.accounts.queries import current_permissions, current_scope
from foundation.web import charts
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages, services
from satisfaction.charts.importance import importance_chart
from satisfaction.comments import Wanted
from satisfaction.pages import Choice
from satisfaction.queries import comment_tags, explanations
from satisfaction.views.blueprint import bp


@bp.get("/explain")
@permitted("satisfaction.read")
def explain() -> str:
    """Show drivers, importance against performance, reliability, and what comments speak of."""
    choice = pages.choice(current_scope(), request.args)
    found = None
    if choice.programme and choice.span:
        found = explanations.kept(choice.programme.id, *choice.span, current_scope())
    result = found.result if found else None
    return render_template(
        "satisfaction/explain.html", choice=choice, found=found, result=result, page=pages,
        performance=_performance(choice) if result and not result["refusal"] else {}, drawn=charts.chart,
        importance_chart=importance_chart, sees_all=current_scope().site_ids is None, **_comments(choice),
    )  # fmt: skip


def _performance(choice: Choice) -> dict[str, Any]:
    """Theme → its published figure; one that may not be shown is left out."""
    assert choice.span and choice.programme and choice.principal
    report = services.report(
        first_day=choice.span[0], last_day=choice.span[1], now=utc_now(), scope=current_scope(),
        survey_key=choice.programme.key, principal_key=choice.principal.key, by=(),
    )  # fmt: skip
    rows = pages.rows_of(report["results"], {})
    found = {code.removeprefix("theme_"): row for code, row in rows.items() if code.startswith("theme_")}
    return {theme: row for theme, row in found.items() if row["estimate"] is not None}


def _comments(choice: Choice) -> dict[str, Any]:
    """How many comments bear each tag and theme of the code frame, for whoever reads comments."""
    if "satisfaction.comments" not in current_permissions() or not (choice.principal and choice.span):
        return {"codes": None}
    wanted = Wanted(choice.principal.id, choice.programme and choice.programme.id, choice.span)
    scope = current_scope()
    return {"codes": comment_tags.by_code(wanted, scope), "by_theme": comment_tags.by_theme(wanted, scope)}
