"""The first page: programmes with what each waits for, and the questionnaires."""

from flask import render_template

from foundation.accounts.queries import current_scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys.queries.programmes import programme_rows
from surveys.queries.questionnaires import questionnaires
from surveys.views.blueprint import bp


@bp.get("")
@permitted("surveys.read")
def index() -> str:
    return render_template(
        "surveys/index.html", rows=programme_rows(current_scope(), utc_now()), questionnaires=questionnaires()
    )
