"""Acts that need something typed; each is one form on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from complaints import forms, lifecycle, pages, services
from complaints.errors import ActRefused, StaleCase
from complaints.models import Case
from complaints.queries import cases
from complaints.replay import replay
from complaints.services.acts import acknowledgement_text
from complaints.services.decisions import appeal_letter, decision_letter
from complaints.services.texts import mediator_line
from complaints.services.turns import Turn, history
from complaints.views.base import actor, bp, case_or_404, said
from complaints.views.case import refusal_words, render_case
from contacts.models import Principal, Site
from foundation.accounts.queries import current_scope, scoped
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now


@dataclass(frozen=True)
class Act:
    """A form, the sentence above it, its button, and what it does with what was typed."""

    form: type[forms.ActForm]
    intro: Any
    button: Any
    do: Callable[[Case, Any, dict[str, Any]], Case]
    letter: Callable[[Turn, str, str], Any] | None = None
    #: Fills in what may be chosen and returns it; ``nothing`` says that there is none.
    choose: Callable[[Case, Any], list[Any]] | None = None
    nothing: Any = ""


def _choose_colleague(case: Case, form: Any) -> list[Any]:
    people = cases.colleagues_for(case, replay(history(case.id)).situation(utc_now()))
    form.colleague.choices = [(str(person.id), person.name) for person in people]
    return people


def _choose_site(case: Case, form: Any) -> list[Any]:
    mine = scoped(select(Site).order_by(Site.name), current_scope(), site=Site.id)
    sites = list(db.session.scalars(mine))
    form.site.choices = [(str(site.id), site.name) for site in sites]
    return sites


ACTS = {
    "entrust": Act(
        forms.EntrustForm,
        _l("Only those who see the case and may take it are named; for an appeal, nobody who handled the complaint."),
        _l("Give it to them"),
        lambda case, form, click: services.entrust(case.id, int(form.colleague.data), **click),
        choose=_choose_colleague,
        nothing=_l("Nobody else may take it."),
    ),
    "place": Act(
        forms.PlaceForm,
        _l("From now on its staff see the case, and new delays count its holidays. Dates already promised stay."),
        _l("Keep the site"),
        lambda case, form, click: services.place(case.id, int(form.site.data), **click),
        choose=_choose_site,
        nothing=_l("There is no site to choose from."),
    ),
    "acknowledge": Act(
        forms.AcknowledgeForm,
        _l("It goes to the customer as it stands here; by SMS goes a short form of it."),
        _l("Send the acknowledgement"),
        lambda case, form, click: services.acknowledge(case.id, body=form.words.data, **click),
    ),
    "send_message": Act(
        forms.WordsForm,
        _l("The customer reads it and can answer."),
        _l("Send the message"),
        lambda case, form, click: services.send_message(case.id, form.words.data, **click),
    ),
    "receive_message": Act(
        forms.HeardForm,
        _l("Write it down as they say it. They see it on their page."),
        _l("Keep what they said"),
        lambda case, form, click: services.receive_message(
            case.id, form.words.data, click["now"], form.channel.data, click["actor_id"], click["key"]
        ),
    ),
    "note": Act(
        forms.NoteForm,
        _l("Only staff read it. The customer never does."),
        _l("Keep the note"),
        lambda case, form, click: services.note(case.id, form.words.data, **click),
    ),
    "classify": Act(
        forms.ClassifyForm,
        _l("For the register and for what is learnt from it."),
        _l("Keep the category"),
        lambda case, form, click: services.classify(case.id, form.category.data, **click),
    ),
    "decide": Act(
        forms.DecideForm,
        _l(
            "The letter adds the way to appeal and the mediator. Read it before it is sent: it cannot be changed after."
        ),
        _l("Send the answer"),
        lambda case, form, click: services.decide(case.id, form.outcome.data, form.words.data, **click),
        decision_letter,
    ),
    "decide_appeal": Act(
        forms.DecideAppealForm,
        _l("This is the last internal answer. The letter adds the mediator. It cannot be changed after."),
        _l("Send the answer to the appeal"),
        lambda case, form, click: services.decide_appeal(case.id, form.outcome.data, form.words.data, **click),
        appeal_letter,
    ),
    "file_appeal": Act(
        forms.AppealForm,
        _l("The customer need not give a reason. After the window, the appeal is kept and marked late."),
        _l("Register the appeal"),
        lambda case, form, click: services.file_appeal(
            case.id, click["now"], form.words.data, form.channel.data, click["actor_id"], click["key"]
        ),
    ),
    "withdraw": Act(
        forms.WithdrawForm,
        _l("Only the customer can wish it. Keep how you know: a call, a letter, a message."),
        _l("Withdraw the complaint"),
        lambda case, form, click: services.withdraw(case.id, reason=form.words.data, **click),
    ),
}
ACTS["file_late_appeal"] = ACTS["file_appeal"]


@bp.route("/<reference>/act/<event>", methods=["GET", "POST"])
@permitted("complaints.read")
def act(reference: str, event: str) -> Any:
    """Show the form of an act, its letter where there is one, and carry it out."""
    found = case_or_404(reference)
    wanted = ACTS.get(event) or abort(404)
    verdict = lifecycle.verdict(event, replay(history(found.id)).situation(utc_now()), actor())
    form = wanted.form()
    if wanted.choose and not wanted.choose(found, form):
        return render_case(found, wanted.nothing), 409
    if not verdict.allowed and request.method == "GET":
        return render_case(found, refusal_words(ActRefused(event, verdict.reason or "", verdict.by), found)), 409
    if request.method == "GET":
        form.version.data = found.version
        _propose_text(form, event, found)
    # Whoever may not act is not shown the letter either: it names the customer.
    if form.validate_on_submit() and not (verdict.allowed and "preview" in request.form):
        return _carry_out(wanted, found, form, event)
    return _render(found, event, form, _letter(wanted, found, form)), form.status if form.errors else 200


def _carry_out(wanted: Act, found: Case, form: Any, event: str) -> Any:
    click = {"actor_id": actor().id, "now": utc_now(), "seen": form.version.data, "key": form.key.data}
    seen = form.version.data
    try:
        wanted.do(found, form, click)
    except (ActRefused, StaleCase) as refusal:
        db.session.rollback()
        found = case_or_404(found.reference)
        form.version.data = found.version
        form.version.raw_data = None
        return _render(found, event, form, None, refusal_words(refusal, found), seen), 409
    db.session.commit()
    flash(_("Done: %(event)s.", event=pages.EVENTS[event]))
    return redirect(url_for(".case", reference=found.reference))


def _render(found: Case, event: str, form: Any, letter: Any, refusal: str = "", seen: int | None = None) -> str:
    """Show the form with what was typed and, where somebody was quicker, with what they did and wrote."""
    news = cases.history_lines(found.id, after=seen) if seen is not None else []
    since = news[0].at if news else None
    return render_template(
        "complaints/act.html",
        case=found,
        event=event,
        act=ACTS[event],
        form=form,
        letter=letter,
        has_mediator=bool(mediator_line(db.session.get_one(Principal, found.principal_id))),
        refusal=refusal,
        news=news,
        new_words=[item for item in said(found) if since and item.at >= since],
        zone=cases.case_view(found, utc_now()).zone,
        recent=[item for item in said(found) if item.side == "in"][-3:],
    )


def _propose_text(form: Any, event: str, found: Case) -> None:
    if event == "acknowledge":
        form.words.data = acknowledgement_text(_turn(found)).body
    if event == "classify":
        form.category.data = found.category


def _letter(wanted: Act, found: Case, form: Any) -> Any:
    """The letter as it would be sent now, once its reasons are typed."""
    if wanted.letter is None or request.method != "POST" or form.errors:
        return None
    return wanted.letter(_turn(found), form.outcome.data, form.words.data)


def _turn(found: Case) -> Turn:
    return Turn(found, replay(history(found.id)), actor(), utc_now())
