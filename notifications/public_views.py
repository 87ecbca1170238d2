"""The page where a person says what they want no more of; the link alone changes nothing."""

from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from sqlalchemy import select

from foundation.accounts.security import csrf
from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from notifications import hashing, services
from notifications.forms.stops import StopForm
from notifications.models import OptOut, OptOutLink
from notifications.services.opt_out_links import of_link

bp = Blueprint("opt_out", __name__)
#: What a mail program posts for the reader who presses its own « unsubscribe » (RFC 8058).
ONE_CLICK = ("List-Unsubscribe", "One-Click")


# The token in the address is all the authority there is, and a mail program that posts it has no form of ours.
@csrf.exempt
@bp.route("/o/<token>", methods=["GET", "POST"])
@public("the link was sent to the address it speaks of")
def page(token: str) -> Any:
    """Ask first: mail programs and scanners open links, people press buttons."""
    link = _link(token)
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        services.stop_by_link(link, "survey", False, utc_now())
        db.session.commit()
        return "", 204
    form = StopForm.on(link.brand, link.principal_id is not None)
    if form.validate_on_submit():
        services.stop_by_link(link, form.topic.data or "survey", form.whom.data == "all", utc_now())
        db.session.commit()
        return redirect(url_for(".done", token=token))
    return render_template(
        "notifications/opt_out.html", link=link, form=form, stops=_stops(link), undo=Form(formdata=None), token=token
    ), form.status


@bp.get("/o/<token>/done")
@public("it says what was done, and does nothing")
def done(token: str) -> Any:
    link = _link(token)
    return render_template(
        "notifications/opt_out_done.html", link=link, stops=_stops(link), form=Form(formdata=None), token=token
    )


@bp.post("/o/<token>/undo")
@public("the link was sent to the address it speaks of")
def undo(token: str) -> Any:
    """Take back what was stopped on this page; a STOP by SMS, or one told to a person, stays."""
    services.undo_link(_link(token), utc_now())
    db.session.commit()
    return redirect(url_for(".done", token=token))


def _link(token: str) -> OptOutLink:
    """Return the page behind a link, and speak its language; where there is none, say so kindly."""
    link = db.session.scalars(select(OptOutLink).filter_by(token_hash=hashing.token_hash(token))).first()
    if link is None:
        abort(make_response(render_template("notifications/opt_out_unknown.html"), 404))
    g.language = link.language
    return link


def _stops(link: OptOutLink) -> list[OptOut]:
    return list(db.session.scalars(select(OptOut).where(*of_link(link)).order_by(OptOut.id)))
