"""The list of indicators: what each counts, how, after whom, from which data."""

from flask import render_template, request

from foundation.accounts.queries import current_scope
from foundation.web.access import permitted
from satisfaction import pages
from satisfaction.methods import ENTRIES
from satisfaction.views.blueprint import bp


@bp.get("/indicators")
@permitted("satisfaction.read")
def indicators() -> str:
    choice = pages.choice(current_scope(), request.args)
    return render_template("satisfaction/indicators.html", choice=choice, entries=ENTRIES, page=pages)
