"""The first page: how it stands, and what to do about it."""

from flask import current_app, render_template, request

from foundation.accounts.queries import current_permissions, current_scope
from foundation.accounts.scope import Scope
from foundation.web.access import permitted
from foundation.web.clock import utc_now
from satisfaction import pages
from satisfaction.queries import programmes
from satisfaction.services.standing import board
from satisfaction.services.week import week_of
from satisfaction.tasks import first_thing
from satisfaction.views.blueprint import bp


@bp.get("")
@permitted("satisfaction.read")
def home() -> str:
    scope, now = current_scope(), utc_now()
    choice = pages.home_choice(scope, request.args)
    shown = board(choice.span, now, scope, choice.principal) if choice.span else None
    mine = Scope(frozenset({choice.principal.id}), scope.site_ids) if choice.principal else scope
    week = week_of(now, mine, current_permissions())
    return render_template(
        "satisfaction/home.html",
        choice=choice,
        board=shown,
        week=week,
        first=first_thing(
            shown.changes if shown else [], shown.thin if shown else [], week, shown.cards if shown else []
        ),
        page=pages,
        endpoints=current_app.view_functions,
        sites=programmes.site_names(scope),
        names={each.key: each.name for each in programmes.programmes(scope)},
        owners={each.key: each.name for each in choice.principals},
    )
