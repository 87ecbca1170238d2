"""The address of an entry point in one written form, so that logs and people mean the same one."""

from collections.abc import Mapping
from functools import lru_cache

from contacts.addresses import BadAddress, normalise_email, service_number

#: (channel, direction, address as ``normal_address`` writes it) → id.
EntryPoints = Mapping[tuple[str, str, str], int]


# A centre has a few numbers, and each row of its log names one of them.
@lru_cache(maxsize=1024)
def normal_address(written: str, country: str = "FR") -> str:
    """A number in E.164, an e-mail address in small letters, or the name of a queue in small letters, single spaces.

    A number of a service (toll free, shared cost) is an entry point like another. A short number is kept as written.
    """
    text = " ".join(written.split())
    for read in (lambda: _phone(text, country), lambda: normalise_email(text) if "@" in text else None):
        try:
            if found := read():
                return found
        except BadAddress:
            continue
    return text.lower()


def _phone(text: str, country: str) -> str | None:
    if not any(mark.isdigit() for mark in text):
        return None
    return service_number(text, country)
