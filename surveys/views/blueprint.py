"""The blueprint of the staff pages, and what their templates may call."""

from typing import Any

from flask import Blueprint

from surveys import pages

bp = Blueprint("surveys", __name__, url_prefix="/surveys")


@bp.context_processor
def words() -> dict[str, Any]:
    """The words for codes, for every template of these pages."""
    return {"words": pages}
