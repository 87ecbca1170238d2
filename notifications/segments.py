"""How many SMS parts a text costs, exactly, where they begin, and how to say it in fewer.

GSM 03.38: the basic set costs one septet, the extension set two (an escape and
a letter); one character outside both turns the whole message into UCS-2, where
a character outside the basic plane costs two units. A part is never cut inside
an escape pair or a surrogate pair.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import regex

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
GSM7, UCS2 = "gsm7", "ucs2"
# Units in a message of one part, and in each part of a longer one (six bytes go to its header).
CAPACITY = {GSM7: (160, 153), UCS2: (70, 67)}

_ALPHABET = frozenset(BASIC + EXTENSION)
_EXTENSION = frozenset(EXTENSION)
_LETTERS = regex.compile(r"\X")
# Signs French needs and GSM-7 lacks; its letters (ê â ç î œ …) are folded below.
_FOLDED = (
    dict.fromkeys("’‘‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("–—‐‑‒―−•", "-")
    | dict.fromkeys("\t\u00a0\u202f\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000", " ")
    # Zero-width spaces and joiners, and the soft hyphen: nobody sees them.
    | dict.fromkeys("\u200b\u2060\ufeff\u00ad", "")
    # An accent typed apart, where there is no letter that has it.
    | dict.fromkeys(map(chr, range(0x300, 0x370)), "")
    | {"œ": "oe", "Œ": "OE", "…": "...", "°": "o", "²": "2", "³": "3", "·": ".", "×": "x", "‹": "<", "›": ">"}
    | {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "ẞ": "ß"}
)
_QUOTES = tuple(
    (quote, '"') for space in ("\u202f", "\u00a0", "\u2009", " ", "") for quote in (f"«{space}", f"{space}»")
)


@dataclass(frozen=True)
class Cost:
    """What a text costs: its encoding, its units in all, its parts, and the characters that made it UCS-2."""

    encoding: str
    units: int
    parts: int
    culprits: tuple[str, ...]


def cost(text: str) -> Cost:
    """Return the exact cost of sending ``text`` by SMS; an empty text has no part."""
    used = frozenset(text)
    culprits = tuple(sorted(used - _ALPHABET))
    encoding = UCS2 if culprits else GSM7
    wide = sum(map(text.count, used & _EXTENSION)) if encoding == GSM7 else _pairs(text)
    units, (single, each) = len(text) + wide, CAPACITY[encoding]
    if units <= single:
        parts = 1 if units else 0
    elif not wide:
        parts = -(-units // each)
    else:
        parts = len(_cut(text, encoding))
    return Cost(encoding, units, parts, culprits)


def _pairs(text: str) -> int:
    """Return how many characters take two UTF-16 units; counted by the codec, as texts are by the thousand."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 - len(text)


def parts(text: str) -> list[str]:
    """Return what each part carries, in order; together they are ``text``, and there are ``cost(text).parts``.

    A letter made of several characters (a family of emoji, an e with a loose accent) stays in one part
    wherever that takes no further part; the standard lets it be cut between its characters.
    """
    price = cost(text)
    if price.parts < 2:
        return [text] if text else []
    whole = _pack(_LETTERS.findall(text), price.encoding)
    return whole if whole is not None and len(whole) == price.parts else _cut(text, price.encoding)


def units_of(text: str, encoding: str) -> int:
    """Return the septets, or the UTF-16 units, that ``text`` takes in ``encoding``."""
    if encoding == GSM7:
        return len(text) + sum(character in _EXTENSION for character in text)
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def fold(text: str) -> str:
    """Return ``text`` with the letters and signs that GSM-7 lacks said in those it has.

    Nothing is ever replaced by a question mark: what has no equivalent (an emoji,
    a Greek or Cyrillic letter) stays, and the cost says so.
    """
    if _ALPHABET.issuperset(text):
        return text
    text = unicodedata.normalize("NFC", text)
    for quote, plain in _QUOTES:
        text = text.replace(quote, plain)
    return "".join(map(_folded, text))


def folds(text: str) -> list[tuple[str, str]]:
    """Return each character of ``text`` that ``fold`` replaces, with what stands for it, in order of appearance."""
    seen = dict.fromkeys(unicodedata.normalize("NFC", text))
    return [(character, _folded(character)) for character in seen if _folded(character) != character]


def _folded(character: str) -> str:
    if character in _ALPHABET:
        return character
    if character in _FOLDED:
        return _FOLDED[character]
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isalpha() and base in _ALPHABET else character


def _cut(text: str, encoding: str) -> list[str]:
    """The parts as phones and providers cut them: between any two characters."""
    found = _pack(text, encoding)
    assert found is not None, "no character is wider than a part"
    return found


def _pack(pieces: Iterable[str], encoding: str) -> list[str] | None:
    """Fill parts with whole pieces, each in the first that has room; None if a piece is wider than a part."""
    each = CAPACITY[encoding][1]
    packed, used = [""], 0
    for piece in pieces:
        width = units_of(piece, encoding)
        if width > each:
            return None
        if used + width > each:
            packed.append("")
            used = 0
        packed[-1] += piece
        used += width
    return packed
