"""What each error code of Twilio means for us: its kind, one sentence in plain words, and what to do about it.

The codes are those Twilio documents for SMS and that can reach us in France and Europe; those of other channels and
of the registries of the United States are left out. Words are English here and French in the catalogue.
"""

from dataclasses import dataclass

from notifications.providers import CONFIG, CONTENT, PERMANENT, STOP, TEMPORARY


@dataclass(frozen=True)
class Reason:
    """Why a message did not go out or arrive. ``advice`` is for whoever runs the installation."""

    kind: str
    sentence: str
    advice: str


def _(words: str) -> str:
    """Mark words for the catalogue; pages translate them."""
    return words


_NUMBER = _("Correct the number in the customer's record, or use another way.")
_CONSOLE = _("Open the message in Twilio's console; if others fail alike, ask Twilio's support, naming one of them.")
_AGAIN = _("Nothing to do: it is sent again by itself, twice at most. If it keeps happening, use another way.")
_SENDER = _("Check the sender in the settings: it must be an SMS number or a service of this very account.")
_SERVICE = _("Check the messaging service in the settings, and that it has a number that can send SMS.")
_ACCOUNT = _("See in Twilio's console what the account lacks; nothing goes out until then, and nothing is lost.")
_BUG = _("This should not happen: report it to whoever maintains this installation.")
_LANDLINE = _("Use another way, or ask the customer for a mobile number.")
_REGISTER = _("Register the sender's name for this country in Twilio's console, or send from a number.")
_WORDING = _("Look at the text: short links, capitals and words of advertising are filtered. It is not sent again.")

REASONS = {
    # Said when the message is created.
    "20003": Reason(
        CONFIG,
        _("the provider refuses our credentials"),
        _("Check the account and the token in the settings; a token that was changed must be changed here too."),
    ),
    "20005": Reason(CONFIG, _("the provider's account is not active"), _ACCOUNT),
    "20006": Reason(CONFIG, _("the account may not do this"), _ACCOUNT),
    "20008": Reason(
        CONFIG,
        _("these are credentials for tests only"),
        _("Put the live credentials of the account into the settings."),
    ),
    "20404": Reason(
        CONFIG,
        _("the provider does not know this account"),
        _("Check the account in the settings, and the address of the provider if one is set."),
    ),
    "20429": Reason(
        TEMPORARY,
        _("too many requests at once"),
        _("Nothing to do: the pace is lowered by itself. If it goes on, another program may use the same account."),
    ),
    "21211": Reason(PERMANENT, _("this is not a phone number"), _NUMBER),
    "21212": Reason(CONFIG, _("the sender is not a number or name that can be used"), _SENDER),
    "21266": Reason(PERMANENT, _("the number written to is our own"), _NUMBER),
    "21408": Reason(
        PERMANENT,
        _("this country is not allowed in the provider's account"),
        _("Allow the country in Twilio's console (Messaging, geographic permissions), if you mean to write there."),
    ),
    "21601": Reason(CONFIG, _("the sender's number cannot send SMS"), _SENDER),
    "21602": Reason(CONTENT, _("the text is empty"), _BUG),
    "21603": Reason(CONFIG, _("no sender is set"), _("Put a messaging service or a number into the settings.")),
    "21604": Reason(PERMANENT, _("there is no number to write to"), _NUMBER),
    "21606": Reason(CONFIG, _("the sender's number cannot send SMS"), _SENDER),
    "21608": Reason(
        PERMANENT,
        _("a trial account writes to verified numbers only"),
        _("Verify the number in Twilio's console, or move the account from trial to paid."),
    ),
    "21609": Reason(
        CONFIG,
        _("the provider cannot report to our address"),
        _("Check the public address: it must be reachable from outside, without an underscore in its host name."),
    ),
    "21610": Reason(
        STOP,
        _("the person said STOP at the provider"),
        _("Do not write to them by SMS. Only they can lift it, by answering START."),
    ),
    "21611": Reason(
        TEMPORARY,
        _("the provider's queue is full"),
        _("Nothing to do: it is tried again by itself. Lower the sender's rate, or add numbers to the service."),
    ),
    "21612": Reason(
        PERMANENT,
        _("this number cannot be reached from this sender"),
        _("Send from another number to this country, or use another way."),
    ),
    "21614": Reason(PERMANENT, _("this number takes no SMS (a landline, perhaps)"), _LANDLINE),
    "21617": Reason(
        CONTENT,
        _("the text is too long"),
        _("Shorten the text: 1,600 characters at most, and far fewer to keep its price low."),
    ),
    "21618": Reason(CONTENT, _("the provider does not send this text"), _WORDING),
    "21619": Reason(CONTENT, _("the text is empty"), _BUG),
    "21635": Reason(PERMANENT, _("this number is a landline"), _LANDLINE),
    "21659": Reason(CONFIG, _("the sender's number is not one of the provider's, or is of another country"), _SENDER),
    "21660": Reason(CONFIG, _("the sender's number belongs to another account"), _SENDER),
    "21661": Reason(CONFIG, _("the sender's number cannot send SMS"), _SENDER),
    "21701": Reason(CONFIG, _("the messaging service does not exist"), _SERVICE),
    "21703": Reason(CONFIG, _("the messaging service has no number"), _SERVICE),
    "21705": Reason(CONFIG, _("the messaging service is not one"), _SERVICE),
    "63038": Reason(
        CONFIG,
        _("the account's messages of the day are used up"),
        _("Wait until tomorrow, or have Twilio raise the limit of the account."),
    ),
    # Said later, of a message the provider took.
    "30001": Reason(
        TEMPORARY,
        _("the provider's queue overflowed"),
        _("Lower the sender's rate, or add numbers to the service. It is sent again by itself, twice at most."),
    ),
    "30002": Reason(CONFIG, _("the provider's account is suspended"), _ACCOUNT),
    "30003": Reason(TEMPORARY, _("the phone is off or out of reach"), _AGAIN),
    "30004": Reason(
        CONTENT,
        _("the message was blocked"),
        _("The person or their operator blocks it: use another way. It is not sent again."),
    ),
    "30005": Reason(PERMANENT, _("this number does not exist any more"), _NUMBER),
    "30006": Reason(PERMANENT, _("this number cannot receive SMS"), _LANDLINE),
    "30007": Reason(CONTENT, _("the operator filtered the message"), _WORDING),
    "30008": Reason(TEMPORARY, _("the operator gave no reason"), _AGAIN),
    "30010": Reason(PERMANENT, _("the message costs more than was allowed"), _CONSOLE),
    "30017": Reason(TEMPORARY, _("the operator's network is congested"), _AGAIN),
    "30018": Reason(CONFIG, _("the operator wants the sender registered first"), _REGISTER),
    "30019": Reason(CONTENT, _("the text is too long for the operator"), _("Shorten the text.")),
    "30024": Reason(
        CONFIG,
        _("the operator does not know this sender's number yet"),
        _("Wait a day after a number is bought; then ask Twilio's support."),
    ),
    "30036": Reason(TEMPORARY, _("it was not delivered before it expired"), _AGAIN),
    "30038": Reason(CONTENT, _("the operator took it for a one-time password and filtered it"), _WORDING),
    "30039": Reason(
        CONTENT,
        _("two machines were answering each other"),
        _("See whether the number belongs to a machine; the provider has cut the loop."),
    ),
    "30040": Reason(CONFIG, _("the operator wants the sender registered first"), _REGISTER),
    "30044": Reason(
        CONTENT,
        _("the text is too long for a trial account"),
        _("Shorten the text, or move the account from trial to paid."),
    ),
    "30410": Reason(TEMPORARY, _("the operator did not answer in time"), _AGAIN),
    "30450": Reason(
        PERMANENT,
        _("the provider suspects fraud and blocked it"),
        _("See Twilio's protection against SMS pumping in its console; allow this country or number there."),
    ),
}
