"""The question bank: models to read, and to begin a questionnaire with."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys.bank import Model
from surveys.editing.starting import free_id
from surveys.pages.editing import THEMES
from surveys.queries.questionnaires import questionnaires
from surveys.services.questionnaires import save_draft
from surveys.storage import bank
from surveys.views.blueprint import bp
from surveys.views.questionnaires import wording_preview


@bp.get("/questionnaires/bank")
@permitted("surveys.read")
def question_bank() -> str:
    """Every model with what it measures, when to ask it and where it comes from."""
    return render_template("surveys/bank.html", models=bank(), themes=THEMES)


@bp.get("/questionnaires/bank/<model>")
@permitted("surveys.read")
def bank_model(model: str) -> str:
    """One model as it would be asked."""
    found = _model(model)
    return render_template(
        "surveys/bank_model.html",
        model=found,
        preview=wording_preview(dict(found.definition)),
        themes=THEMES,
        may_write="surveys.write" in current_permissions(),
        place=request.path,
    )


@bp.post("/questionnaires/bank/<model>/use")
@permitted("surveys.write")
def use_model(model: str) -> Any:
    """Make the model the draft of a new questionnaire; one that has its key already is left alone."""
    found = _model(model)
    key = free_id(found.key, {one.key for one in questionnaires()})
    save_draft(found.definition, utc_now(), current_user.id, key=key)
    db.session.commit()
    flash(_("A draft was made of it. Nobody is asked anything before you publish it and make a programme."))
    return redirect(url_for(".editor", key=key))


def _model(key: str) -> Model:
    return next((one for one in bank() if one.key == key), None) or abort(404)
