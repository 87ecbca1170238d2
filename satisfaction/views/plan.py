"""The plan of the next period: how many answers, and how many to ask, for a margin, a difference or a verdict."""

from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from estimation import InvalidInput
from foundation.accounts.queries import current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.forms.planning import PlanForm
from satisfaction.planning import MARGIN, Basis, Planned, planned
from satisfaction.services.planning import basis_of
from satisfaction.views.blueprint import bp

USUAL = {"goal": MARGIN, "expected": "80", "margin": "5", "response": "25"}


@bp.get("/plan")
@permitted("satisfaction.read")
def plan() -> Any:
    """Work out a size from the last period and from what is typed; nothing is kept."""
    scope = current_scope()
    choice = pages.choice(scope, request.args)
    basis = None
    if choice.programme and choice.principal and choice.span:
        basis = basis_of(choice.programme, choice.principal, choice.span, scope, utc_now())
    form = PlanForm(_given(basis))
    is_good = form.validate() if basis else True
    shown = _planned(form, basis) if basis and is_good else None
    return render_template(
        "satisfaction/plan.html", choice=choice, basis=basis, form=form, planned=shown, is_good=is_good, page=pages
    ), 200 if is_good else 400


def _given(basis: Basis | None) -> MultiDict[str, Any]:
    """What is in the address, else what the last period says."""
    usual = dict(USUAL)
    if basis and basis.expected is not None:
        usual["expected"] = str(min(max(round(100 * basis.expected, 1), 1.0), 99.0))
    if basis and basis.response_rate:
        usual["response"] = str(max(round(100 * basis.response_rate, 1), 0.1))
    typed = {name: request.args[name].replace(",", ".") for name in (*USUAL, "other") if name in request.args}
    return MultiDict(usual | typed)


def _planned(form: PlanForm, basis: Basis) -> Planned | None:
    def share(field: Any) -> float | None:
        return float(field.data) / 100 if field.data is not None else None

    try:
        return planned(
            form.goal.data,
            basis,
            expected=share(form.expected) or 0.0,
            response_rate=share(form.response) or 0.0,
            other=share(form.other),
            margin=share(form.margin) or 0.05,
        )
    except InvalidInput:
        return None
