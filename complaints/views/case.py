"""The page of one case, and the acts that need one button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from complaints import lifecycle, pages, services
from complaints.errors import ActRefused, StaleCase
from complaints.forms import new_key
from complaints.lifecycle import Situation, Verdict
from complaints.models import Case
from complaints.queries import cases
from complaints.queries.dues import days_of
from complaints.replay import replay
from complaints.services.turns import history
from complaints.views.base import actor, bp, case_or_404, said
from foundation.accounts.queries import current_permissions
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now

BUTTONS: dict[str, Callable[..., Case]] = {
    "assign": services.assign,
    "assign_appeal": services.assign_appeal,
    "accept_late_appeal": services.accept_late_appeal,
    "refer_late_appeal": services.refer_late_appeal,
    "close": services.close,
}
#: In the order in which they are offered.
OFFERED = (
    "assign", "acknowledge", "decide", "accept_late_appeal", "refer_late_appeal", "assign_appeal", "decide_appeal",
    "entrust", "place", "send_message", "receive_message", "note", "classify", "file_appeal", "file_late_appeal",
    "close", "withdraw",
)  # fmt: skip
#: What somebody may look for and not find, by state; the rest would only be noise.
EXPECTED = {
    lifecycle.RECEIVED: {"decide", "close"},
    lifecycle.IN_PROGRESS: {"close"},
    lifecycle.APPEALED: {"decide_appeal", "close"},
    lifecycle.APPEAL_IN_PROGRESS: {"close"},
}
#: Acts that move a case on: whoever may not do them is told who may.
MOVING = {"assign", "decide", "assign_appeal", "decide_appeal", "accept_late_appeal", "refer_late_appeal", "close"}


@dataclass(frozen=True)
class Refused:
    """An act that is not possible, why, and who could."""

    event: str
    reason: Any
    people: list[str]


@bp.get("/<reference>")
@permitted("complaints.read")
def case(reference: str) -> str:
    """Show a case, and note that it was read."""
    found = case_or_404(reference)
    page = render_case(found)
    subject = f"complaint:{found.reference}"
    begin_writing()
    ledger.log_access(subject, utc_now(), actor().id)
    db.session.commit()
    return page


@bp.post("/<reference>/do/<event>")
@permitted("complaints.read")
def press(reference: str, event: str) -> Any:
    """Carry out an act that needs nothing typed."""
    found = case_or_404(reference)
    if event not in BUTTONS:
        abort(404)
    try:
        seen = request.form.get("version", type=int)
        changed = BUTTONS[event](found.id, actor().id, utc_now(), seen=seen or 0, key=request.form.get("key") or None)
    except (ActRefused, StaleCase) as refusal:
        db.session.rollback()
        return render_case(case_or_404(reference), refusal_words(refusal, found)), 409
    db.session.commit()
    flash(_("Done: %(event)s.", event=pages.EVENTS[event]))
    return redirect(url_for(".case", reference=changed.reference))


def render_case(found: Case, refusal: str = "") -> str:
    """Return the page of a case; ``refusal`` says why what was asked did not happen."""
    now = utc_now()
    situation = replay(history(found.id)).situation(now)
    acts = lifecycle.verdicts(OFFERED, situation, actor())
    following = lifecycle.next_act(situation, actor())
    chosen = request.args.get("why", "")
    return render_template(
        "complaints/case.html",
        view=cases.case_view(found, now),
        thread=said(found),
        lines=cases.history_lines(found.id),
        following=following,
        following_refused=refused(following, found, situation) if following and not following.allowed else None,
        possible=[act.event for act in acts if act.allowed and (following is None or act.event != following.event)],
        refused=_worth_telling(acts, following, found, situation),
        buttons=BUTTONS.keys(),
        chosen=chosen,
        days={clock.kind: days_of(clock) for clock in found.clocks if clock.kind == chosen},
        key=new_key(),
        refusal=refusal,
        can_act=bool(current_permissions() & _all_permissions()),
    )


def _all_permissions() -> set[str]:
    return {by for rule in lifecycle.RULES for by in rule.by}


def _worth_telling(acts: list[Verdict], following: Verdict | None, found: Case, situation: Situation) -> list[Refused]:
    """The refusals somebody may wonder about, but that of the next act, which is told beside its date."""
    told = [act for act in acts if act != following and _is_missed(act, situation.state)]
    return [refused(act, found, situation) for act in told]


def _is_missed(act: Verdict, state: str) -> bool:
    if act.reason == "not-now":
        return act.event in EXPECTED.get(state, ())
    if act.reason == "not-yours":
        return act.event in MOVING
    return act.reason in {"not-in-charge", "first-handler"} or (act.event, act.reason) == ("close", "window-open")


def refused(act: Verdict, found: Case, situation: Situation) -> Refused:
    """Return why ``act`` is refused, and whom to ask."""
    people: list[str] = []
    if act.reason in {"not-yours", "first-handler"}:
        apart = situation.first_people if act.event in {"assign_appeal", "decide_appeal"} else frozenset()
        people = cases.people_who_may(act.by, found, apart)
    return Refused(act.event, pages.reason(act.event, act.reason or ""), people)


def refusal_words(refusal: ActRefused | StaleCase, found: Case) -> str:
    """Return why nothing was done."""
    if isinstance(refusal, StaleCase):
        return _("Something happened to this case since you opened the page. Nothing was done; please look again.")
    situation = replay(history(found.id)).situation(utc_now())
    told = refused(Verdict(refusal.event, refusal.code, refusal.by), found, situation)
    if told.people:
        return _("Not done: %(reason)s (%(people)s).", reason=told.reason, people=", ".join(told.people))
    return _("Not done: %(reason)s.", reason=told.reason)
