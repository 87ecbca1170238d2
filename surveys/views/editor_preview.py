"""A draft as its customers will get it: every message by SMS with its cost, and every screen of the web."""

from typing import Any

from flask import abort, g, render_template, request

from foundation.web.access import permitted
from foundation.web.i18n import current_language
from notifications.queries.texts import in_force, price
from notifications.segments import UCS2
from notifications.texts import Wordings
from notifications.views.text_words import money
from surveys.by_sms import becomes_in_sms
from surveys.editing.previewing import Draft, draft_of, example_brand, invitation_sms, saying, thread
from surveys.views.blueprint import bp
from surveys.views.drafting import may_write, open_draft, wording
from surveys.views.phone import customer_page

PREVIEW = "/questionnaires/<key>/preview"


@bp.get(PREVIEW)
@permitted("surveys.read")
def preview_draft(key: str) -> str:
    """The whole questionnaire in one language, as far as it is written."""
    found, wordings = open_draft(key), in_force()
    draft = draft_of(found.definition)
    language = draft.version.speaks(request.args.get("wording") or current_language())
    questions = draft.version.questions
    return render_template(
        "surveys/editor_preview.html",
        found=found,
        key=key,
        chosen=language,
        thread=thread(draft, language, wordings) if questions else [],
        invitation_web=invitation_sms(draft, language, wordings, "web"),
        totals=[_total(draft, code, wordings) for code in draft.version.languages] if questions else [],
        screens=[(one, saying(draft, one, language)(one.title[language])) for one in questions],
        by_sms=becomes_in_sms(draft.version, wordings, example_brand(language)),
        price=price(),
        money=money,
        may_write=may_write(),
        **wording(),
    )


@bp.get(f"{PREVIEW}/<question_id>")
@permitted("surveys.read")
def preview_screen(key: str, question_id: str) -> str:
    """The customer's own page for a question, with sample values; its buttons lead nowhere."""
    draft = draft_of(open_draft(key).definition)
    asked = draft.version.question(question_id)
    if asked is None:
        abort(404)
    g.language = draft.version.speaks(request.args.get("wording") or current_language())
    return customer_page(draft, asked, g.language)


def _total(draft: Draft, language: str, wordings: Wordings) -> dict[str, Any]:
    """What an interview by SMS in which every question is asked costs in one language."""
    messages = thread(draft, language, wordings)
    return {
        "language": language,
        "messages": len(messages),
        "parts": sum(one.cost.parts for one in messages),
        "most": sum(one.worst.parts for one in messages),
        "is_ucs2": any(one.worst.encoding == UCS2 for one in messages),
    }
