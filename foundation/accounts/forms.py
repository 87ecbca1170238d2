"""What may be typed about staff and keys."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from foundation.accounts.keys import KEY_PERMISSIONS, USUAL_PERMISSIONS
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
KEY_PERMISSION_NAMES = {"contacts.write": _l("send contacts"), "satisfaction.read": _l("read figures")}


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


class KeyForm(Form):
    """A key: what its program is called, what it may do, for which principal and which sites (none ticked: all)."""

    name = StringField(_l("What it is for"), validators=[InputRequired(), Length(max=120)])
    permissions = SelectMultipleField(
        _l("What it may do"),
        choices=[SelectChoice(name, KEY_PERMISSION_NAMES[name]) for name in KEY_PERMISSIONS],
        default=list(USUAL_PERMISSIONS),
    )
    principal_id = SelectField(_l("Principal"), coerce=int, validators=[InputRequired()])
    site_ids = SelectMultipleField(_l("Sites"), coerce=int, validators=[Optional()])
    days = IntegerField(_l("Days it is good for"), validators=[Optional(), NumberRange(min=1, max=3660)])

    def validate_permissions(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Tick what this key may do."))

    def offer(self, principals: list[tuple[int, str]], sites: list[tuple[int, str]]) -> None:
        """Fill in the principals and sites to choose from."""
        self.principal_id.choices = [SelectChoice(key, label) for key, label in principals]
        self.site_ids.choices = [SelectChoice(key, label) for key, label in sites]
