"""What may be typed about complaints."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation
from wtforms.widgets import HiddenInput

from complaints import pages, vocabulary
from contacts.addresses import BadAddress, normalise_email, normalise_phone
from foundation.web.forms import Form

LONGEST = 10_000
CATEGORY_CHOICES = [("", _l("Not known yet")), *pages.CATEGORIES.items()]
WAYS_IN = [(code, pages.CHANNELS[code]) for code in vocabulary.CHANNELS if code != "survey"]


def new_key() -> str:
    """Return a name for the click a form will be sent with."""
    return secrets.token_hex(16)


def key_field() -> HiddenField:
    """The hidden name of the click; a form that came without one gets another."""
    return HiddenField(default=new_key, filters=[lambda sent: sent if sent and 16 <= len(sent) <= 64 else new_key()])


def words_field(label: Any, required: bool = True, rows: int = 6) -> TextAreaField:
    """A field for whole sentences; what is typed is shown again whatever happens."""
    rule = DataRequired(_l("Please write something here.")) if required else Optional()
    return TextAreaField(label, [rule, Length(max=LONGEST)], render_kw={"rows": rows})


def choice_field(label: Any, choices: Any = None) -> RadioField:
    """A choice that must be made."""
    return RadioField(label, choices=choices, validators=[InputRequired(_l("Please choose one."))])


def readable_phone(form: Form, field: StringField) -> None:
    """Refuse what is no phone number."""
    try:
        normalise_phone(field.data or "")
    except BadAddress as error:
        raise StopValidation(
            _l("This is no phone number we can use. Ten digits, or + and the country code.")
        ) from error


def readable_email(form: Form, field: StringField) -> None:
    """Refuse what is no e-mail address."""
    try:
        normalise_email(field.data or "")
    except BadAddress as error:
        raise StopValidation(_l("This is no e-mail address. It looks like name@example.org.")) from error


class ActForm(Form):
    """A form on a case: the version it was made on, and the name of the click."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    key = key_field()


class WordsForm(ActForm):
    """An act that is words."""

    words = words_field(_l("Your words"))


class AcknowledgeForm(ActForm):
    """The acknowledgement, as the template has it until somebody changes it."""

    words = words_field(_l("The acknowledgement"), rows=12)


class NoteForm(ActForm):
    """A note among staff."""

    words = words_field(_l("The note"))


class HeardForm(ActForm):
    """What the customer said, written down by staff."""

    words = words_field(_l("What they said"))
    channel = SelectField(_l("How it came"), choices=WAYS_IN)


class WithdrawForm(ActForm):
    """How staff know that the customer withdraws."""

    words = words_field(_l("How you know"))


class AppealForm(ActForm):
    """An appeal registered for the customer."""

    words = words_field(_l("Their reasons"), required=False)
    channel = SelectField(_l("How it came"), choices=WAYS_IN)


class ClassifyForm(ActForm):
    """What the complaint is about."""

    category = choice_field(_l("It is about"), list(pages.CATEGORIES.items()))


class EntrustForm(ActForm):
    """In whose hands the case is put."""

    colleague = choice_field(_l("The colleague"))


class PlaceForm(ActForm):
    """Which site handles the case."""

    site = choice_field(_l("The site"))


class DecideForm(ActForm):
    """The decision on a complaint."""

    outcome = choice_field(_l("The complaint is"), [(code, pages.OUTCOMES[code]) for code in vocabulary.DECISIONS])
    words = words_field(_l("The reasons"), rows=10)


class DecideAppealForm(ActForm):
    """The decision on an appeal."""

    outcome = choice_field(_l("The outcome"), [(code, pages.OUTCOMES[code]) for code in vocabulary.APPEAL_OUTCOMES])
    words = words_field(_l("The reasons"), rows=10)


class QualifyForm(Form):
    """Whether an answer is a complaint, and why."""

    is_complaint = choice_field(
        _l("This is"),
        [("yes", _l("A complaint: the customer expresses dissatisfaction")), ("no", _l("No complaint"))],
    )
    category = SelectField(_l("It is about"), choices=CATEGORY_CHOICES, validators=[Optional()])
    reason = words_field(_l("Why"), rows=3)


class _Complainant(Form):
    name = StringField(_l("Name"), [Optional(), Length(max=200)], render_kw={"autocomplete": "name"})
    email = StringField(_l("E-mail address"), [Length(max=254), readable_email], render_kw={"inputmode": "email"})
    phone = StringField(_l("Phone"), [Length(max=40), readable_phone], render_kw={"inputmode": "tel"})
    key = key_field()

    def addresses(self) -> dict[str, Any]:
        """Return name, phone and e-mail address as a filing takes them."""
        phone = normalise_phone(self.phone.data or "")
        return {
            "name": (self.name.data or "").strip(),
            "phone": phone.e164 if phone else None,
            "phone_takes_sms": bool(phone and phone.takes_sms),
            "email": normalise_email(self.email.data or ""),
        }


class PublicComplaintForm(_Complainant):
    """What a customer writes without an account."""

    principal = choice_field(_l("Which company is it about?"))
    words = words_field(_l("What happened?"), rows=8)


class RegisterForm(_Complainant):
    """What an agent writes down for a customer."""

    principal_id = SelectField(_l("Principal"), coerce=int)
    site_id = SelectField(_l("Site"), coerce=int)
    channel = SelectField(_l("How it came"), choices=WAYS_IN)
    language = SelectField(_l("The customer's language"), choices=[("fr", _l("in French")), ("en", _l("in English"))])
    sent_on = DateField(_l("Sent by the customer on"), [Optional()])
    received_on = DateField(_l("Received by us on"), [Optional()])
    category = SelectField(_l("It is about"), choices=CATEGORY_CHOICES, validators=[Optional()])
    words = words_field(_l("What the customer says, in their words"), rows=8)


class FollowForm(Form):
    """Reference and code, however they are typed."""

    reference = StringField(
        _l("Reference"), [DataRequired(_l("Please type the reference."))], render_kw={"autocomplete": "off"}
    )
    code = StringField(_l("Code"), [DataRequired(_l("Please type the code."))], render_kw={"autocomplete": "off"})


class CustomerWordsForm(Form):
    """A message of the customer."""

    words = words_field(_l("Your message"), rows=8)
    key = key_field()


class CustomerAppealForm(Form):
    """An appeal of the customer, with or without reasons."""

    words = words_field(_l("Your reasons"), required=False, rows=8)
    key = key_field()


class ConfirmForm(Form):
    """A button that needs nothing typed."""

    key = key_field()


class RegisterDaysForm(Form):
    """The days a register shows."""

    class Meta(Form.Meta):
        csrf = False

    first_day = DateField(_l("From"), [Optional()])
    last_day = DateField(_l("To"), [Optional()])
