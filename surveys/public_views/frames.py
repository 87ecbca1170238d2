"""What every page of an interview says around its question: who asks, about which contact, under which promise."""

from collections.abc import Hashable
from typing import Any

from foundation.web.i18n import current_language
from surveys.pages.editing import language_name
from surveys.public_views.asked import Asked
from surveys.public_views.texts import worded_in


def frame(interview: Asked) -> dict[str, Any]:
    """For the templates; the contact is apart, as it is each person's own."""
    principal = interview.principal
    return {
        "brand": principal.brand,
        "who": principal,
        "mark": "".join(word[0] for word in principal.brand.split()[:2]).upper(),
        "by_phone": _by_phone(interview),
        "wording": worded_in(),
        "languages": {name: language_name(name) for name in interview.version.languages if name != worded_in()},
        "promise": interview.terms.promise,
        "controller": principal.controller or principal.name,
        "notice": principal.notice(current_language()),
        "by_sms": interview.by_sms,
        "at_poster": interview.contact is None,
    }


def frame_key(interview: Asked) -> Hashable:
    """All that the frame depends on."""
    principal, promise = interview.principal, interview.terms.promise
    asked = promise, _by_phone(interview), interview.by_sms, interview.contact is None
    return principal.brand, principal.controller or principal.name, principal.logo_hash, principal.logo_alt, *asked


def _by_phone(interview: Asked) -> bool:
    return interview.contact is not None and interview.contact.channel == "phone"
