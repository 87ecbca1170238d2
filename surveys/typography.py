"""What two texts have in common when they differ in nothing that a reader would hear read aloud."""

import re
import unicodedata

from surveys.piping import PLACE

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
#: Punctuation by its category in Unicode, but spoken.
SPOKEN = "%‰&@#§"
#: A sign before a number is part of the number: from -5 to 5 is not from 5 to 5.
_MINUS = re.compile(r"(?<!\w)[-\u2010-\u2015\u2212](?=\d)")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_MARK = "\x00"


def same_words(text: str) -> str:
    """The text without capitals, punctuation, quotation marks, kinds of spaces and dashes, and joined letters.

    Accents, figures, signs such as € or %, emoji and ``{names}`` stay: they say something. Of a text that is nothing
    but punctuation all of it stays.
    """
    written = unicodedata.normalize("NFC", text)
    places = PLACE.findall(written)
    spoken = iter(_spoken(part) for part in re.split(PLACE.pattern.replace("(", "(?:"), written))
    words = next(spoken)
    for name, part in zip(places, spoken, strict=True):
        words = f"{words} {{{name}}} {part}"
    return " ".join(words.split()) or written.strip()


def _spoken(part: str) -> str:
    plain = unicodedata.normalize("NFKC", part).casefold().translate(LIGATURES)
    kept = _DECIMAL.sub("\x01", _MINUS.sub(_MARK, plain))
    letters = "".join(_letter(character) for character in kept)
    return letters.replace(_MARK, "-").replace("\x01", ".")


def _letter(character: str) -> str:
    """The character, a space where it only separates, nothing where it only joins."""
    if character in (_MARK, "\x01") or character in SPOKEN:
        return character
    category = unicodedata.category(character)
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return ""
    return " " if category[0] in "PZC" else character
