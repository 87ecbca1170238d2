"""The words of the pages of stops and hours, and whose they may be."""

from flask import current_app
from flask_babel import lazy_gettext as _l

from foundation.accounts.queries import current_scope

TOPICS = {
    "reminder": _l("reminders of surveys"),
    "survey": _l("surveys and their reminders"),
    "all": _l("everything that can be stopped"),
}
SOURCES = {
    "sms": _l("STOP by SMS"),
    "email": _l("STOP by e-mail"),
    "provider": _l("the provider said so"),
    "link": _l("the link in a message"),
    "person": _l("told to a member of staff"),
}
MEANS = {
    "phone": _l("on the phone"),
    "letter": _l("by letter"),
    "email": _l("by e-mail"),
    "counter": _l("at the counter"),
}
LIFTINGS = {
    "start": _l("START by the customer"),
    "undo": _l("taken back by the customer on the page of the link"),
    "person": _l("lifted because the customer asked for it"),
}
LANGUAGES = {
    "fr": _l("French"),
    "en": _l("English"),
    "de": _l("German"),
    "es": _l("Spanish"),
    "it": _l("Italian"),
    "nl": _l("Dutch"),
    "pt": _l("Portuguese"),
}
PURPOSES = {
    "survey": _l("Invitations to surveys, in new programmes"),
    "acknowledgement": _l("Acknowledgement of a complaint"),
    "reply": _l("Reply to a complaint"),
    "decision": _l("Decision on a complaint"),
}


def principals() -> list[tuple[int, str]]:
    """Return the principals whoever is signed in sees, as (id, name)."""
    scope = current_scope()
    known, _sites = current_app.extensions["scope_choices"]()
    return [(id_, name) for id_, name in known if scope.sees_principal(id_)]


def principal_choices(everyone: str) -> list[tuple[int, str]]:
    """Return the principals to choose from, with ``everyone`` (0) before them for those who see all."""
    return [*([(0, everyone)] if current_scope().principal_ids is None else []), *principals()]
