"""The outline of a draft: add, move, duplicate, delete, undo and do again."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from surveys import editing
from surveys.models import DraftRevision
from surveys.pages.editing import act_words
from surveys.queries.drafts import Opened
from surveys.refusals import SurveyRefused
from surveys.services import drafts
from surveys.views.blueprint import bp
from surveys.views.drafting import back_to, edit_refused, open_draft, outline_page, save, seen

EDIT = "/questionnaires/<key>/edit"
#: The buttons of a line, by name; the value of each is the id of its question.
LINE_ACTS = ("up", "down", "duplicate", "delete")


@bp.get(EDIT)
@permitted("surveys.read")
def editor(key: str) -> str:
    """Every question at a glance; who may not write sees the same without buttons."""
    return outline_page(key)


@bp.post(EDIT)
@permitted("surveys.write")
def edit_outline(key: str) -> Any:
    """Move, duplicate or delete the question whose button was pressed."""
    name = next((name for name in LINE_ACTS if name in request.form), "")
    return _done(key, lambda found: _line_act(found.definition, name, request.form.get(name, "")))


@bp.post(f"{EDIT}/add")
@permitted("surveys.write")
def add_question(key: str) -> Any:
    """Add a question of the chosen type, and open its form."""

    def add(found: Opened) -> tuple[Any, str, str, str]:
        after = request.form.get("after") or None
        definition, name = editing.add_question(found.definition, request.form.get("type", ""), after)
        return definition, "added", name, ""

    return _done(key, add, opens=True)


@bp.post(f"{EDIT}/undo")
@permitted("surveys.write")
def undo_edit(key: str) -> Any:
    """Take back the last act on the draft."""
    return _stepped(key, drafts.undo, _("Undone: %(act)s."))


@bp.post(f"{EDIT}/redo")
@permitted("surveys.write")
def redo_edit(key: str) -> Any:
    """Do again what was undone last."""
    return _stepped(key, drafts.redo, _("Done again: %(act)s."))


def _line_act(definition: Mapping[str, Any], name: str, question_id: str) -> tuple[Any, str, str, str]:
    """The definition after a button of a line: with the act, its subject, and what to say of it."""
    if name in ("up", "down"):
        return editing.move_question(definition, question_id, -1 if name == "up" else 1), "moved", question_id, ""
    if name == "duplicate":
        copied, copy = editing.duplicate_question(definition, question_id)
        return copied, "duplicated", copy, _("The copy has the id “%(id)s”.", id=copy)
    if name == "delete":
        return editing.delete_question(definition, question_id), "deleted", question_id, _gone(definition, question_id)
    raise editing.EditRefused("unknown-question", found=question_id)


def _gone(definition: Mapping[str, Any], question_id: str) -> str:
    """That a question is deleted, and where it is still named."""
    broken = editing.references_to(definition, question_id)
    said = _("“%(id)s” is deleted; Undo brings it back.", id=question_id)
    if not broken:
        return said
    named = ngettext(
        "%(num)s place still names it: %(places)s.",
        "%(num)s places still name it: %(places)s.",
        len(broken),
        places=", ".join(dict.fromkeys(one.question or one.field for one in broken)),
    )
    return f"{said} {named}"


def _done(key: str, act: Any, opens: bool = False) -> Any:
    """Do one act of the outline, and go back to it, or on to the form of its question."""
    found = open_draft(key)
    if found.digest != seen():
        return outline_page(key, stale=True), 409
    try:
        definition, name, subject, said = act(found)
        save(found, definition, name, subject)
    except editing.EditRefused as refusal:
        return outline_page(key, said=edit_refused(refusal)), 400
    except SurveyRefused:
        db.session.rollback()
        return outline_page(key, stale=True), 409
    if opens:
        return back_to(url_for(".edit_question", key=key, question_id=subject))
    return back_to(url_for(".editor", key=key, _anchor=None if name == "deleted" else f"q-{subject}"), said)


def _stepped(key: str, step: Any, said: str) -> Any:
    """Go one step back or forward in the history, and say whose act it was."""
    found = open_draft(key)
    try:
        row: DraftRevision = step(found.questionnaire, seen(), utc_now(), current_user.id)
    except SurveyRefused as refusal:
        db.session.rollback()
        return outline_page(key, stale=refusal.code == "draft-changed"), 409
    act = act_words(row.act, row.subject)
    db.session.commit()
    return back_to(url_for(".editor", key=key), said % {"act": act[:1].lower() + act[1:]})
