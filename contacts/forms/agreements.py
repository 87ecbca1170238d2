"""An agreement between principals, as it is written down."""

import hashlib
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from contacts.models.agreements import WIDENINGS
from contacts.services.agreements import Agreed
from foundation.web.forms import Form

WIDENING_NAMES = {
    "quarantine": _l("Quarantine: an invitation by one counts for all"),
    "opt_out": _l("Stops: a stop said to one is obeyed by all"),
    "erasure": _l("Erasure: a person erased by one is erased by all"),
}
REFUSALS = {
    "too-few-parties": _l("Choose at least two principals."),
    "widens-nothing": _l("Choose at least one thing that is shared."),
    "unknown-widening": _l("Choose at least one thing that is shared."),
    "basis-missing": _l("Say why the law allows it, and who signed."),
    "days-out-of-order": _l("The last day is before the first."),
    "signed-later": _l("It cannot have been signed after today."),
}
#: The field a refusal belongs to.
PLACES = {
    "too-few-parties": "parties",
    "widens-nothing": "widens",
    "unknown-widening": "widens",
    "basis-missing": "legal_basis",
    "days-out-of-order": "last_day",
    "signed-later": "signed_on",
}


class AgreementForm(Form):
    """Parties, what is shared, why, since when, and who signed."""

    version = IntegerField(widget=HiddenInput(), default=0)
    parties = SelectMultipleField(_l("Principals that agree"), coerce=int)
    widens = SelectMultipleField(_l("What they share"), choices=[(one, WIDENING_NAMES[one]) for one in WIDENINGS])
    legal_basis = TextAreaField(_l("Legal basis"), [InputRequired(), Length(max=2000)])
    signed_on = DateField(_l("Signed on"), [InputRequired()])
    signed_by = StringField(_l("Signed by"), [InputRequired(), Length(max=400)])
    first_day = DateField(_l("First day"), [InputRequired()])
    last_day = DateField(_l("Last day"), [Optional()])
    document = FileField(_l("The signed document"), [Optional()])

    def validate_parties(self, field: Any) -> None:
        if len(field.data or []) < 2:
            raise ValidationError(REFUSALS["too-few-parties"])

    def validate_widens(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(REFUSALS["widens-nothing"])

    def agreed(self, document: tuple[str, str] = ("", "")) -> Agreed:
        """What was typed; ``document`` (name, SHA-256) is that of before, where none is given now."""
        given = self.document.data
        if given and given.filename:
            document = given.filename[-255:], hashlib.sha256(given.read()).hexdigest()
        return Agreed(
            widens=tuple(self.widens.data or ()),
            legal_basis=(self.legal_basis.data or "").strip(),
            signed_on=self.signed_on.data,
            signed_by=(self.signed_by.data or "").strip(),
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            document_name=document[0],
            document_hash=document[1],
        )
