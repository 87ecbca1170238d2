"""The texts of other tools: their markup, their languages, and the places in them that are filled in."""

import re
from collections.abc import Iterable, Mapping

from babel import Locale

from surveys.formats.plain import plain_text
from surveys.formats.report import Notes
from surveys.formats.texts import LANGUAGE

IN_BRACKETS = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z]+)?)\)\s*$")
PLACE = re.compile(r"\$?\{([^{}]*)\}")


class ForeignTexts:
    """Reads texts by language, noting what is lost. ``names``: their name of a question → our id, for its places."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.codes: dict[str, str] = {}  # their language → ours
        self.names: dict[str, str] = {}

    @property
    def languages(self) -> list[str]:
        return list(self.codes.values())

    def learn(self, languages: Iterable[str], where: str) -> None:
        """Take their languages on in that order: "fr-CA", "French (fr)" and "French" are all our "fr"."""
        for name in languages:
            code = language_code(name)
            if code is None or code in self.codes.values():
                self.notes.drop(f"{where}.{name}", "unknown-language", name)
                continue
            self.codes[name] = code
            if name != code:
                self.notes.drop(f"{where}.{name}", "language-changed", {"from": name, "to": code})

    def read(self, texts: Mapping[str, str], where: str) -> dict[str, str]:
        """The texts in our languages, without markup, places renamed; an empty one is left out."""
        read = {self.codes[name]: self._plain(text, where) for name, text in texts.items() if name in self.codes}
        return {language: text for language, text in read.items() if text}

    def _plain(self, marked: str, where: str) -> str:
        text, lost = plain_text(marked)
        if lost:
            self.notes.drop(where, "markup", marked)
        return PLACE.sub(lambda found: self._place(found, where), text)

    def _place(self, found: re.Match[str], where: str) -> str:
        name = found[1].strip().partition(".")[0]
        if name in self.names:
            return f"{{{self.names[name]}}}"
        self.notes.drop(where, "unknown-place", found[0])
        return found[0].replace("{", "[").replace("}", "]")


def language_code(name: str) -> str | None:
    """Two letters for the name of a language, its code, or both; None if it cannot be known."""
    bracketed = IN_BRACKETS.search(name)
    said = (bracketed[1] if bracketed else name).strip().lower()
    code = re.split(r"[-_]", said)[0]
    if LANGUAGE.fullmatch(code) and (bracketed or said == code or len(said) > 2):
        return code
    return LANGUAGE_NAMES.get(said)


def _language_names() -> dict[str, str]:
    """English, French, German … as they are called in those two languages and in their own."""
    names = {"default": "en"}
    for speaker in ("en", "fr"):
        names |= {name.lower(): code for code, name in Locale(speaker).languages.items() if LANGUAGE.fullmatch(code)}
    return names


LANGUAGE_NAMES = _language_names()
