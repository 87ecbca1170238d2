"""The words for reasons, dispositions, fields and their values."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from surveys.eligibility import FACT

COLLECTIONS = {
    "sms": _l("by SMS, question by question"),
    "web": _l("on the web, by a link in a message"),
    "file": _l("answers supplied by file"),
}
PROMISES = {
    "anonymous": _l("Anonymous: nobody can tell whose answer is whose"),
    "confidential": _l("Confidential: nobody acts on a single answer"),
    "followed_up": _l("Followed up: a dissatisfied customer may be called back or have a complaint opened"),
}
METHODS = {
    "everyone": _l("Everyone"),
    "proportional": _l("In proportion to the strata"),
    "equal": _l("The same number from each stratum"),
    "fixed": _l("A number given for each stratum"),
    "neyman": _l("More from strata where answers differ more (Neyman)"),
    "precision": _l("As many as a margin of error asks for"),
}
POPULATION_NAMES = {
    "eligible_after_suppression": _l("contacts that could be drawn, after the rules and suppressions"),
    "contactable": _l("all contacts that can be reached"),
}
DRAW_KINDS = {
    "batch": _l("once, from a closed period"),
    "continuous": _l("as contacts arrive"),
}
FIELDS = {
    "site": _l("Site"),
    "channel": _l("Channel"),
    "direction": _l("Direction"),
    "entry_point": _l("Entry point"),
    "reason": _l("Reason"),
    "reason_group": _l("Group of reasons"),
    "reason_leaf": _l("Reason of the tree"),
    "language": _l("Language"),
    "agent": _l("Agent"),
}
OUTCOMES = {
    "answered": _l("Answered"),
    "abandoned": _l("Abandoned"),
    "unanswered": _l("Not answered"),
    "unknown": _l("Outcome not known"),
}
DIRECTIONS = {"in": _l("Incoming"), "out": _l("Outgoing")}
CHANNELS = {
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "chat": _l("Chat"),
    "sms": _l("SMS"),
    "post": _l("Letter"),
    "web": _l("Web form"),
    "social": _l("Social networks"),
}
REASONS = {
    "direction": _l("other direction than the programme asks about"),
    "outcome-abandoned": _l("abandoned before an answer"),
    "outcome-unanswered": _l("not answered"),
    "outcome-unknown": _l("outcome not known"),
    "outcome-answered": _l("answered"),
    "too-old": _l("too long ago"),
    "channel": _l("other channel than the programme asks about"),
    "entry-point": _l("other entry point than the programme asks about"),
    "reason": _l("other reason than the programme asks about"),
    "language": _l("other language than the programme asks in"),
    "marked": _l("marked in the log as a colleague’s or a test"),
    "no-consent": _l("has not agreed to be asked"),
    "out-of-scope": _l("site outside the certified scope that day"),
    "too-often": _l("invited as often as a person may be"),
    "answered-lately": _l("answered a short time ago"),
    "cap-agent": _l("enough invitations about this agent"),
    "cap-entry_point": _l("enough invitations about this entry point"),
    "no-address": _l("no address to write to"),
    "opted-out": _l("said stop"),
    "draw-withdrawn": _l("the draw was withdrawn"),
    "hold-complaint": _l("has an open complaint"),
    "hold-staff": _l("works here"),
    "hold-test": _l("test"),
    "quarantine": _l("invited a short time ago"),
    "before-opening": _l("recorded before the draw was opened"),
    "same-customer": _l("same customer, taking part with another contact"),
    "other-interview": _l("another survey by SMS runs on this number"),
    "expired": _l("could not go out before the link expired"),
    "suppressed": _l("said stop"),
}
DISPOSITIONS = {
    "drawn": _l("drawn, not written to yet"),
    "held": _l("held back, to be asked later"),
    "queued": _l("waiting in the outbox"),
    "not_sent": _l("not sent"),
    "sent": _l("sent, delivery not confirmed"),
    "delivered": _l("delivered, no answer"),
    "failed": _l("not delivered"),
    "undeliverable": _l("number does not exist"),
    "started": _l("begun, not finished"),
    "partial": _l("answered in part"),
    "broken_off": _l("broken off"),
    "refused": _l("said no"),
    "wrong_person": _l("not the person who contacted us"),
    "ineligible": _l("turned out not to be asked"),
    "completed": _l("complete"),
    "erased": _l("no longer known who answered"),
}
#: What a message of an invitation was for.
MESSAGES = {"survey": _l("invitation"), "reminder": _l("reminder"), "interview": _l("interview by SMS")}
STATES = {"requested": _l("at work"), "running": _l("running"), "drawn": _l("drawn"), "refused": _l("refused")}


def reason_words(code: str) -> str:
    """Why a contact was left out. A hold of a kind that has no words of its own is named by its code."""
    if code in REASONS:
        return str(REASONS[code])
    return _("on hold (%(code)s)", code=code.removeprefix("hold-"))


def step_reason(code: str) -> str:
    """Why an invitation took a step; a provider's code is said as it is."""
    return reason_words(code) if code in REASONS or code.startswith("hold-") else code


def field_words(field: str) -> str:
    """The name of a strata field; a column kept from the log has the log's own name."""
    return field.removeprefix(FACT) if field.startswith(FACT) else str(FIELDS[field])


def value_words(field: str, value: str, sites: Mapping[str, str]) -> str:
    """A value of a strata field as a person reads it; ``sites`` has the name of each site by its key."""
    known: Mapping[str, Any] = {"channel": CHANNELS, "direction": DIRECTIONS, "site": sites}.get(field, {})
    return str(known.get(value, value)) or _("not given")


def stratum_words(
    fields: list[str], values: list[str], sites: Mapping[str, str], reasons: Mapping[str, str] | None = None
) -> str:
    """The name of a stratum from its values; ``reasons`` has what each code of the tree of reasons is called."""
    known = {field: reasons or {} for field in ("reason_group", "reason_leaf")}
    called = [known.get(field, {}).get(value, value) for field, value in zip(fields, values, strict=True)]
    named = [value_words(field, value, sites) for field, value in zip(fields, called, strict=True)]
    return " · ".join(named) or _("all contacts")


def language_words(code: str) -> str:
    """A language by its own name; one we do not know by its code."""
    return {"fr": "Français", "en": "English"}.get(code, code)
