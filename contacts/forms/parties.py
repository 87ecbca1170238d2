"""Principals and sites."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import URL, Email, InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import HiddenInput

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

    holiday_region = SelectField(
        _l("Public holidays of"), choices=[SelectChoice(region, REGION_NAMES[region]) for region in REGIONS]
    )


class NewSiteForm(SiteForm):
    """A site that is added: its key is given once."""

    key = StringField(_l("Key"), validators=[InputRequired(), Length(max=60), KEY])


class PrincipalForm(PartyForm):
    """A principal that is changed."""

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


class NewPrincipalForm(PrincipalForm):
    """A principal that is added: its key is given once."""

    key = StringField(_l("Key"), validators=[InputRequired(), Length(max=60), KEY])
