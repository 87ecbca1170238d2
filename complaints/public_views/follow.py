"""Following a case with reference and code: where it stands, what was written, what one may do."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from complaints import lifecycle, pages, services
from complaints.errors import ActRefused
from complaints.forms import ConfirmForm, CustomerAppealForm, CustomerWordsForm, FollowForm
from complaints.keys import case_key
from complaints.lifecycle import CUSTOMER_ACTOR
from complaints.models import Case
from complaints.public_views.base import bp, remember, remembered
from complaints.queries.cases import case_view, thread
from complaints.references import read_reference, same_code
from complaints.replay import replay
from complaints.services.turns import history
from foundation.accounts.security import limiter
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now

WHY = "the code, told to the complainant alone, protects the case"
#: Compared with when the reference is unknown, so that the answer takes as long.
NOBODY = "0" * 64

DONE = {
    "receive_message": _l("Your message is with the person who handles your case."),
    "file_appeal": _l("Your appeal is registered."),
    "withdraw": _l("Your complaint is withdrawn."),
}


@bp.route("/follow", methods=["GET", "POST"])
@public(WHY)
# Per address, not per case: a stranger's guesses must not lock the complainant out, and 70 bits bear guessing.
@limiter.limit("20 per hour", methods=["POST"])
def follow() -> Any:
    """Ask for reference and code; show the case to whoever has both."""
    form = FollowForm()
    if form.validate_on_submit():
        case = _opened(form.reference.data, form.code.data)
        if case is not None:
            remember("follow", case, utc_now())
            return redirect(url_for(".follow"))
        # One sentence for both, so that nobody learns which references exist.
        form.reference.errors = [_("This reference and this code do not go together. Please check both.")]
        return render_template("complaint/follow_sign_in.html", form=form), 400
    case = remembered("follow", utc_now())
    if case is None or request.method == "POST":
        return render_template("complaint/follow_sign_in.html", form=form), form.status
    return _render(case)


@bp.post("/follow/leave")
@public("ends the visit of whoever asks")
def leave() -> Any:
    """Close the case on this device."""
    session.pop("follow", None)
    return redirect(url_for(".follow"))


@bp.route("/follow/message", methods=["GET", "POST"])
@public(WHY)
def message() -> Any:
    """Write to the handler."""
    return _act(
        "receive_message",
        CustomerWordsForm(),
        lambda case, form: services.receive_message(case.id, form.words.data, utc_now(), key=form.key.data),
    )


@bp.route("/follow/appeal", methods=["GET", "POST"])
@public(WHY)
def appeal() -> Any:
    """Contest the answer, in time or late."""
    return _act(
        "file_appeal",
        CustomerAppealForm(),
        lambda case, form: services.file_appeal(case.id, utc_now(), form.words.data or "", key=form.key.data),
    )


@bp.route("/follow/withdraw", methods=["GET", "POST"])
@public(WHY)
def withdraw() -> Any:
    """Withdraw the complaint."""
    return _act("withdraw", ConfirmForm(), lambda case, form: services.withdraw(case.id, utc_now(), key=form.key.data))


def _opened(reference: str, code: str) -> Case | None:
    read = read_reference(reference)
    case = db.session.scalars(select(Case).filter_by(reference=str(read))).first()
    fits = same_code(case.secret_hash if case else NOBODY, case_key(), code)
    return case if fits else None


def _act(event: str, form: Any, do: Callable[[Case, Any], Case]) -> Any:
    """Show the form of an act and carry it out; words are kept on the page whatever happens."""
    case = remembered("follow", utc_now())
    if case is None:
        return render_template("complaint/follow_again.html", typed=_typed(form)), 403
    g.language = case.language
    if form.validate_on_submit():
        try:
            do(case, form)
        except ActRefused as refusal:
            db.session.rollback()
            return _render(case, pages.reason(refusal.event, refusal.code), _typed(form)), 409
        db.session.commit()
        flash(str(DONE[event]))
        return redirect(url_for(".follow"))
    possible = possible_acts(case)
    if event not in possible and not (event == "file_appeal" and "file_late_appeal" in possible):
        return _render(case, pages.reason(event, "not-now")), 409
    late = event == "file_appeal" and "file_late_appeal" in possible
    page = render_template(f"complaint/{event}.html", view=case_view(case, utc_now()), form=form, late=late)
    return page, form.status


def _typed(form: Any) -> str:
    return form.words.data or "" if request.method == "POST" and "words" in form else ""


def possible_acts(case: Case) -> list[str]:
    """Return what the complainant may do now."""
    situation = replay(history(case.id)).situation(utc_now())
    events = ("receive_message", "file_appeal", "file_late_appeal", "withdraw")
    return [act.event for act in lifecycle.verdicts(events, situation, CUSTOMER_ACTOR) if act.allowed]


def _render(case: Case, refusal: str = "", typed: str = "") -> str:
    g.language = case.language
    return render_template(
        "complaint/follow.html",
        view=case_view(case, utc_now()),
        thread=thread(case.id, with_notes=False),
        possible=possible_acts(case),
        refusal=refusal,
        typed=typed,
    )
