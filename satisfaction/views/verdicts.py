"""One verdict's page, with a sentence to quote; and the verdicts of some days as a file."""

from collections.abc import Mapping, Sequence

from flask import Response, abort, current_app, render_template, request, url_for
from flask_login import current_user

from contacts.models import Principal
from foundation.accounts.queries import current_permissions, current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.cadences import Span
from satisfaction.forms.agreements import CADENCE_NAMES
from satisfaction.queries import programmes
from satisfaction.queries import verdicts as kept
from satisfaction.silence import points_to_turn
from satisfaction.tables import verdicts_csv
from satisfaction.targets import TARGETS
from satisfaction.verdicts import MET, NOT_MET, PROVEN
from satisfaction.views.blueprint import bp


@bp.get("/verdicts/<int:verdict_id>")
@permitted("satisfaction.read")
def verdict(verdict_id: int) -> str:
    """What was said of one place, by which rule, and on what it stands."""
    card = next(iter(kept.verdicts(current_scope(), verdict_id=verdict_id)), None) or abort(404)
    [agreement] = kept.agreements(current_scope(), agreement_id=card.agreement_id)
    principal = db.session.get_one(Principal, agreement.principal_id)
    return render_template(
        "satisfaction/verdict.html", card=card, principal=principal, points=points_of(card), page=pages,
        sites=programmes.site_names(current_scope()), unit=TARGETS[card.version.indicator].unit,
        cadences=CADENCE_NAMES, permissions=current_permissions(),
        figure=url_for(".figure", **_figure(card, principal)),
        permanent=current_app.config["PUBLIC_URL"].rstrip("/") + url_for(".verdict", verdict_id=card.id),
    )  # fmt: skip


def _figure(card: kept.VerdictCard, principal: Principal) -> dict[str, str]:
    """The address of the figure's own page."""
    programme_id = card.version.programme_id
    survey = {"survey": kept.programme_keys([programme_id])[programme_id]} if programme_id else {}
    days = pages.written_span(*card.span)
    return {"indicator": card.version.indicator, "principal": principal.key, **survey, "period": days, **card.by}


@bp.get("/verdicts.csv")
@permitted("satisfaction.read")
def verdicts_file() -> Response:
    """Give the verdicts of a principal's days as a file, and note that they were taken."""
    known = {each.key: each for each in programmes.principals(current_scope())}
    principal = known.get(request.args.get("principal", "")) or abort(404)
    cards = kept.verdicts(current_scope(), principal_id=principal.id)
    span = asked_span(sorted({card.span for card in cards}, reverse=True), request.args) or abort(404)
    written = verdicts_csv([card for card in cards if card.span == span])
    period = pages.written_span(*span)
    begin_writing()
    ledger.log_access(f"verdicts:{principal.key}", utc_now(), current_user.id, period=period)
    db.session.commit()
    name = "-".join(["verdicts", principal.key, period]).replace("/", "_")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(written, mimetype="text/csv", headers=headers)


def asked_span(spans: Sequence[Span], asked: Mapping[str, str]) -> Span | None:
    """Of the days that were judged those an address names, else the latest; NotFound where it names others."""
    if not asked.get("period"):
        return next(iter(spans), None)
    return next((one for one in spans if pages.written_span(*one) == asked["period"]), None) or abort(404)


def points_of(card: kept.VerdictCard) -> float | None:
    """How far the silent would have to differ for a proven verdict to turn."""
    if card.version.decision != PROVEN or card.state not in (MET, NOT_MET) or card.finding.get("estimate") is None:
        return None
    good = card.version.direction == "at_least"
    stands_on = card.finding["lower"] if (card.state == MET) == good else card.finding["upper"]
    if stands_on is None:
        return None
    found = points_to_turn(card.finding, card.version.rule.threshold, stands_on)
    return None if found is None else abs(found)
