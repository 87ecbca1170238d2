"""Agents under their pseudonyms, with counts of contacts and nothing else: no rate, no rank."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contacts import services
from contacts.queries.agents import agent_seen, agents_page
from contacts.queries.parties import principals
from contacts.views.blueprint import bp
from contacts.views.choices import chosen_principal
from foundation.accounts.queries import current_scope
from foundation.database import db
from foundation.web.access import permitted
from foundation.web.clock import utc_now

PAGE_SIZE = 100


@bp.get("/contacts/agents")
@permitted("contacts.read")
def agents() -> str:
    principal, page = chosen_principal(), max(1, request.args.get("page", 1, int))
    rows = agents_page(principal.id, current_scope(), page, PAGE_SIZE) if principal else []
    return render_template(
        "contacts/agents.html",
        principal=principal,
        principals=principals(current_scope()),
        agents=rows[:PAGE_SIZE],
        page=page,
        has_more=len(rows) > PAGE_SIZE,
        may_write="contacts.write" in current_user.permissions,
    )


@bp.post("/contacts/agents/<int:agent_id>/erase-name")
@permitted("contacts.write")
def erase_agent_name(agent_id: int) -> Any:
    """Forget the first name of an agent for good."""
    agent = agent_seen(agent_id, current_scope()) or abort(404)
    services.erase_first_name(agent.id, utc_now(), current_user.id)
    db.session.commit()
    flash(_("The first name of %(agent)s is erased, and no log brings it back.", agent=agent.pseudonym))
    return redirect(url_for(".agents", principal=agent.principal_id))
