"""What every page of an interview says around its question: who asks, about which contact, under which promise."""

from collections.abc import Hashable
from typing import Any

from foundation.web.i18n import current_language
from surveys.pages.editing import language_name
from surveys.public_views.texts import worded_in
from surveys.queries.interviews import Interview


def frame(interview: Interview) -> dict[str, Any]:
    """For the templates; the contact is apart, as it is each person's own."""
    principal = interview.principal
    return {
        "brand": principal.brand,
        "mark": "".join(word[0] for word in principal.brand.split()[:2]).upper(),
        "by_phone": interview.contact.channel == "phone",
        "wording": worded_in(),
        "languages": {name: language_name(name) for name in interview.version.languages if name != worded_in()},
        "promise": interview.terms.promise,
        "controller": principal.controller or principal.name,
        "notice": principal.notice(current_language()),
        "by_sms": by_sms(interview),
    }


def frame_key(interview: Interview) -> Hashable:
    """All that the frame depends on."""
    principal, promise = interview.principal, interview.terms.promise
    by_phone = interview.contact.channel == "phone"
    return principal.brand, principal.controller or principal.name, promise, by_phone, by_sms(interview)


def by_sms(interview: Interview) -> bool:
    """Whether STOP can be sent in reply."""
    return interview.invitation.collection == "sms" or interview.phone is not None
