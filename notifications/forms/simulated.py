"""What a customer writes on the simulated phone, or from the mailbox that is not there."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from foundation.web.forms import Form
from notifications.searching import address_typed


class ReplyForm(Form):
    """What a customer types on the simulated phone, or a likely answer they press."""

    body = StringField(_l("Answer as the customer"), validators=[Length(max=1600)])
    quick = StringField(validators=[Optional(), Length(max=20)])

    @property
    def said(self) -> str:
        return self.quick.data or self.body.data or ""

    def validate_body(self, field: StringField) -> None:
        if not self.said.strip():
            raise ValidationError(field.gettext("This field is required."))


class MailReplyForm(Form):
    """What comes back from the mailbox of whoever got a mail."""

    what = RadioField(
        _l("What comes back"),
        choices=[
            ("answer", _l("An answer")),
            ("absence", _l("An absence notice")),
            ("bounce", _l("A notice that there is no such mailbox")),
        ],
        default="answer",
    )
    body = TextAreaField(_l("What they write"), validators=[InputRequired(), Length(max=20_000)])


def _is_address(_form: Form, field: StringField) -> None:
    """Let also such addresses pass as exist nowhere: that of an installation without a mail server is one."""
    typed = field.data or ""
    if "@" not in typed or not typed.isascii() or address_typed(typed) is None:
        raise ValidationError(_("This is no e-mail address."))


class MailForm(Form):
    """A mail that a customer writes to us out of the blue."""

    sender = StringField(_l("From the address"), validators=[InputRequired(), Length(max=254), _is_address])
    to = StringField(_l("To the address"), validators=[InputRequired(), Length(max=254), _is_address])
    subject = StringField(_l("Subject"), validators=[Optional(), Length(max=200)])
    body = TextAreaField(_l("What they write"), validators=[InputRequired(), Length(max=20_000)])
