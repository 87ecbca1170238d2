"""Principals and sites."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, Field, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import URL, Email, InputRequired, Length, NoneOf, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import HiddenInput

from contacts.forms.wording import SITE_KIND_NAMES
from contacts.logos import LARGEST_FILE, BadLogo, Logo, read_logo
from contacts.models.parties import SITE_KINDS
from contacts.moments import zone_named
from foundation.timing.calendars import REGIONS
from foundation.web.forms import Form

REGION_NAMES = {
    "metropole": _l("mainland France"),
    "alsace-moselle": _l("Alsace and Moselle"),
    "guadeloupe": _l("Guadeloupe"),
    "martinique": _l("Martinique"),
    "guyane": _l("French Guiana"),
    "la-reunion": _l("Réunion"),
    "mayotte": _l("Mayotte"),
}
KEY = Regexp(r"^[a-z0-9][a-z0-9-]*$", message=_l("Small letters, digits and hyphens only."))

SENDER = Regexp(r"^(\+\d{6,15}|[A-Za-z0-9 ]{1,11})$", message=_l("A number with +, or up to 11 letters and digits."))


LOGO_REFUSALS = {
    "logo-too-large": _l("This picture is too large: 2 MB at most, and simple enough for a phone."),
    "logo-unreadable": _l("This is no picture we can read. Send a PNG, JPEG, WebP or GIF file."),
}


def months_field(label: Any) -> IntegerField:
    """So many months, or empty."""
    return IntegerField(label, validators=[Optional(), NumberRange(1, 600)])


def zone_exists(_form: Form, field: Field) -> None:
    if zone_named(field.data.strip()) is None:
        raise ValidationError(_l("There is no time zone of this name. Write for example Europe/Paris."))


class PartyForm(Form):
    """What a principal and a site have in common."""

    version = IntegerField(widget=HiddenInput(), default=1)
    name = StringField(_l("Name"), validators=[InputRequired(), Length(max=200)])
    zone = StringField(
        _l("Time zone"), validators=[InputRequired(), Length(max=60), zone_exists], default="Europe/Paris"
    )


class SiteForm(PartyForm):
    """A site that is changed."""

    kind = SelectField(
        _l("Kind of site"),
        choices=[SelectChoice(kind, SITE_KIND_NAMES[kind]) for kind in SITE_KINDS],
        default="operational",
    )
    holiday_region = SelectField(
        _l("Public holidays of"), choices=[SelectChoice(region, REGION_NAMES[region]) for region in REGIONS]
    )


class NewSiteForm(SiteForm):
    """A site that is added: its key is given once."""

    key = StringField(_l("Key"), validators=[InputRequired(), Length(max=60), KEY])


class PrincipalForm(PartyForm):
    """A principal that is changed. ``read`` is the logo that was sent, once it was looked at."""

    read: Logo | None = None

    brand = StringField(_l("Name customers know"), validators=[InputRequired(), Length(max=40)])
    language = SelectField(
        _l("Language of its customers"), choices=[SelectChoice("fr", _l("French")), SelectChoice("en", _l("English"))]
    )
    sms_sender = StringField(
        _l("Sender of text messages"),
        validators=[Optional(), SENDER],
    )
    reply_email = EmailField(_l("Address customers may reply to"), validators=[Optional(), Email(), Length(max=254)])
    mediator_name = StringField(_l("Consumer mediator"), validators=[Optional(), Length(max=200)])
    mediator_address = StringField(_l("Postal address of the mediator"), validators=[Optional(), Length(max=400)])
    mediator_url = URLField(_l("Website of the mediator"), validators=[Optional(), URL(), Length(max=400)])
    controller = StringField(_l("Data controller, name and address"), validators=[Optional(), Length(max=400)])
    notice_fr = TextAreaField(_l("Privacy notice in French"), validators=[Optional(), Length(max=4000)])
    notice_en = TextAreaField(_l("Privacy notice in English"), validators=[Optional(), Length(max=4000)])
    takes_complaints = BooleanField(_l("Its customers may complain on our pages"), default=True)
    complaint_address = StringField(_l("Postal address for complaints"), validators=[Optional(), Length(max=400)])
    complaint_email = EmailField(_l("E-mail address for complaints"), validators=[Optional(), Email(), Length(max=254)])
    identity_months = months_field(_l("Months until a person is forgotten"))
    link_months = months_field(_l("Months until an answer is nobody's"))
    text_months = months_field(_l("Months until words are erased"))
    complaint_months = months_field(_l("Months until a closed complaint is erased"))
    logo = FileField(_l("Logo"), validators=[Optional()])
    logo_alt = StringField(_l("What stands for the logo where it is not seen"), [Optional(), Length(max=120)])
    no_logo = BooleanField(_l("Take the logo off"))

    def validate_logo(self, field: Field) -> None:
        if not field.data or not field.data.filename:
            return
        try:
            self.read = read_logo(field.data.read(LARGEST_FILE + 1))
        except BadLogo as bad:
            raise ValidationError(LOGO_REFUSALS[bad.code]) from bad
        if not (self.logo_alt.data or "").strip():
            raise ValidationError(_l("Say what the logo shows, for whoever cannot see it: usually the company's name."))


class NewPrincipalForm(PrincipalForm):
    """A principal that is added: its key is given once. ``/complain/receipt`` is another page."""

    key = StringField(_l("Key"), validators=[InputRequired(), Length(max=60), KEY, NoneOf(["receipt"])])
