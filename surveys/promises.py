"""What a programme may not do under the promise of anonymity, or at a door where nobody is known."""

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.anonymity import ANONYMOUS
from surveys.piping import FACTS, names_in
from surveys.terms import Terms

#: The brand says who asks; every other fact is one of the contact, and so of the person.
FACTS_OF_CONTACTS = frozenset(FACTS) - {"brand"}
#: A poster hangs at a site, and knows it; of a contact it knows nothing.
UNKNOWN_AT_A_POSTER = FACTS_OF_CONTACTS - {"site"}


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
    if asks := _asking(definition):
        return "anonymous-asks-complaint", {"question": asks}
    named = _named(definition, FACTS_OF_CONTACTS)
    return ("anonymous-names-contact", {"name": named}) if named else None


def poster_refused(collection: str, definition: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The first reason (a code, and its facts) why a programme cannot be answered by whoever scans a poster.

    ``poster-needs-web`` (collection): the poster leads to a page. ``poster-asks-person`` (question): a complaint or a
    call needs somebody who is known. ``poster-names-contact`` (name): there is no contact a text could tell of.
    """
    if collection != "web":
        return "poster-needs-web", {"collection": collection}
    if asks := _asking(definition):
        return "poster-asks-person", {"question": asks}
    named = _named([definition["title"], definition["questions"]], UNKNOWN_AT_A_POSTER)
    return ("poster-names-contact", {"name": named}) if named else None


def _asking(definition: Mapping[str, Any]) -> str:
    """The id of the first question that offers a complaint or a call; empty if none does."""
    return next((raw["id"] for raw in definition["questions"] if _asks_for_person(raw)), "")


def _named(written: Any, names: frozenset[str]) -> str:
    """The first of ``names`` that a text names; empty if none does."""
    return next((name for text in _texts(written) for name in names_in(text) if name in names), "")


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
