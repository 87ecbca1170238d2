"""Several choices in one reply: "1 3", "1, 3 et 4", "facture et délai", "aucun"."""

import re
from collections.abc import Iterable, Mapping, Sequence

from surveys.replies import (
    COUNTED,
    FOLLOWS_A_NUMBER_WORD,
    Unreadable,
    bare,
    fold,
    number_at,
    phrase_end,
    without_greeting,
    words_beside,
)

NONE = re.compile(r"(?:aucune?|rien|none|nothing)(?: (?:de|d'|of) ?[\w' ]+)?")
NONE_WORD = re.compile(r"\b(?:aucune?|rien|none|nothing|neither)\b")
BETWEEN = re.compile(r"[\s,;+&]*(?:(?:et|and|puis|then)\b)?[\s,;+&]*")
# "1-3" is a range or two choices, "1/3" a third, "1.3" a decimal, "1 ou 3" a doubt.
DOUBTFUL = re.compile(r"\s*(?:[-/.]\s*\d|(?:ou|or|a|to)\b)")


def says_none(body: str) -> bool:
    """Whether the whole reply is "aucun", "none of these" or the like."""
    return NONE.fullmatch(bare(body)) is not None


def means_none(phrases: Iterable[str]) -> bool:
    """Whether a choice of these names says that none of the others applies."""
    return any(NONE_WORD.search(fold(phrase)) for phrase in phrases)


def leading_items(body: str, listed: Sequence[str], phrases: Mapping[str, Iterable[str]]) -> tuple[list[str], str]:
    """The choices a reply begins with, by their numbers in ``listed`` or by ``phrases``, and the words after them.

    Raises Unreadable: ``out-of-range``, or ``more-than-one-reading`` where a number is left that may be meant.
    """
    text = without_greeting(fold(body))
    found: list[str] = []
    while item := _item(text, listed, phrases):
        found.append(item[0])
        text = text[item[1] :]
        following = BETWEEN.match(text)
        if following and _item(text[following.end() :], listed, phrases):
            text = text[following.end() :]
        else:
            break
    if found and (DOUBTFUL.match(text) or _names_a_number(text, len(listed))):
        raise Unreadable("more-than-one-reading")
    return found, words_beside(body, text)


def _item(text: str, listed: Sequence[str], phrases: Mapping[str, Iterable[str]]) -> tuple[str, int] | None:
    """The choice that leads folded ``text``, and where it ends."""
    ends = {name: max((phrase_end(text, each) or 0 for each in said), default=0) for name, said in phrases.items()}
    named = [name for name, end in ends.items() if end and end == max(ends.values())]
    numbered = _numbered(text, len(listed))
    if len(named) > 1 or (named and numbered and listed[numbered[0] - 1] != named[0]):
        raise Unreadable("more-than-one-reading")
    if named:
        return named[0], ends[named[0]]
    return (listed[numbered[0] - 1], numbered[1]) if numbered else None


def _numbered(text: str, most: int) -> tuple[int, int] | None:
    found = number_at(text)
    if found is None:
        return None
    number, end = found
    rest = text[end:]
    if rest[:1].isalnum() or COUNTED.match(rest.lstrip()):
        return None
    if text[:1].isalpha() and not FOLLOWS_A_NUMBER_WORD.match(rest.lstrip()) and not number_at(rest.lstrip()):
        return None
    if not 1 <= number <= most:
        raise Unreadable("out-of-range")
    return found


def _names_a_number(rest: str, most: int) -> bool:
    """Whether a number of the list stands in the words that are left; "depuis 3 jours" is none."""
    return any(
        1 <= int(found[0]) <= most and not COUNTED.match(rest[found.end() :].lstrip())
        for found in re.finditer(r"(?<![\d/.])\d{1,9}(?![\d/.])", rest)
    )
