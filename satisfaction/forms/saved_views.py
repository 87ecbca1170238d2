"""A name for the page with its filters."""

from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException
from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from foundation.web.forms import Form

LONGEST = 500


class SavedViewForm(Form):
    name = StringField(_l("Name of this view"), validators=[InputRequired(), Length(max=80)])
    address = HiddenField(_l("Page"), validators=[InputRequired(), Length(max=LONGEST)])

    def validate_address(self, field: Any) -> None:
        if not is_own_page(field.data or ""):
            raise ValidationError(_("Open the page you want to keep, then choose “Saved views” on it."))


def is_own_page(address: str) -> bool:
    """Whether ``address`` (a path with its query) is a page of figures here, and leads nowhere else."""
    path = address.split("?")[0]
    if not path.startswith("/satisfaction") or "#" in address:
        return False
    try:
        endpoint, _values = current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return bool(endpoint.startswith("satisfaction."))
