"""Looking for a person, erasing one, and the words for what is held of them."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from contacts.forms.wording import CHANNEL_NAMES, DIRECTION_NAMES, OUTCOME_NAMES
from foundation.people import Part
from foundation.web.filters import long_date
from foundation.web.forms import Form

#: What the contact log says of a person.
WORDS = {
    "customers": _l("Who they are"),
    "contacts": _l("Contacts"),
    "holds": _l("Reasons not to ask them"),
    "customer_links": _l("Rows taken for one person, or not"),
    "import_notes": _l("Lines of imported files that name them"),
    "channel": CHANNEL_NAMES,
    "direction": DIRECTION_NAMES,
    "outcome": OUTCOME_NAMES,
    "verdict": {"merged": _l("one person"), "apart": _l("two people")},
    "code": {"complaint": _l("an open complaint"), "staff": _l("works here"), "test": _l("a test")},
}
#: The columns of what is held, whoever holds it.
COLUMNS = {
    "address": _l("Address"),
    "answer": _l("Answer"),
    "at": _l("Date"),
    "attachments": _l("Attachments"),
    "channel": _l("Channel"),
    "code": _l("Reason"),
    "completed_at": _l("Answered on"),
    "direction": _l("Direction"),
    "disposition": _l("State"),
    "email": _l("E-mail address"),
    "ended_at": _l("End"),
    "invitation": _l("Invitation"),
    "language": _l("Language"),
    "line": _l("Line"),
    "message_kind": _l("Kind"),
    "mode": _l("How"),
    "name": _l("Name"),
    "outcome": _l("Outcome"),
    "phone": _l("Phone"),
    "programme": _l("Programme"),
    "purpose": _l("Purpose"),
    "question": _l("Question"),
    "reason": _l("Reason"),
    "reference": _l("Reference"),
    "rule": _l("Rule"),
    "sender": _l("Sent to"),
    "sent_at": _l("Sent on"),
    "site": _l("Site"),
    "source": _l("Source"),
    "state": _l("State"),
    "subject": _l("Subject"),
    "text": _l("Text"),
    "topic": _l("About"),
    "until": _l("Until"),
    "verdict": _l("Decision"),
    "whom": _l("From whom"),
}
#: What is not in the tables above and cannot be taken out of them: said as it is.
ELSEWHERE = (
    _l("The ledger keeps that something happened, when and which kind of account did it; it holds no name, no address"
       " and no words of yours."),
    _l("Backups of the database hold what it held on their day, until whoever runs this installation replaces them."
       " Whoever restores one has to carry out again what was erased since."),
    _l("Files that were handed to an auditor or to the company before are theirs; answers in them bear no name."),
    _l("The SMS provider and the mail servers on the way keep their own records of messages, for as long as their law"
       " asks."),
    _l("Answers given under the promise of anonymity were cut from the person when they were sent: nobody can find"
       " them again, we included."),
)  # fmt: skip


class SearchForm(Form):
    """A number, an address or a reference, posted so that it stands in no address and no log."""

    term = StringField(
        _l("Phone number, e-mail address or reference"),
        [InputRequired(_l("Please type what to look for.")), Length(max=254)],
        render_kw={"autocomplete": "off"},
    )


class EraseForm(Form):
    """The second step: how they asked, and that one is sure."""

    note = StringField(_l("How and when they asked"), [InputRequired(), Length(max=200)])
    sure = BooleanField(_l("I have checked who asks, and I know that this cannot be undone."), [InputRequired()])


class DecideForm(Form):
    """What a person decided about two rows that may be one person."""

    kept = IntegerField(widget=HiddenInput())
    other = IntegerField(widget=HiddenInput())


def word(part: Part, column: str, value: Any) -> Any:
    """The word for a code of a column, or the value itself."""
    names = part.words.get(column)
    return names.get(value, value) if isinstance(names, dict) else value


def kind_name(parts: list[Part], kind: str) -> Any:
    """What a kind of thing is called."""
    return next((part.words[kind] for part in parts if kind in part.words), kind)


def kept_words(parts: list[Part], kept: dict[str, Any]) -> str:
    """Why something stays, in a sentence."""
    reason = kind_name(parts, kept["reason"])
    if kept["until"]:
        return _("%(reason)s, until %(day)s", reason=reason, day=long_date(date.fromisoformat(kept["until"])))
    return str(reason)
