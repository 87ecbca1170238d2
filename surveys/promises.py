"""What a programme may not do under the promise of anonymity, found before the programme is made."""

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.anonymity import ANONYMOUS
from surveys.piping import FACTS, names_in
from surveys.terms import Terms

#: The brand says who asks; every other fact is one of the contact, and so of the person.
FACTS_OF_CONTACTS = frozenset(FACTS) - {"brand"}


def promise_broken(terms: Terms, definition: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The first reason (a code, and its facts) why ``terms`` cannot be kept with what is asked; None where they can.

    ``anonymous-needs-web``: replies by SMS are known to whoever carries them. ``anonymous-asks-complaint`` (question):
    a complaint or a call needs a person. ``anonymous-names-contact`` (name): a text would say a fact of the contact.
    ``anonymous-names-agent``.
    """
    if terms.promise != ANONYMOUS:
        return None
    if terms.collection != "web":
        return "anonymous-needs-web", {}
    if terms.names_agent:
        return "anonymous-names-agent", {}
    asks = next((raw["id"] for raw in definition["questions"] if _asks_for_person(raw)), None)
    if asks is not None:
        return "anonymous-asks-complaint", {"question": asks}
    named = next((name for text in _texts(definition) for name in names_in(text) if name in FACTS_OF_CONTACTS), None)
    return ("anonymous-names-contact", {"name": named}) if named else None


def _asks_for_person(raw: Mapping[str, Any]) -> bool:
    wants = {choice.get("wants") for choice in raw.get("choices", ())}
    return bool(raw.get("purpose")) or bool(wants - {None, "none"})


def _texts(written: Any) -> Iterator[str]:
    if isinstance(written, str):
        yield written
    elif isinstance(written, Mapping):
        for value in written.values():
            yield from _texts(value)
    elif isinstance(written, list | tuple):
        for value in written:
            yield from _texts(value)
