"""The first page: how it stands."""

from flask import render_template, request

from foundation.accounts.queries import current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.services import report
from satisfaction.views.blueprint import bp


@bp.get("")
@permitted("satisfaction.read")
def home() -> str:
    choice = pages.choice(current_scope(), request.args)
    found = None
    if choice.span and choice.principal:
        found = report(
            first_day=choice.span[0], last_day=choice.span[1], now=utc_now(), scope=current_scope(),
            survey_key=choice.programme and choice.programme.key, principal_key=choice.principal.key,
        )  # fmt: skip
    return render_template("satisfaction/home.html", choice=choice, report=found, page=pages)
