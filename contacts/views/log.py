"""The contact log and one contact of it."""

from datetime import date
from typing import Any

from flask import abort, current_app, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from contacts.forms.wording import CHANNEL_NAMES, DIRECTION_NAMES, OUTCOME_NAMES, STATE_NAMES
from contacts.models import EntryPoint, Principal
from contacts.queries import contact_card
from contacts.queries import imports as import_queries
from contacts.queries import log as queries
from contacts.queries.parties import principals, sites
from contacts.views.blueprint import bp
from foundation.accounts.queries import current_scope
from foundation.database import begin_writing, db
from foundation.ledger import services as ledger
from foundation.web.access import permitted
from foundation.web.clock import utc_now

PAGE_SIZE = 50
LATEST_IMPORTS = 5


@bp.get("/contacts")
@permitted("contacts.read")
def index() -> str:
    """The population by site and channel, the latest imports and the contacts themselves."""
    scope, wanted = current_scope(), _wanted(principals(current_scope()))
    page = max(1, request.args.get("page", 1, int))
    rows = queries.contacts_page(wanted, scope, page, PAGE_SIZE)
    populations = queries.populations(wanted, scope)
    return render_template(
        "contacts/index.html",
        wanted=wanted,
        principals=principals(scope),
        sites=sites(scope),
        populations=populations,
        narrowed=_narrowed(wanted),
        total=sum(row.contacts for row in populations),
        late=sum(row.late for row in populations),
        batches=import_queries.batches(scope, LATEST_IMPORTS),
        contacts=rows[:PAGE_SIZE],
        page=page,
        has_more=len(rows) > PAGE_SIZE,
        channel_names=CHANNEL_NAMES,
        direction_names=DIRECTION_NAMES,
        outcome_names=OUTCOME_NAMES,
        state_names=STATE_NAMES,
        may_write="contacts.write" in current_user.permissions,
        may_manage="accounts.manage" in current_user.permissions,
        sees_people="contacts.people" in current_user.permissions,
    )


def _wanted(seen: list[Principal]) -> queries.LogFilter:
    """The filter in the address; what is unreadable there filters nothing."""
    channel, direction = request.args.get("channel"), request.args.get("direction")
    principal_id = request.args.get("principal", type=int)
    zones = {principal.id: principal.zone for principal in seen}
    return queries.LogFilter(
        principal_id=principal_id,
        site_id=request.args.get("site", type=int),
        channel=channel if channel in CHANNEL_NAMES else None,
        direction=direction if direction in DIRECTION_NAMES else None,
        source=request.args.get("source") or None,
        entry_point_id=request.args.get("entry_point", type=int),
        address=request.args.get("address"),
        first_day=request.args.get("from", type=date.fromisoformat),
        last_day=request.args.get("to", type=date.fromisoformat),
        zone=zones.get(principal_id or 0, current_app.config["TIMEZONE"]),
    )


def _narrowed(wanted: queries.LogFilter) -> list[str]:
    """What the address narrows the log to beside the filters on the page."""
    point = db.session.get(EntryPoint, wanted.entry_point_id) if wanted.entry_point_id else None
    seen = point is not None and current_scope().sees_principal(point.principal_id)
    words = [
        str(DIRECTION_NAMES[wanted.direction]) if wanted.direction else "",
        wanted.source or "",
        point.name if point and seen else "",
        (wanted.address or _("the log names no entry point")) if wanted.address is not None else "",
    ]
    return [word for word in words if word]


@bp.get("/contacts/<int:contact_id>")
@permitted("contacts.read")
def contact(contact_id: int) -> Any:
    """One contact. Who it was is shown to those who keep the log, and that they looked is logged."""
    if not queries.contact_seen(contact_id, current_scope()):
        abort(404)
    card = contact_card(contact_id) or abort(404)
    shows_person = "contacts.write" in current_user.permissions
    page = render_template(
        "contacts/contact.html",
        card=card,
        shows_person=shows_person,
        sees_people="contacts.people" in current_user.permissions and current_scope().site_ids is None,
        channel_names=CHANNEL_NAMES,
        direction_names=DIRECTION_NAMES,
        outcome_names=OUTCOME_NAMES,
    )
    if shows_person and card.customer_id is not None:
        begin_writing()
        ledger.log_access(f"contact:{card.public_id}", utc_now(), actor_id=current_user.id)
        db.session.commit()
    return page
