"""The page where a person says that they want no more surveys; the link alone changes nothing."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from sqlalchemy import select

from foundation.database import db
from foundation.web.access import public
from foundation.web.clock import utc_now
from foundation.web.forms import Form
from notifications import hashing, services
from notifications.models import OptOutLink

bp = Blueprint("opt_out", __name__)


@bp.route("/o/<token>", methods=["GET", "POST"])
@public("the link was sent to the address it speaks of")
def page(token: str) -> Any:
    """Ask first: mail programs and scanners open links, people press buttons."""
    link = _link(token)
    if link is None:
        return render_template("notifications/opt_out_unknown.html"), 404
    g.language = link.language
    form = Form()
    if form.validate_on_submit():
        services.stop_by_link(link, "survey", False, utc_now())
        db.session.commit()
        return redirect(url_for(".done", token=token))
    return render_template("notifications/opt_out.html", link=link, address=link.hint, form=form)


@bp.get("/o/<token>/done")
@public("it says what was done, and does nothing")
def done(token: str) -> Any:
    link = _link(token)
    if link is None:
        return render_template("notifications/opt_out_unknown.html"), 404
    g.language = link.language
    return render_template("notifications/opt_out_done.html", link=link, address=link.hint)


def _link(token: str) -> OptOutLink | None:
    return db.session.scalars(select(OptOutLink).filter_by(token_hash=hashing.token_hash(token))).first()
