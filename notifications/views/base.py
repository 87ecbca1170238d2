"""The blueprint of the staff pages, and what all of them show."""

from typing import Any

from flask import Blueprint, current_app

from foundation.accounts.queries import current_permissions, current_scope
from notifications import engines, pages
from notifications.linking import pieces
from notifications.masking import mask_address
from notifications.queries import inbox

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


@bp.context_processor
def for_templates() -> dict[str, Any]:
    return {
        "words": pages.words(),
        "mask_address": mask_address,
        "shown": _shown,
        "pieces": pieces,
        "inbox_count": inbox.open_count(current_scope()),
        "simulated": engines.is_simulated(current_app),
        "mail_in_folder": engines.mail_folder(current_app) is not None,
    }


def principals() -> list[tuple[int, str, str]]:
    """Return (id, key, name) of the principals that the reader may see, as the application knows them."""
    return current_app.extensions["principals"](current_scope())


def principal_choices() -> list[tuple[str, str]]:
    """Return the principals as the choices of a field."""
    return [(str(principal_id), name) for principal_id, _key, name in principals()]


def principal_keys() -> dict[int, str]:
    return {principal_id: key for principal_id, key, _name in principals()}


def principal_names() -> dict[int, str]:
    return {principal_id: name for principal_id, _key, name in principals()}


def _shown(address: str) -> str:
    """Return the address for those who have to do with it, and a mask for those who only check (an auditor)."""
    return address if "notifications.handle" in current_permissions() else mask_address(address)
