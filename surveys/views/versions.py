"""Versions of a questionnaire: two of them side by side, and taking one out of use."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys import pages
from surveys.edit_classes import CLASSES, breaking
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.pages import changes as words
from surveys.queries.questionnaires import questionnaire_by_key, version_numbered
from surveys.queries.versions import Compared, compare
from surveys.refusals import SurveyRefused
from surveys.services.questionnaires import retire
from surveys.views.blueprint import bp


@bp.get("/questionnaires/<key>/compare")
@permitted("surveys.read")
def compare_versions(key: str) -> str:
    """Show what was changed from one version to another: without numbers, from the last but one to the last."""
    found = _questionnaire(key)
    new = _version(found, "to", -1)
    earlier = [one for one in found.versions if one.number < new.number] or [new]
    old = _version(found, "from", earlier[-1].number)
    shown = compare(old, new)
    return render_template("surveys/compare.html", questionnaire=found, shown=shown, **changes_shown(shown))


def changes_shown(shown: Compared) -> dict[str, Any]:
    """What the list of changes is written from."""
    found = shown.found or ()
    titles = words.titles_of(shown.old.definition, shown.new.definition) if shown.found is not None else {}
    return {
        "groups": words.groups(found, titles),
        "moved": words.moved(found),
        "titles": titles,
        "breaks": breaking(found),
        "counts": {kind: sum(change.kind == kind for change in found) for kind in reversed(CLASSES)},
        "classes": words.CLASSES,
        "meanings": words.MEANINGS,
    }


@bp.post("/questionnaires/<key>/<int:number>/retire")
@permitted("surveys.write")
def retire_version(key: str, number: int) -> Any:
    """Take a published version out of use."""
    found = _questionnaire(key)
    try:
        retire(found.id, number, utc_now(), current_user.id)
    except SurveyRefused as refusal:
        db.session.rollback()
        if refusal.code == "unknown-version":
            abort(404)
        flash(pages.refused(refusal))
    else:
        db.session.commit()
        flash(_("Version %(number)s is retired. What runs on it finishes.", number=number))
    return redirect(url_for(".questionnaire", key=key, number=number))


def _version(found: Questionnaire, name: str, usual: int) -> QuestionnaireVersion:
    """The version that the address names; ``usual`` is a number, or -1 for the last."""
    asked = request.args.get(name, usual, type=int)
    version = version_numbered(found, found.versions[-1].number if asked == -1 and found.versions else asked)
    return version or abort(404)


def _questionnaire(key: str) -> Questionnaire:
    return questionnaire_by_key(key) or abort(404)
