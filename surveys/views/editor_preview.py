"""A draft as its customers will get it: every message by SMS with its cost, and every screen of the web."""

from typing import Any

from flask import abort, g, render_template, request

from foundation.web.access import permitted
from foundation.web.i18n import current_language
from notifications.queries.texts import in_force, price
from notifications.views.text_words import money
from surveys.editing.previewing import invitation_sms, piped, thread, version_of
from surveys.views.blueprint import bp
from surveys.views.drafting import may_write, open_draft, wording
from surveys.views.phone import customer_page

PREVIEW = "/questionnaires/<key>/preview"


@bp.get(PREVIEW)
@permitted("surveys.read")
def preview_draft(key: str) -> str:
    """The whole questionnaire in one language, as far as it is written."""
    found, wordings = open_draft(key), in_force()
    version = version_of(found.definition)
    language = version.speaks(request.args.get("wording") or current_language())
    messages = thread(version, language, wordings) if version.questions else []
    return render_template(
        "surveys/editor_preview.html",
        found=found,
        key=key,
        chosen=language,
        thread=messages,
        invitation_web=invitation_sms(version, language, wordings, "web"),
        totals=[_total(version, code, wordings) for code in version.languages] if version.questions else [],
        screens=[(one, piped(version, one.title[language], language)) for one in version.questions],
        price=price(),
        money=money,
        may_write=may_write(),
        **wording(),
    )


@bp.get(f"{PREVIEW}/<question_id>")
@permitted("surveys.read")
def preview_screen(key: str, question_id: str) -> str:
    """The customer's own page for a question, with sample values; its buttons lead nowhere."""
    found = open_draft(key)
    version = version_of(found.definition)
    asked = version.question(question_id)
    if asked is None:
        abort(404)
    g.language = version.speaks(request.args.get("wording") or current_language())
    return customer_page(version, asked, g.language)


def _total(version: Any, language: str, wordings: Any) -> dict[str, Any]:
    """What an interview by SMS in which every question is asked costs in one language."""
    messages = thread(version, language, wordings)
    return {
        "language": language,
        "messages": len(messages),
        "parts": sum(one.cost.parts for one in messages),
        "most": sum(one.worst.parts for one in messages),
        "is_ucs2": any(one.worst.encoding == "ucs2" for one in messages),
    }
