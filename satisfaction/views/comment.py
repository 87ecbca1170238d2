"""The page of one comment, and what may be done about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts.models import Principal
from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from foundation.web.filters import local_date
from foundation.web.i18n import current_language
from satisfaction import pages
from satisfaction.comments import Comment
from satisfaction.forms.comments import (
    COMMENT_REFUSALS,
    MASK_REASONS,
    ActionForm,
    CaseForm,
    MaskForm,
    TagForm,
    kinds_words,
)
from satisfaction.queries import comment_actions, comment_tags, emergencies, programmes
from satisfaction.queries.anonymous_comments import anonymous_comment
from satisfaction.queries.comments import comment_of
from satisfaction.services.comments import Act, CommentRefused, mask, tag
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
def comment(key: str) -> Any:
    """Show one comment and what was done about it; one that words of were masked may have another name since."""
    if since := comment_tags.name_since(key):
        return redirect(url_for(".comment", key=since))
    return show(found_or_404(key))


def show(found: Found, **refused: Any) -> str:
    """The page of a comment; ``refused`` are forms as they were typed."""
    maskings = comment_tags.maskings_of(found.comment.key)
    emergency = emergencies.emergency_of(found.comment.key)
    actions = comment_actions.actions_of(found.comment.key)
    acted = [emergency and emergency.taken_by, *(row.masked_by for row in maskings), *(row.owner_id for row in actions)]
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
        maskings=maskings,
        mask_reasons=MASK_REASONS,
        tags=comment_tags.tags_of([found.comment.key]),
        forms=_forms(found) | refused,
        actions=actions,
        today=local_date(utc_now()),
        case=found.invitation and comment_actions.case_of(found.invitation.public_id),
        proposal=found.invitation and comment_actions.proposal_of(found.invitation.public_id),
        may_complain=found.invitation is not None and "complaints.qualify" in current_user.permissions,
        may_see_case="complaints.read" in current_user.permissions,
        staff=user_names({one for one in acted if one}),
        sites=programmes.site_names(current_scope()),
        wanted=None,
        page=pages,
        may_act="satisfaction.edit_comments" in current_user.permissions,
    )


def _forms(found: Found) -> dict[str, Any]:
    return {
        "tags": tag_form(found),
        "mask": MaskForm(formdata=None),
        "case": CaseForm(formdata=None),
        "action": action_form(found),
    }


def action_form(found: Found, posted: bool = False) -> ActionForm:
    """What is to be done: by whoever opens it, in two weeks, unless they say otherwise."""
    known = {"owner": current_user.id, "due_on": local_date(utc_now()) + timedelta(days=14)}
    form = ActionForm(data=known) if posted else ActionForm(formdata=None, data=known)
    site_id = found.asked.site_id if isinstance(found.asked, Invitation) else None
    staff = comment_actions.who_may_act(found.asked.principal_id, site_id)
    form.owner.choices = [(user.id, user.name) for user in staff]
    return form


def tag_form(found: Found, posted: bool = False) -> TagForm:
    """The tags of the principal, those of the comment ticked; ``posted``: those that were sent."""
    given = [code.id for code in comment_tags.tags_of([found.comment.key]).get(found.comment.key, [])]
    form = TagForm(data={"tags": given}) if posted else TagForm(formdata=None, data={"tags": given})
    form.tags.choices = [(code.id, code.label) for code in comment_tags.codes(found.asked.principal_id)]
    return form


@bp.post("/comments/<key>/tags")
@permitted("satisfaction.edit_comments")
def tag_comment(key: str) -> Any:
    """Let the comment bear the tags that were ticked."""
    found = found_or_404(key)
    form = tag_form(found, posted=True)
    if not form.validate_on_submit():
        return show(found, tags=form), 400
    tag(found.comment, found.asked, form.tags.data or [], Act(current_user.id, utc_now()))
    db.session.commit()
    flash(_("The tags are kept."))
    return redirect(url_for(".comment", key=key))


@bp.post("/comments/<key>/mask")
@permitted("satisfaction.edit_comments")
def mask_comment(key: str) -> Any:
    """Mask words of the comment, for good."""
    found, form = found_or_404(key), MaskForm()
    if form.validate_on_submit():
        act = Act(current_user.id, utc_now())
        try:
            since = mask(found.comment, found.asked, form.phrase.data or "", form.reason.data, act)
        except CommentRefused as refusal:
            db.session.rollback()
            form.phrase.errors = [COMMENT_REFUSALS[refusal.code]]
        else:
            db.session.commit()
            flash(_("The words are masked, here and wherever the comment is shown."))
            return redirect(url_for(".comment", key=since))
    return show(found_or_404(key), mask=form), 400


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
