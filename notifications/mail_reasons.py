"""What mail servers mean by their enhanced codes (RFC 3463), while we send and in what comes back, with what to do."""

from notifications.providers import CONTENT, PERMANENT, TEMPORARY
from notifications.twilio_reasons import Reason


def _(words: str) -> str:
    """Mark words for the catalogue; pages translate them."""
    return words


_CORRECT = _("Correct the address in the customer's record, or use another way.")
_OTHER_WAY = _("Use another way; try again later if it matters.")
_REPUTATION = _("Check SPF, DKIM and DMARC of the address we write from, and whether we are on a block list.")
_LATER = _("Nothing to do: it is tried again by itself. If it never arrives, we are told.")

#: By code without its first digit, which says for good (5) or for now (4); a shorter one stands for its whole family.
_REASONS = {
    "": (_("the mail could not be delivered"), _OTHER_WAY),
    ".1": (_("the mail server does not know this address"), _CORRECT),
    ".1.1": (_("there is no such mailbox"), _CORRECT),
    ".1.2": (_("the domain of this address does not exist"), _CORRECT),
    ".1.8": (_("the server does not accept the address we write from"), _REPUTATION),
    ".1.10": (_("the domain of this address takes no mail"), _CORRECT),
    ".2": (_("the mailbox cannot take it"), _OTHER_WAY),
    ".2.1": (_("the mailbox is closed"), _CORRECT),
    ".2.2": (_("the mailbox is full"), _OTHER_WAY),
    ".2.3": (_("the mail is too large for this mailbox"), _OTHER_WAY),
    ".3": (_("the recipient's mail server is in trouble"), _OTHER_WAY),
    ".3.4": (_("the mail is too large for the recipient's server"), _OTHER_WAY),
    ".4": (_("the recipient's mail server could not be reached"), _CORRECT),
    ".4.7": (_("it could not be delivered in time, and the server gave up"), _OTHER_WAY),
    ".5": (_("the two mail servers did not understand each other"), _OTHER_WAY),
    ".6": (_("the mail server cannot read this mail"), _OTHER_WAY),
    ".7": (_("the recipient's server refuses our mail"), _REPUTATION),
    ".7.1": (_("the recipient's server refuses our mail by its rules"), _REPUTATION),
    ".7.26": (_("the recipient's server finds no proof that the mail is ours"), _REPUTATION),
}
#: Families that are about what we write or from where, not about the address.
_OURS = (".6", ".7")


def reason_of(code: str) -> Reason | None:
    """Return what ``mail-5.1.1`` and the like mean, by the nearest family that has words; None for another code."""
    if not code.startswith(("mail-4", "mail-5")):
        return None
    for_now, rest = code.startswith("mail-4"), code.removeprefix("mail-")[1:]
    while rest not in _REASONS:
        rest = rest.rpartition(".")[0]
    sentence, advice = _REASONS[rest]
    if for_now:
        return Reason(TEMPORARY, sentence, _LATER)
    return Reason(CONTENT if rest.startswith(_OURS) else PERMANENT, sentence, advice)
