"""The page of one comment, and what may be done about it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts.models import Principal
from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.i18n import current_language
from satisfaction import pages
from satisfaction.comments import Comment
from satisfaction.forms.comments import kinds_words
from satisfaction.queries import emergencies, programmes
from satisfaction.queries.anonymous_comments import anonymous_comment
from satisfaction.queries.comments import comment_of
from satisfaction.services.emergencies import take_in_hand
from satisfaction.views.blueprint import bp
from surveys.models import Draw, Invitation, Programme


@dataclass(frozen=True)
class Found:
    """A comment with what it hangs on; ``asked`` is its invitation, or of anonymous words their draw."""

    comment: Comment
    asked: Invitation | Draw

    @property
    def invitation(self) -> Invitation | None:
        return self.asked if isinstance(self.asked, Invitation) else None


def found_or_404(key: str) -> Found:
    """The comment of that name, if whoever is signed in may read it."""
    kind, _colon, rest = key.partition(":")
    found: Any = None
    if kind == "event" and rest.isdecimal() and len(rest) < 16:
        found = comment_of(int(rest), current_scope(), current_language())
    elif kind == "anonymous" and rest.partition(":")[0].isdecimal():
        found = anonymous_comment(key, current_scope(), current_language())
    return Found(*found) if found else abort(404)


@bp.get("/comments/<key>")
@permitted("satisfaction.comments")
def comment(key: str) -> str:
    """Show one comment and what was done about it."""
    return show(found_or_404(key))


def show(found: Found, **more: Any) -> str:
    """The page of a comment; ``more`` are forms that were refused."""
    emergency = emergencies.emergency_of(found.comment.key)
    programme = db.session.get_one(Programme, found.comment.programme_id)
    principal = db.session.get_one(Principal, found.asked.principal_id)
    return render_template(
        "satisfaction/comment.html",
        found=found,
        each=found.comment,
        emergency=emergency,
        kinds_words=kinds_words,
        principal=principal,
        names={programme.id: programme.name},
        staff=user_names({emergency.taken_by} if emergency and emergency.taken_by else set()),
        sites=programmes.site_names(current_scope()),
        wanted=None,
        page=pages,
        may_act="satisfaction.edit_comments" in current_user.permissions,
        **more,
    )


@bp.post("/comments/<key>/in-hand")
@permitted("satisfaction.edit_comments")
def take_emergency(key: str) -> Any:
    """Say that whoever is signed in looks after an emergency."""
    found = found_or_404(key)
    emergency = emergencies.emergency_of(found.comment.key) or abort(404)
    if take_in_hand(emergency, current_user.id, utc_now()):
        db.session.commit()
        flash(_("You have this in hand. Nobody else is told of it any more."))
    else:
        db.session.rollback()
        flash(_("Somebody else has it in hand already."), "bad")
    return redirect(url_for(".comment", key=key))
