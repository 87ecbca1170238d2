"""The planner of a programme: how many to ask, at which cost, and what other rules would leave out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask import abort, current_app, render_template, request
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from contacts.models import Principal
from contacts.queries.reasons import reason_labels
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from notifications.queries.texts import price
from notifications.views.text_words import money
from surveys import pages
from surveys.allocation import Plan
from surveys.designs import Design
from surveys.eligibility import Rules
from surveys.forms.designs import thousandths
from surveys.forms.plan import PlanForm
from surveys.forms.rules import cap_typed, rules_typed
from surveys.models import ProgrammeVersion
from surveys.planning import Messages, Option, asked_for, compared, option, response_of, takes
from surveys.queries.draws import site_names
from surveys.queries.past import known_past
from surveys.queries.planning import Asked, Counted, counted, last_closed, messages_of, pace_of
from surveys.queries.programmes import programme_in_scope
from surveys.refusals import SurveyRefused
from surveys.views.blueprint import bp

USUAL_MARGIN = Decimal(5)


@dataclass(frozen=True)
class Planned:
    """One set of rules: what it counts, what it takes for the margin, and what that costs."""

    counted: Counted
    option: Option
    expected_parts: int = 0
    most_parts: int = 0


@bp.get("/programmes/<key>/plan")
@permitted("surveys.read")
def plan(key: str) -> Any:
    """Work out a draw on the last closed period, under the rules in force and under others; nothing is kept."""
    found = programme_in_scope(key, current_scope())
    if found is None:
        abort(404)
    terms, principal = found.terms_at(utc_now()), db.session.get_one(Principal, found.principal_id)
    form, period = PlanForm(_given(terms)), last_closed(found.principal_id)
    is_good = form.validate()
    shown: dict[str, Any] = {"programme": found, "principal": principal, "terms": terms, "form": form, "period": period}
    if period is None or not is_good:
        return render_template("surveys/plan.html", **shown, plans=None), 200 if is_good else 400
    past = asked_for(known_past(found, terms), thousandths(form.response.data))
    wanted = _plan(terms, form, past)
    messages = messages_of(terms, principal)
    now = _planned(counted(Asked.of(terms), period), wanted, messages)
    tried = _tried(terms, form)
    what_if = _planned(counted(tried, period), wanted, messages) if tried != Asked.of(terms) else None
    plans = [one for one in (now, what_if) if one]
    names = _names(terms, principal.id, now.counted)
    return render_template(
        "surveys/plan.html",
        **shown,
        plans=plans,
        wanted=(form.margin.data or USUAL_MARGIN),
        response=response_of(known_past(found, terms)),
        compared=[now.option, *compared(now.counted.held, now.option.total, wanted)],
        names=names,
        refused=lambda refusal: _refused(refusal, names),
        messages=messages,
        price=price(),
        money=money,
        takes=[takes(one.expected_parts, pace_of(principal, current_app.config["SMS_RATE"])) for one in plans],
        may_price="notifications.texts" in current_user.permissions,
    )


def _given(terms: ProgrammeVersion) -> MultiDict[str, Any]:
    """What is in the address, else what the programme says."""
    design = Design.from_json(terms.design)
    said = rules_typed(Rules.from_json(terms.rules)) | {"quarantine_days": terms.quarantine_days}
    said["margin"] = USUAL_MARGIN if design.margin is None else Decimal(design.margin) / 10
    names = ("margin", "quarantine_days", "per_person", "complaint", "answered_days", "answered")
    usual = MultiDict({name: str(said[name]) for name in names})
    for name in request.args:
        usual[name] = request.args[name]
    return usual


def _plan(terms: ProgrammeVersion, form: PlanForm, past: Any) -> Plan:
    design = Design.from_json(terms.design)
    margin = thousandths(form.margin.data or USUAL_MARGIN)
    return Plan("precision", None, terms.minimum, completes=design.completes, past=past, margin=margin)


def _tried(terms: ProgrammeVersion, form: PlanForm) -> Asked:
    """The rules in force with what was typed in their place."""
    rules = replace(
        Rules.from_json(terms.rules),
        per_person=cap_typed(form.per_person.data),
        complaint=form.complaint.data or "delay",
        answered_days=form.answered_days.data or 0,
        answered=form.answered.data or "delay",
    )
    return replace(Asked.of(terms), rules=rules.to_json(), quarantine_days=form.quarantine_days.data or 0)


def _planned(found: Counted, wanted: Plan, messages: Messages | None) -> Planned:
    chosen = option(found.held, wanted)
    if messages is None:
        return Planned(found, chosen)
    answered, asked = wanted.past.response.get("", (1, 1))
    return Planned(found, chosen, messages.expected(chosen.total, answered / asked), messages.most(chosen.total))


def _names(terms: ProgrammeVersion, principal_id: int, found: Counted) -> dict[str, str]:
    known = site_names(), reason_labels(principal_id, str(get_locale()))
    return {stratum: pages.stratum_words(terms.strata, values, *known) for stratum, values in found.values.items()}


def _refused(refusal: SurveyRefused, names: Mapping[str, str]) -> str:
    """Why it cannot be, the stratum called as in the table."""
    named = {key: names.get(fact, fact) if key == "stratum" else fact for key, fact in refusal.facts.items()}
    return pages.refusal_words(refusal.code, named)
