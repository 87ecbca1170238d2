"""Pages of questionnaires: see, import, publish."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.i18n import current_language
from notifications.queries.texts import in_force
from surveys import pages
from surveys.by_sms import BySms, becomes_in_sms
from surveys.edit_classes import breaking
from surveys.formats.report import Imported
from surveys.forms import ImportForm, PublishForm
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.pages import changes as class_words
from surveys.pages.dropped import counted, dropped_words, state_words
from surveys.previews import Preview, preview
from surveys.publication import forbidding
from surveys.queries.questionnaires import latest_version, questionnaire_by_key, version_numbered
from surveys.queries.versions import classes_of, programmes_asking, since_published
from surveys.questionnaires import compile_version, content_hash, problems
from surveys.refusals import SurveyRefused
from surveys.services.exchange import read_questionnaire
from surveys.services.questionnaires import publish, save_draft
from surveys.sms_texts import contact_phrase
from surveys.storage import model_definition, model_keys
from surveys.views.blueprint import bp

# What stands in the preview where a customer's own contact and link will.
EXAMPLE_CONTACT = ("phone", "in", date(2026, 11, 17), "")
EXAMPLE_LINK = "https://exemple.fr/s/k7x2m9q4w8c3n5"


@bp.get("/questionnaires/<key>")
@bp.get("/questionnaires/<key>/<int:number>")
@permitted("surveys.read")
def questionnaire(key: str, number: int | None = None) -> str:
    """The questionnaire as it will be asked: its draft, else the last version published, or the one of ``number``."""
    found = _questionnaire(key)
    version = version_numbered(found, number) if number else latest_version(found)
    if version is None:
        abort(404)
    return _page(found, version)


def _page(found: Questionnaire, version: QuestionnaireVersion, refusal: SurveyRefused | None = None) -> str:
    faults = [] if version.published_at else problems(version.definition, in_force())
    edits = since_published(found, version)
    return render_template(
        "surveys/questionnaire.html",
        edits=edits,
        broken=breaking(edits.found) if edits and edits.found else {},
        edit_classes=classes_of(found),
        class_words=class_words,
        asking=programmes_asking(version.id, utc_now(), current_scope()),
        questionnaire=found,
        version=version,
        problems=faults,
        preview=None if forbidding(faults) else wording_preview(version.definition),
        by_sms=None if forbidding(faults) else _by_sms(version.definition),
        form=PublishForm(formdata=None, seen=content_hash(version.definition)),
        refusal=refusal,
    )


def wording_preview(definition: dict[str, Any]) -> Preview:
    """The definition in the language that the address or the reader wants, with sample values."""
    language = request.args.get("wording") or current_language()
    contact = contact_phrase(*EXAMPLE_CONTACT, language)
    return preview(definition, language, _("Your brand"), contact, EXAMPLE_LINK, in_force())


def _by_sms(definition: dict[str, Any]) -> list[BySms]:
    return becomes_in_sms(compile_version(definition), in_force(), _("Your brand"))


@bp.post("/questionnaires/<key>/publish")
@permitted("surveys.write")
def publish_questionnaire(key: str) -> Any:
    """Freeze the draft that was looked at."""
    found, form = _questionnaire(key), PublishForm()
    if not form.validate():
        return redirect(url_for(".questionnaire", key=key))
    try:
        version = publish(found.id, form.seen.data, utc_now(), current_user.id)
    except SurveyRefused as refusal:
        shown = latest_version(found)
        return (_page(found, shown, refusal), 409) if shown else abort(404)
    number = version.number
    db.session.commit()
    flash(_("Version %(number)s is published. It never changes from now on.", number=number))
    return redirect(url_for(".questionnaire", key=key))


@bp.route("/questionnaires/import", methods=["GET", "POST"])
@permitted("surveys.write")
def import_questionnaire() -> Any:
    """Make a model or a file the draft of the next version."""
    form = ImportForm()
    form.model.choices = [SelectChoice("", _("none: a file")), *(SelectChoice(key, key) for key in model_keys())]
    if form.validate_on_submit():
        try:
            imported = _imported(form)
            version = save_draft(imported.definition, utc_now(), current_user.id)
        except SurveyRefused as refusal:
            form.file.errors = [pages.refused(refusal)]
        else:
            key = version.questionnaire.key
            db.session.commit()
            if imported.dropped or imported.sources:
                words = {"dropped_words": dropped_words, "state_words": state_words, "counted": counted}
                return render_template("surveys/imported.html", key=key, imported=imported, **words)
            return redirect(url_for(".questionnaire", key=key))
    return render_template("surveys/import.html", form=form), form.status


def _imported(form: ImportForm) -> Imported:
    if form.file.data:
        return read_questionnaire(form.file.data.read(), form.file.data.filename or "")
    return Imported(model_definition(form.model.data), [])


def _questionnaire(key: str) -> Questionnaire:
    found = questionnaire_by_key(key)
    if found is None:
        abort(404)
    return found
