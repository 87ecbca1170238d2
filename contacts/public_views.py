"""What of a principal anybody may see: its logo."""

import re

from flask import Blueprint, Response, abort
from sqlalchemy import select

from contacts.models import Principal, PrincipalLogo
from foundation.database import db
from foundation.web.access import public

bp = Blueprint("brand", __name__)
#: Its address changes with its content, so nobody has to ask again.
FOR_A_YEAR = "public, max-age=31536000, immutable"


@bp.get("/brand/<name>.png")
@public("a company's logo is on every page of its customers")
def logo(name: str) -> Response:
    """A logo by the beginning of its hash."""
    if not re.fullmatch("[0-9a-f]{32}", name):
        abort(404)
    content = db.session.scalar(
        select(PrincipalLogo.content)
        .join(Principal, Principal.id == PrincipalLogo.principal_id)
        .where(Principal.logo_hash == name)
        .limit(1)
    )
    if content is None:
        abort(404)
    return Response(content, mimetype="image/png", headers={"Cache-Control": FOR_A_YEAR})
