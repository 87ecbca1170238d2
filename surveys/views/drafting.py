"""What every page of the editor begins with, and how each of its saves ends."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from foundation.accounts.queries import current_permissions, user_names
from foundation.database import db
from foundation.web.clock import utc_now
from foundation.web.i18n import current_language
from notifications.queries.texts import in_force
from surveys import editing, pages
from surveys.editing.outline import outline
from surveys.pages import editing as words
from surveys.pages.problems import problem_words
from surveys.publication import Problem
from surveys.queries.drafts import Opened, acts_at_hand, opened
from surveys.queries.questionnaires import questionnaire_by_key
from surveys.questionnaires import problems
from surveys.questions.registry import TYPES
from surveys.services import drafts
from surveys.views.blueprint import bp

#: The steps of the walk through a questionnaire that a page of the editor waits for; publishing waits for them all.
PATIENCE = 800
UNDECIDED = "too-many-ways"


class NotEditable(Exception):
    """The draft is no document that the editor can show."""

    def __init__(self, found: Opened) -> None:
        super().__init__(found.questionnaire.key)
        self.found = found


def open_draft(key: str) -> Opened:
    """What the editor shows of a questionnaire; answers 404 for one there is none of."""
    questionnaire = questionnaire_by_key(key)
    found = opened(questionnaire) if questionnaire else None
    if found is None:
        abort(404)
    if not editing.is_editable(found.definition):
        raise NotEditable(found)
    return found


@bp.errorhandler(NotEditable)
def not_editable(error: NotEditable) -> tuple[str, int]:
    """Say what is wrong with a file that the editor cannot open."""
    found = error.found
    return render_template(
        "surveys/editor_closed.html", found=found, problems=faults_of(found.definition), problem_words=problem_words
    ), 409


def faults_of(definition: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a draft, as far as it can be told at once; UNDECIDED: the rest is found before publishing."""
    return problems(definition, in_force(), PATIENCE)


def seen() -> str:
    """The content hash that the page was made from."""
    return request.form.get("seen", "")[:64]


def save(found: Opened, definition: Mapping[str, Any], act: str, subject: str = "") -> None:
    """Make it the draft and commit. Raises SurveyRefused ``draft-changed``."""
    drafts.save(found.questionnaire, seen(), definition, act, subject, utc_now(), current_user.id)
    db.session.commit()


def may_write() -> bool:
    return "surveys.write" in current_permissions()


def last_writer(found: Opened) -> str:
    """Who changed the draft last; empty if nobody is known."""
    by = found.last.by if found.last else None
    return user_names({by}).get(by, "") if by else ""


def outline_page(key: str, stale: bool = False, said: str = "") -> str:
    """The outline as it is now; ``stale``: somebody else was quicker, and nothing was done."""
    found = open_draft(key)
    undone, again = acts_at_hand(found)
    faults = faults_of(found.definition)
    decided = [fault for fault in faults if fault.code != UNDECIDED]
    return render_template(
        "surveys/editor.html",
        found=found,
        key=key,
        outline=outline(found.definition, decided, current_language()),
        undecided=len(decided) < len(faults),
        undone=undone,
        again=again,
        stale=stale,
        said=said,
        writer=last_writer(found) if stale else "",
        may_write=may_write(),
        after=request.args.get("after", ""),
        **wording(),
    )


def wording() -> dict[str, Any]:
    """The words that the templates of the editor look up."""
    return {
        "editor": words,
        "problem_words": problem_words,
        "question_types": [name for name in words.TYPES if name in TYPES],
    }


def back_to(address: str, message: str = "") -> Any:
    if message:
        flash(message)
    return redirect(address, 303)


def edit_refused(refusal: editing.EditRefused) -> str:
    """Why the editor did not do something, in a sentence."""
    found = refusal.facts.get("found", "")
    said = {
        "unknown-question": _("There is no question “%(found)s” in the draft any more.", found=found),
        "unknown-type": _("There is no such type of question."),
        "bad-id": _(
            "“%(found)s” cannot be an id. Write small letters, digits and _, beginning with a letter; the names of "
            "facts (brand, site, channel, date, reason, agent) are taken.",
            found=found,
        ),
        "id-taken": _("Another question has the id “%(found)s”. Choose another one.", found=found),
        "bad-language": _("Write a language as its code of two small letters, for example de."),
        "language-taken": _("The questionnaire has this language already."),
        "last-language": _("A questionnaire needs one language: add another before you remove this one."),
        "unknown-language": _("The questionnaire does not have this language."),
    }
    return said.get(refusal.code) or pages.refusal_words(refusal.code, refusal.facts)
