"""Forms and words of the pages on which comments are read."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from foundation.web.forms import Form
from satisfaction.emergencies import MOST_LETTERS

EMERGENCY_KINDS = {
    "self_harm": _l("Self-harm"),
    "threat": _l("Threat or violence"),
    "health": _l("Health"),
    "minor": _l("A minor"),
}
WORD_REFUSALS = {
    "empty": _l("Write the word or words."),
    "short": _l("Too short: it would be found in every second comment. Write three letters or more."),
}


def emergency_line(kinds: Iterable[str]) -> str:
    """Say what a comment may speak of, without its words."""
    return _("A comment may speak of an emergency: %(kinds)s. Read it now.", kinds=kinds_words(kinds))


def kinds_words(kinds: Iterable[str]) -> str:
    """The kinds in words, the gravest first."""
    return ", ".join(str(EMERGENCY_KINDS[kind]).lower() for kind in kinds)


class EmergencyWordForm(Form):
    """A phrase for the list of words of emergency."""

    phrase = StringField(
        _l("Word or words"),
        validators=[DataRequired(WORD_REFUSALS["empty"]), Length(max=MOST_LETTERS)],
    )
    kind = SelectField(_l("What it speaks of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(EMERGENCY_KINDS.items())
