"""Names and texts of SurveyJS documents: one text, or one for each language."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LANGUAGE = re.compile(r"[a-z]{2}")
USUAL = "en"  # what SurveyJS means where a document names no language


class Languages:
    """The languages of one document, in the order they are met; ``declared`` fixes them beforehand."""

    def __init__(self, locale: Any, declared: Any) -> None:
        self.first = locale if isinstance(locale, str) and LANGUAGE.fullmatch(locale) else USUAL
        self.declared = list(declared) if isinstance(declared, list) else None
        self.met = [self.first]

    @property
    def found(self) -> list[str]:
        return self.declared or self.met

    def texts(self, value: Any) -> tuple[dict[str, str], list[str]]:
        """The text in each language, and the languages it could not be read in ("fr-CA").

        A text without language is in the document's first; so is ``default``, unless that one is there as well.
        """
        if not isinstance(value, Mapping):
            return {self.first: str(value)}, []
        texts: dict[str, str] = {}
        unread = []
        for name, text in value.items():
            language = self._default(value) if name == "default" else name
            if not LANGUAGE.fullmatch(language) or language in texts:
                unread.append(name)
                continue
            texts[language] = str(text)
            if language not in self.met:
                self.met.append(language)
        return texts, unread

    def _default(self, value: Mapping[str, Any]) -> str:
        return USUAL if self.first in value else self.first


def as_id(text: str) -> str:
    """A name of ours made of any text: "Très satisfait" → "tres_satisfait"."""
    plain = unicodedata.normalize("NFKD", text.lower())
    name = re.sub(r"[^a-z0-9]+", "_", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    name = name.strip("_")[:40].strip("_")
    return name if name else "question"
