"""What messages say: each text has a key, and in each channel and language the words in force or its default.

A package lists its texts (``TEXTS``) and app.py registers them; this module knows none of them.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from notifications import promotion
from notifications.asking import LONGEST_SMS, MOST_PARTS
from notifications.segments import cost, fold

#: The same words in each language of the product.
Words = Mapping[str, str]
LANGUAGES = ("fr", "en")
_PLACE = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{[^{}\n]*\}|[{}]")


@dataclass(frozen=True)
class Place:
    """A ``{name}`` that a value takes the place of: what it stands for, a sample, the longest that is plausible."""

    name: str
    meaning: Words
    sample: Words
    longest: Words
    required: bool = False


@dataclass(frozen=True)
class Template:
    """The words of one text in one channel and language. ``folded``: its SMS is written in GSM letters only.

    ``version_id`` is the stored version it comes from; None: the product's default, or somebody else's words.
    """

    body: str
    subject: str = ""
    folded: bool = False
    version_id: int | None = field(default=None, compare=False)

    def say(self, **values: str) -> "Template":
        """Return the words with every known value in its place, and folded where that was chosen."""
        body = fill(self.body, **values)
        return replace(self, body=fold(body) if self.folded else body, subject=fill(self.subject, **values))


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text in one channel: what it is for, what it may and must name, and its default words by language.

    ``mentions`` are words that must stand in it as they are, as STOP in an invitation.
    """

    key: str
    channel: str
    purpose: str
    title: Words
    places: tuple[Place, ...]
    defaults: Mapping[str, Template]
    mentions: tuple[str, ...] = ()
    message_class: str = "relation"

    def values(self, language: str, longest: bool = False) -> dict[str, str]:
        """Return a value for every place: samples, or the longest that are plausible."""
        return {place.name: (place.longest if longest else place.sample)[language] for place in self.places}


@dataclass(frozen=True)
class Problem:
    """Why words may not be put in force: a stable code and the facts to print."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Catalogue:
    """Every registered text, by key and channel, in the order of registration."""

    def __init__(self, texts: Iterable[Text]) -> None:
        """Raises ValueError for a key that is taken twice in one channel, or a language without words."""
        self._texts: dict[tuple[str, str], Text] = {}
        for text in texts:
            if (text.key, text.channel) in self._texts or set(text.defaults) != set(LANGUAGES):
                raise ValueError(f"{text.key} by {text.channel} is registered twice or lacks a language")
            self._texts[text.key, text.channel] = text

    def __iter__(self) -> Iterator[Text]:
        return iter(self._texts.values())

    def get(self, key: str, channel: str) -> Text | None:
        """Return the text, or None if nobody registered it."""
        return self._texts.get((key, channel))


class Wordings:
    """What every text says now: the words in force where somebody wrote some, else the defaults."""

    def __init__(self, catalogue: Catalogue, in_force: Mapping[tuple[str, str, str], Template]) -> None:
        self.catalogue = catalogue
        self._in_force = in_force

    def of(self, key: str, channel: str, language: str) -> Template:
        """Return the words of a text; in English for a language the product does not write. Raises KeyError."""
        text = self.catalogue.get(key, channel)
        if text is None:
            raise KeyError(key, channel)
        language = language if language in text.defaults else "en"
        return self._in_force.get((key, channel, language)) or text.defaults[language]


def fill(text: str, **values: str) -> str:
    """``text`` with each known ``{name}`` replaced; nothing in it is evaluated."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def places_in(text: str) -> set[str]:
    """Return the names that stand between braces in ``text``."""
    return set(_PLACE.findall(text))


def tidy(words: str) -> str:
    """Return what was typed with plain line ends, letters in one piece and nothing at its end."""
    return unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n")).rstrip()


def problems(text: Text, language: str, template: Template) -> list[Problem]:
    """Return everything that forbids putting ``template`` in force; empty if it may be."""
    found = [*_missing_words(text, template), *_wrong_places(text, template), *_missing_places(text, template)]
    found += [
        Problem("missing-mention", {"word": word})
        for word in text.mentions
        if not re.search(rf"\b{re.escape(word)}\b", template.body)
    ]
    if text.message_class == "relation" and (words := promotion.found_in(_whole(template), text.purpose)):
        found.append(Problem("promotional", {"words": words}))
    return found + list(_too_long(text, language, template))


def _missing_words(text: Text, template: Template) -> Iterator[Problem]:
    if not template.body.strip():
        yield Problem("empty")
    if text.channel == "email" and not template.subject.strip():
        yield Problem("no-subject")


def _wrong_places(text: Text, template: Template) -> Iterator[Problem]:
    """Braces that are not a place of this text, each with the name that was probably meant."""
    known = {place.name for place in text.places}
    for written in dict.fromkeys(_BRACES.findall(_whole(template))):
        name = written.strip("{}")
        if written == f"{{{name}}}" and name in known:
            continue
        if len(written) == 1:
            yield Problem("lone-brace", {"found": written})
        else:
            near = difflib.get_close_matches(name.strip().lower(), known, n=1)
            yield Problem("unknown-place", {"name": name, "near": near[0] if near else None, "known": sorted(known)})


def _missing_places(text: Text, template: Template) -> Iterator[Problem]:
    there = places_in(template.body)
    yield from (
        Problem("missing-place", {"name": place.name, "meaning": place.meaning})
        for place in text.places
        if place.required and place.name not in there
    )


def _too_long(text: Text, language: str, template: Template) -> Iterator[Problem]:
    if text.channel != "sms":
        return
    longest = template.say(**text.values(language, longest=True)).body
    parts = cost(longest).parts
    if len(longest) > LONGEST_SMS or parts > MOST_PARTS:
        yield Problem("too-long", {"parts": parts, "most": MOST_PARTS, "characters": len(longest)})


def _whole(template: Template) -> str:
    return f"{template.subject}\n{template.body}"
