"""How many SMS parts a text costs, exactly, and how to say it in fewer.

GSM 03.38: the basic set costs one septet, the extension set two (an escape and
a letter); one character outside both turns the whole message into UCS-2, where
a character outside the basic plane costs two units. A part is never cut inside
an escape pair or a surrogate pair.
"""

from dataclasses import dataclass

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
GSM7, UCS2 = "gsm7", "ucs2"
# Units in a message of one part, and in each part of a longer one (six bytes go to its header).
CAPACITY = {GSM7: (160, 153), UCS2: (70, 67)}

_SEPTETS = {**dict.fromkeys(BASIC, 1), **dict.fromkeys(EXTENSION, 2)}
# Letters French needs and GSM-7 lacks. É è à ù are in GSM-7 and stay; so does capital Ç.
_FOLDED = str.maketrans(
    dict(zip("êëâçîïôûÿÀÂÈÊËÎÏÔÙÛ", "eeaciiouyAAEEEIIOUU", strict=True))
    | {"œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": "-", "—": "-"}
    | {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "°": "o", "²": "2", "`": "'", "\t": " "}
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
    culprits = tuple(sorted({character for character in text if character not in _SEPTETS}))
    encoding = UCS2 if culprits else GSM7
    units = [_units(character, encoding) for character in text]
    return Cost(encoding, sum(units), _parts(units, *CAPACITY[encoding]), culprits)


def fold(text: str) -> str:
    """Return ``text`` with the French letters and signs that GSM-7 lacks said in those it has.

    Nothing is ever replaced by a question mark: what has no equivalent (an emoji,
    a Greek letter) stays, and the cost says so.
    """
    for opening, closing in (("«\u202f", "\u202f»"), ("«\u00a0", "\u00a0»"), ("« ", " »"), ("«", "»")):
        text = text.replace(opening, '"').replace(closing, '"')
    return text.translate(_FOLDED)


def _units(character: str, encoding: str) -> int:
    if encoding == GSM7:
        return _SEPTETS[character]
    return 2 if ord(character) > 0xFFFF else 1


def _parts(units: list[int], single: int, each: int) -> int:
    if sum(units) <= single:
        return 1 if units else 0
    parts, used = 1, 0
    for unit in units:
        if used + unit > each:
            parts, used = parts + 1, 0
        used += unit
    return parts
