"""What belongs to the questionnaire as a whole: its title, its languages, its own messages by SMS."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.web.access import permitted
from foundation.web.i18n import current_language
from notifications.queries.texts import in_force
from notifications.texts import Text
from surveys import editing
from surveys.editing.fields import settings_fields, settings_of, tidy
from surveys.message_texts import MESSAGES
from surveys.pages.editing import language_name, place_words
from surveys.publication import Problem
from surveys.queries.drafts import Opened
from surveys.refusals import SurveyRefused
from surveys.views.blueprint import bp
from surveys.views.drafting import (
    back_to,
    edit_refused,
    faults_of,
    last_writer,
    may_write,
    open_draft,
    save,
    seen,
    wording,
)
from surveys.views.editor import EDIT


@bp.get(f"{EDIT}/settings")
@permitted("surveys.read")
def edit_settings(key: str) -> str:
    found = open_draft(key)
    return _page(found, settings_fields(found.definition))


@bp.post(f"{EDIT}/settings")
@permitted("surveys.write")
def save_settings(key: str) -> Any:
    """Save the title, the messages and the most parts, wrong or not."""
    found, typed = open_draft(key), _typed()
    if found.digest != seen():
        return _page(found, typed, theirs=_theirs(found, typed)), 409
    try:
        save(found, settings_of(typed, found.definition), "settings")
    except SurveyRefused:
        db.session.rollback()
        found = open_draft(key)
        return _page(found, typed, theirs=_theirs(found, typed)), 409
    return back_to(url_for(".edit_settings", key=key), _("Saved."))


@bp.post(f"{EDIT}/languages")
@permitted("surveys.write")
def edit_languages(key: str) -> Any:
    """Add a language, or remove one with all that was written in it; Undo brings that back."""
    found = open_draft(key)
    removed, added = request.form.get("remove", ""), tidy(request.form.get("language", "")).lower()
    if found.digest != seen():
        return _page(found, settings_fields(found.definition), theirs=[]), 409
    try:
        change = editing.remove_language if removed else editing.add_language
        save(found, change(found.definition, removed or added), "language", removed or added)
    except editing.EditRefused as refusal:
        return _page(found, settings_fields(found.definition), refusal=edit_refused(refusal), language=added), 400
    except SurveyRefused:
        db.session.rollback()
        found = open_draft(key)
        return _page(found, settings_fields(found.definition), theirs=[]), 409
    said = _("%(language)s is removed, with all that was written in it. Undo, on the page of the questions, brings it "
             "back.", language=language_name(removed))  # fmt: skip
    return back_to(
        url_for(".edit_settings", key=key),
        said if removed else _("%(language)s is added: its words are now missing.", language=language_name(added)),
    )


def _typed() -> dict[str, str]:
    return {name: values[-1] for name, values in request.form.lists() if name not in ("csrf_token", "seen", "act")}


def _theirs(found: Opened, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the other wrote that differs from what was typed: (field, text)."""
    saved = settings_fields(found.definition)
    names = [name for name in saved if name in typed and tidy(saved[name]) != tidy(typed[name])]
    return [(place_words(name), saved[name]) for name in names]


def _page(found: Opened, fields: Mapping[str, str], theirs: Any = None, refusal: str = "", language: str = "") -> str:
    wordings = in_force()

    def text_of(name: str) -> Text:
        found = wordings.catalogue.get(f"surveys.{name}", "sms")
        assert found is not None, "every message is in the catalogue"
        return found

    return render_template(
        "surveys/editor_settings.html",
        found=found,
        key=found.questionnaire.key,
        fields=fields,
        faults=_by_field(faults_of(found.definition)),
        theirs=theirs,
        writer=last_writer(found) if theirs is not None else "",
        refusal=refusal,
        typed_language=language,
        messages=list(MESSAGES),
        called=lambda name: text_of(name).title[current_language()],
        usual=lambda name, code: wordings.of(f"surveys.{name}", "sms", code).body,
        may_write=may_write(),
        **wording(),
    )


def _by_field(faults: list[Problem]) -> dict[str, list[Problem]]:
    places: dict[str, list[Problem]] = {}
    for fault in faults:
        if fault.where.startswith("questions."):
            continue
        language = fault.facts.get("language")
        has_own = language and fault.where.startswith(("title", "messages."))
        places.setdefault(f"{fault.where}.{language}" if has_own else fault.where, []).append(fault)
    return places
