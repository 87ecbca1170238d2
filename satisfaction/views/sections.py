"""The second menu of the satisfaction pages: which there are, in their order."""

from typing import NamedTuple

from flask import current_app, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from foundation.accounts.queries import current_permissions

FILTERS = ("principal", "survey", "period")


class Section(NamedTuple):
    """A link of the second menu. One whose page does not exist here is passed over."""

    endpoint: str
    label: LazyString
    permission: str


SECTIONS = (
    Section("satisfaction.home", _l("Home"), "satisfaction.read"),
    Section("satisfaction.this_week", _l("This week"), "satisfaction.read"),
    Section("satisfaction.figures", _l("Figures"), "satisfaction.read"),
    Section("satisfaction.compare", _l("Compare"), "satisfaction.read"),
    Section("satisfaction.follow", _l("Follow"), "satisfaction.read"),
    Section("satisfaction.explain", _l("Explain"), "satisfaction.read"),
    Section("satisfaction.comments", _l("Comments"), "satisfaction.comments"),
    Section("satisfaction.agents", _l("Agents"), "satisfaction.agents"),
    Section("satisfaction.agreements", _l("Commitments"), "satisfaction.read"),
    Section("satisfaction.elsewhere", _l("From elsewhere"), "satisfaction.read"),
    Section("satisfaction.plan", _l("Plan"), "satisfaction.read"),
)


def sections() -> dict[str, object]:
    """Return, for templates, the pages that exist and may be opened, and what of the address goes along to each."""
    held = current_permissions()
    shown = [one for one in SECTIONS if one.endpoint in current_app.view_functions and one.permission in held]
    is_view = request.method == "GET" and request.endpoint != "satisfaction.views"
    this_page = request.full_path.removesuffix("?") if is_view else ""
    return {
        "sections": shown,
        "this_page": this_page,
        "kept": {name: request.args[name] for name in FILTERS if request.args.get(name)},
    }
