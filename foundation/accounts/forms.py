"""What may be typed about staff."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from foundation.accounts.roles import ROLES
from foundation.web.forms import Form

ROLE_NAMES = {
    "admin": _l("Administrator"),
    "quality": _l("Quality lead"),
    "manager": _l("Manager"),
    "handler": _l("Complaint handler"),
    "reviewer": _l("Appeal reviewer"),
    "auditor": _l("Auditor"),
    "agent": _l("Agent"),
    "principal": _l("Principal"),
}


class UserForm(Form):
    """One person: name, role, and the principals and sites they see (none ticked: all of them)."""

    name = StringField(_l("Name"), validators=[InputRequired(), Length(max=120)])
    role = SelectField(_l("Role"), choices=[SelectChoice(role, ROLE_NAMES[role]) for role in ROLES])
    principal_ids = SelectMultipleField(_l("Principals"), coerce=int)
    site_ids = SelectMultipleField(_l("Sites"), coerce=int, validators=[Optional()])

    def validate_principal_ids(self, field: SelectMultipleField) -> None:
        if self.role.data == "principal" and not field.data:
            raise ValidationError(_("Tick the principal this person belongs to."))

    def offer(self, principals: list[tuple[int, str]], sites: list[tuple[int, str]]) -> None:
        """Fill in the principals and sites to choose from."""
        self.principal_ids.choices = [SelectChoice(key, label) for key, label in principals]
        self.site_ids.choices = [SelectChoice(key, label) for key, label in sites]


class NewUserForm(UserForm):
    email = EmailField(_l("E-mail address"), validators=[InputRequired(), Email(), Length(max=254)])
    password = PasswordField(_l("First password"), validators=[InputRequired(), Length(min=12, max=128)])


class ChangedUserForm(UserForm):
    active = BooleanField(_l("May sign in"))
