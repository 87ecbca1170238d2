"""What the sources say they sent against what was counted, silent days, and what people said of them."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts import services
from contacts.forms.scope import CountForm, CountListForm
from contacts.forms.wording import CHANNEL_NAMES
from contacts.gaps import FEWEST_COMPARABLE, MANY, WEEKS_BEFORE, Cell, Gap
from contacts.lists import MissingColumns
from contacts.queries.parties import principals
from contacts.queries.reconciliation import gaps, known_sources, told_counts
from contacts.reading import UnreadableFile
from contacts.views.blueprint import bp
from contacts.views.choices import chosen_days, chosen_principal, needed_principal, seen_sites
from contacts.views.entry_points import back_with, list_words
from foundation.accounts.queries import current_scope, user_names
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now

LONGEST_REASON = 500


@bp.get("/contacts/reconciliation")
@permitted("contacts.read")
def reconciliation() -> Any:
    return _page(CountForm(formdata=None), CountListForm(formdata=None))


def _page(one: CountForm, several: CountListForm, status: int = 200, refused: str = "") -> Any:
    principal, scope = chosen_principal(), current_scope()
    days = chosen_days(principal) if principal else None
    found = gaps(principal.id, *days, utc_now(), scope) if principal and days else []
    one.offer(seen_sites())
    page = render_template(
        "contacts/reconciliation.html",
        one=one,
        several=several,
        principal=principal,
        principals=principals(scope),
        days=days,
        gaps=found,
        waiting=sum(gap.said is None for gap in found),
        told=told_counts(principal.id, *days, scope) if principal and days else {},
        sources=known_sources(principal.id) if principal else [],
        sites={site.id: site.name for site in seen_sites()},
        people=user_names({gap.said.by for gap in found if gap.said and gap.said.by}),
        channel_names=CHANNEL_NAMES,
        rule={"weeks": WEEKS_BEFORE, "fewest": FEWEST_COMPARABLE, "many": MANY},
        may_write="contacts.write" in current_user.permissions,
        refused=refused,
        typed=_typed() if refused else None,
    )
    return page, status


@bp.post("/contacts/reconciliation/count")
@permitted("contacts.write")
def tell_count() -> Any:
    """Keep what a source says of one day."""
    principal, form = needed_principal(), CountForm()
    form.offer(seen_sites())
    if not form.validate_on_submit():
        return _page(form, CountListForm(formdata=None), 400)
    cell = Cell(form.source.data.strip(), form.site_id.data, form.channel.data, form.day.data)
    services.tell_counts(principal.id, {cell: form.contacts.data}, utc_now(), current_user.id)
    db.session.commit()
    flash(_("Kept."))
    return redirect(url_for(".reconciliation", principal=principal.id, period=f"{cell.day:%Y-%m}"))


@bp.post("/contacts/reconciliation/file")
@permitted("contacts.write")
def tell_counts_of_file() -> Any:
    """Keep what a source says of many days."""
    principal, form = needed_principal(), CountListForm()
    if not form.validate_on_submit():
        return _page(CountForm(formdata=None), form, 400)
    source = (form.source.data or "").strip()
    try:
        taken = services.import_counts(
            principal.id, form.file.data.read(), seen_sites(), source, utc_now(), current_user.id
        )
    except (UnreadableFile, MissingColumns) as refusal:
        db.session.rollback()
        form.file.errors = [list_words(refusal)]
        return _page(CountForm(formdata=None), form, 400)
    db.session.commit()
    said = _("%(added)s counts kept, %(known)s as they were.", added=taken.added, known=taken.known)
    return back_with(taken, said, ".reconciliation", principal.id, "counts-rejects.csv")


@bp.post("/contacts/reconciliation/explain")
@permitted("contacts.write")
def explain_gap() -> Any:
    """Say why a gap is none to worry about, if it is still the gap that was shown."""
    principal = needed_principal()
    days, reason = chosen_days(principal), request.form.get("reason", "").strip()
    gap = _shown(principal.id)
    if gap is None:
        return _unexplained(_("The numbers of this gap have changed. Look at it again."), 409)
    if not reason or len(reason) > LONGEST_REASON:
        return _unexplained(_("Write the reason, in up to 500 characters."), 400)
    services.explain(principal.id, gap, reason, utc_now(), current_user.id)
    db.session.commit()
    flash(_("The gap is explained. It stays in the list, with the reason."))
    return redirect(url_for(".reconciliation", principal=principal.id, **{"from": days[0], "to": days[1]}))


def _unexplained(refused: str, status: int) -> Any:
    return _page(CountForm(formdata=None), CountListForm(formdata=None), status, refused)


def _typed() -> tuple[list[str], str]:
    """Of which gap something was said, and what: a refusal loses nothing that was typed."""
    names = ("kind", "source", "site_id", "channel", "day")
    return [request.form.get(name, "") for name in names], request.form.get("reason", "")


def _shown(principal_id: int) -> Gap | None:
    """The gap that was posted, where it is one now and the reader sees it."""
    day = request.form.get("day", type=date.fromisoformat) or abort(400)
    posted = [request.form.get(name, "") for name in ("kind", "source", "site_id", "channel", "expected", "counted")]
    for gap in gaps(principal_id, day, day, utc_now(), current_scope()):
        now = [gap.kind, gap.cell.source, gap.cell.site_id, gap.cell.channel, gap.expected, gap.counted]
        if list(map(str, now)) == posted:
            return gap
    return None
