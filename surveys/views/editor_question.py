"""One question: every field of it on one form, in all languages side by side, with its preview beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.web.access import permitted
from foundation.web.i18n import current_language
from notifications.queries.texts import in_force, price
from notifications.views.text_words import money
from surveys import editing
from surveys.editing.fields import fields_of, question_of, renamed_choices, rows, tidy
from surveys.editing.outline import problems_of, title_in
from surveys.editing.previewing import draft_with
from surveys.editing.starting import refitted
from surveys.pages.editing import place_words
from surveys.publication import Problem
from surveys.queries.drafts import Opened
from surveys.questions.registry import TYPES
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
from surveys.views.phone import phone_pages

QUESTION = f"{EDIT}/questions/<question_id>"
BLANK_CHOICES, BLANK_JUMPS = 2, 1
MORE = 5


@dataclass(frozen=True)
class Conflict:
    """Somebody was quicker. ``theirs`` is what they wrote where it differs: (field, text); None: they deleted it."""

    writer: str
    theirs: Sequence[tuple[str, str]] | None


@bp.get(QUESTION)
@permitted("surveys.read")
def edit_question(key: str, question_id: str) -> Any:
    """The form of a question, with what is wrong with it beside each field."""
    found = open_draft(key)
    try:
        question = editing.question_in(found.definition, question_id)
    except editing.EditRefused as refusal:
        return back_to(url_for(".editor", key=key), edit_refused(refusal))
    return _page(found, question, fields_of(question, _languages(found, question)))


@bp.post(QUESTION)
@permitted("surveys.write")
def save_question(key: str, question_id: str) -> Any:
    """Save what was typed, wrong or not; or only show it, with more rows or in the preview, when that was asked for."""
    found, typed = open_draft(key), typed_fields()
    current = _current(found.definition, question_id)
    old = current or {"id": question_id, "type": "comment", "title": {}}
    question = _read(typed, old, found)
    if request.form.get("act") in ("preview", "choices", "jumps"):
        return _page(found, question, typed, more=request.form["act"])
    if found.digest != seen():
        return _page(found, question, typed, conflict=_conflict(found, current, typed)), 409
    try:
        definition = _with(found.definition, current, question, renamed_choices(typed))
        save(found, definition, "changed" if current else "added", question["id"])
    except editing.EditRefused as refusal:
        return _page(found, question, typed, refusal=edit_refused(refusal)), 400
    except SurveyRefused:
        db.session.rollback()
        return _page(open_draft(key), question, typed, conflict=_conflict(found, current, typed)), 409
    return _saved(key, question["id"])


@bp.post(f"{QUESTION}/preview")
@permitted("surveys.write")
def preview_question(key: str, question_id: str) -> str:
    """The preview alone, for the page to show while somebody types; nothing is kept."""
    found, typed = open_draft(key), typed_fields()
    old = _current(found.definition, question_id) or {"id": question_id, "type": "comment", "title": {}}
    return render_template("surveys/_question_preview.html", **_shown(found, _read(typed, old, found)))


def typed_fields() -> dict[str, str]:
    """What was posted, by field; of a box and the empty field before it, the last counts."""
    return {name: values[-1] for name, values in request.form.lists() if name not in ("csrf_token", "seen", "act")}


def _read(typed: Mapping[str, str], old: Mapping[str, Any], found: Opened) -> dict[str, Any]:
    """The question that was typed; one that became another type has that type's choices."""
    question = question_of(typed, old, _languages(found, old))
    kind = question["type"]
    if kind not in TYPES:
        return {**question, "type": old["type"]}
    return refitted(question, kind, found.definition["languages"]) if kind != old["type"] else question


def _with(
    definition: Mapping[str, Any], current: Any, question: dict[str, Any], choices: Mapping[str, str]
) -> dict[str, Any]:
    """The definition with the question; one that somebody deleted meanwhile stands at the end again."""
    if current is None:
        return editing.restore_question(definition, question)
    return editing.replace_question(definition, current["id"], question, choices)


def _saved(key: str, question_id: str) -> Any:
    faults = problems_of(faults_of(open_draft(key).definition), question_id)
    if request.form.get("act") == "close" or not faults:
        return back_to(url_for(".editor", key=key, _anchor=f"q-{question_id}"), _("Saved."))
    return back_to(
        url_for(".edit_question", key=key, question_id=question_id),
        _("Saved. What is still to be put right is marked."),
    )


def _conflict(found: Opened, current: Mapping[str, Any] | None, typed: Mapping[str, str]) -> Conflict:
    """Whatever the other wrote that differs from what was typed."""
    if current is None:
        return Conflict(last_writer(found), None)
    saved = fields_of(current, _languages(found, current))
    names = [name for name in saved if name in typed and tidy(saved[name]) != tidy(typed[name])]
    shown = [(name, saved[name]) for name in names if not name.endswith((".old", ".order"))]
    return Conflict(last_writer(found), [(_field(name), value) for name, value in shown])


def _field(name: str) -> str:
    *steps, last = name.split(".")
    if len(last) == 2 and steps:
        return f"{place_words('.'.join(steps))} ({last})"
    return place_words(name)


def _current(definition: Mapping[str, Any], question_id: str) -> dict[str, Any] | None:
    return next((raw for raw in definition["questions"] if raw["id"] == question_id), None)


def _languages(found: Opened, question: Mapping[str, Any]) -> list[str]:
    """Those of the questionnaire, then those this question has texts in all the same."""
    languages = list(found.definition["languages"])
    texts = [question.get(key) for key in editing.TEXTS] + [one.get("label") for one in question.get("choices", [])]
    for said in texts:
        languages += [code for code in said if code not in languages] if isinstance(said, Mapping) else []
    return languages


def _page(
    found: Opened,
    question: Mapping[str, Any],
    fields: Mapping[str, str],
    more: str = "",
    refusal: str = "",
    conflict: Conflict | None = None,
) -> str:
    kind = TYPES[question["type"]]
    question_id = (request.view_args or {})["question_id"]
    faults = problems_of(faults_of(found.definition), question_id)
    ids = [raw["id"] for raw in found.definition["questions"]]
    place = ids.index(question_id) if question_id in ids else len(ids)
    return render_template(
        "surveys/editor_question.html",
        place=place,
        ids=ids,
        earlier=found.definition["questions"][:place],
        later=found.definition["questions"][place + 1 :],
        fields=fields,
        kind=kind,
        languages=_languages(found, question),
        choice_rows=_rows(fields, "choices", MORE if more == "choices" else BLANK_CHOICES, kind.choice_ids is None),
        jump_rows=_rows(fields, "jumps", MORE if more == "jumps" else BLANK_JUMPS, True),
        faults=_by_field(faults, question),
        refusal=refusal,
        conflict=conflict,
        title_of=lambda raw: title_in(raw, [current_language(), *found.definition["languages"]]),
        pages=sorted({str(raw["page"]) for raw in found.definition["questions"] if raw.get("page")}),
        may_write=may_write(),
        **_shown(found, question),
    )


def _rows(fields: Mapping[str, str], name: str, blank: int, grows: bool) -> list[str]:
    """The rows to show: those with something in them, and some to write in."""
    there = [row for row in rows(fields, name) if _has_something(fields, row)]
    last = max((int(row.rpartition(".")[2]) for row in there), default=-1)
    return there + [f"{name}.{last + 1 + number}" for number in range(blank if grows else 0)]


def _has_something(fields: Mapping[str, str], row: str) -> bool:
    return any(value.strip() for name, value in fields.items() if name.startswith(f"{row}.") and ".order" not in name)


def _by_field(faults: Sequence[Problem], question: Mapping[str, Any]) -> dict[str, list[Problem]]:
    """The problems by the field they stand beside: title.fr, choices.2.label.en, visible_if …; "" for none."""
    places: dict[str, list[Problem]] = {}
    rows_of = {str(choice.get("id")): str(number) for number, choice in enumerate(question.get("choices", []))}
    for fault in faults:
        steps = fault.where.split(".")[2:]
        if steps[:1] == ["choices"] and len(steps) > 1:
            steps[1] = rows_of.get(steps[1], steps[1])
        language = str(fault.facts.get("language", ""))
        if steps and language and steps[-1] in (*editing.TEXTS, "label"):
            steps.append(language)
        places.setdefault(".".join(steps), []).append(fault)
    return places


def _shown(found: Opened, question: Mapping[str, Any]) -> dict[str, Any]:
    """What the preview of a question needs."""
    draft = draft_with(found.definition, question)
    asked = draft.version.question(question["id"])
    return {
        "found": found,
        "key": found.questionnaire.key,
        "question_id": (request.view_args or {})["question_id"],
        "previews": phone_pages(draft, asked, in_force()) if asked else [],
        "price": price(),
        "money": money,
        **wording(),
    }
