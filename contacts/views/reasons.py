"""The tree of reasons of a principal: in force, as a draft, and the words of the logs that stand for nothing yet."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from contacts import services
from contacts.forms.scope import TreeForm
from contacts.forms.wording import SCOPE_REFUSALS
from contacts.mapping import LONGEST_SOURCE
from contacts.models import Principal
from contacts.queries.parties import principals
from contacts.queries.reasons import leaf_counts, published_tree, reason_labels, trees, unmapped, words_of
from contacts.reason_trees import BadTree, Node, as_outline, from_json, leaves, missing, read_outline
from contacts.reasons import word_key
from contacts.services import ReasonsRefused
from contacts.views.blueprint import bp
from contacts.views.choices import chosen_principal, needed_principal
from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now

SHOWN_WORDS = 50


@bp.get("/contacts/reasons")
@permitted("contacts.read")
def reasons() -> str:
    principal, scope = chosen_principal(), current_scope()
    tree = published_tree(principal.id) if principal else None
    nodes = from_json(tree.nodes) if tree else []
    waiting = unmapped(principal.id, scope) if principal else []
    versions = trees(principal.id) if principal else []
    return render_template(
        "contacts/reasons.html",
        principal=principal,
        principals=principals(scope),
        tree=tree,
        nodes=nodes,
        depths=_depths(nodes),
        leaves=leaves(nodes),
        counts=leaf_counts(principal.id, scope) if principal else {},
        unmapped=waiting[:SHOWN_WORDS],
        unmapped_words=len(waiting),
        unmapped_contacts=sum(word.contacts for word in waiting),
        words=words_of(principal.id) if principal else [],
        labels=reason_labels(principal.id, str(get_locale())) if principal else {},
        versions=versions,
        editors=user_names({one.published_by for one in versions if one.published_by}),
        may_write="contacts.write" in current_user.permissions,
        may_publish=_may_publish(),
    )


def _may_publish() -> bool:
    """Whoever sees only some sites of a principal does not change what its contacts are called."""
    return "contacts.write" in current_user.permissions and current_scope().site_ids is None


def _depths(nodes: list[Node]) -> dict[str, int]:
    depths = {"": -1}
    for node in nodes:
        depths[node.code] = depths[node.parent] + 1
    return depths


@bp.route("/contacts/reasons/draft", methods=["GET", "POST"])
@permitted("contacts.write")
def reasons_draft() -> Any:
    """Edit the draft; where there is none it begins with the tree in force."""
    principal = needed_principal()
    draft, tree = services.draft_of(principal.id), published_tree(principal.id)
    begun = draft or tree
    outline = as_outline(from_json(begun.nodes)) if begun else ""
    form = TreeForm(data={"version": draft.version if draft else 0, "outline": outline})
    status = form.status
    if form.validate_on_submit():
        status = _saved(form, principal)
        if status == 302:
            return redirect(url_for(".reasons_draft", principal=principal.id))
    gone = missing(from_json(tree.nodes), from_json(draft.nodes)) if tree and draft else []
    page = render_template(
        "contacts/reasons_draft.html",
        form=form,
        principal=principal,
        draft=draft,
        gone=gone,
        theirs=outline if status == 409 else None,
        may_publish=_may_publish(),
    )
    return page, status


def _saved(form: TreeForm, principal: Principal) -> int:
    try:
        services.save_tree(principal.id, form.version.data, read_outline(form.outline.data), utc_now(), current_user.id)
    except BadTree as bad:
        words = str(SCOPE_REFUSALS[bad.code])
        form.outline.errors = [_("Line %(line)s: %(words)s", line=bad.line, words=words) if bad.line else words]
        return 400
    except ReasonsRefused:
        db.session.rollback()
        now = services.draft_of(principal.id)
        form.version.data = form.version.raw_data = None
        form.version.data = now.version if now else 0
        return 409
    db.session.commit()
    flash(_("The draft was saved. It is not in force yet."))
    return 302


@bp.post("/contacts/reasons/publish")
@permitted("contacts.write")
def publish_reasons() -> Any:
    principal = needed_principal()
    if not _may_publish():
        return _refused(principal, "no-draft")
    try:
        resolved = services.publish_tree(principal.id, request.form.get("version", 0, int), utc_now(), current_user.id)
    except ReasonsRefused as refusal:
        return _refused(principal, refusal.code)
    db.session.commit()
    flash(
        ngettext(
            "The tree is in force. %(num)s contact of an open period got its reason.",
            "The tree is in force. %(num)s contacts of open periods got their reason.",
            resolved,
        )
    )
    return redirect(url_for(".reasons", principal=principal.id))


@bp.post("/contacts/reasons/discard")
@permitted("contacts.write")
def discard_reasons() -> Any:
    principal = needed_principal()
    if not _may_publish():
        abort(403)
    services.discard_tree(principal.id)
    db.session.commit()
    flash(_("The draft was thrown away."))
    return redirect(url_for(".reasons", principal=principal.id))


@bp.post("/contacts/reasons/words")
@permitted("contacts.write")
def map_reason() -> Any:
    """Let a word of a log stand for a leaf."""
    principal = needed_principal()
    if not _may_publish():
        abort(403)
    said = {name: request.form.get(name, "") for name in ("source", "said", "code")}
    if not word_key(said["said"]) or len(said["source"]) > LONGEST_SOURCE:
        abort(400)
    try:
        resolved = services.map_word(principal.id, **said, now=utc_now(), actor_id=current_user.id)
    except ReasonsRefused as refusal:
        return _refused(principal, refusal.code)
    db.session.commit()
    flash(
        ngettext(
            "“%(said)s” is mapped. %(num)s contact of an open period got its reason.",
            "“%(said)s” is mapped. %(num)s contacts of open periods got their reason.",
            resolved,
            said=said["said"],
        )
    )
    return redirect(url_for(".reasons", principal=principal.id) + "#words")


def _refused(principal: Principal, code: str) -> Any:
    db.session.rollback()
    flash(str(SCOPE_REFUSALS[code]), "bad")
    return redirect(url_for(".reasons", principal=principal.id))
