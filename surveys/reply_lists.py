"""Several choices in one reply: "1 3", "1, 3 et 4", "facture et délai", "aucun"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveys.replies import (
    COUNTED,
    FOLLOWS_A_NUMBER_WORD,
    Unreadable,
    bare,
    begun_with,
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
    numbered: list[str] = []
    named: list[str] = []
    while item := _item(text, listed, phrases):
        (named if item.by_name else numbered).append(item.choice)
        text = text[item.end :]
        following = BETWEEN.match(text)
        if following and _item(text[following.end() :], listed, phrases):
            text = text[following.end() :]
        else:
            break
    # "1 facture, 3 accueil" says each twice; "accueil 4" may be a mark.
    mixed = bool(numbered) and not {*named} <= {*numbered}
    if mixed or ((numbered or named) and (DOUBTFUL.match(text) or _names_a_number(text, len(listed)))):
        raise Unreadable("more-than-one-reading")
    return numbered or named, words_beside(body, text)


@dataclass(frozen=True)
class Item:
    """A choice, where its name or number ends, and which of the two it was."""

    choice: str
    end: int
    by_name: bool


def _item(text: str, listed: Sequence[str], phrases: Mapping[str, Iterable[str]]) -> Item | None:
    """The choice that leads folded ``text``."""
    ends = {name: max((phrase_end(text, each) or 0 for each in said), default=0) for name, said in phrases.items()}
    named = [name for name, end in ends.items() if end and end == max(ends.values())]
    place = _numbered(text, len(listed))
    number = listed[place[0] - 1] if place else None
    said = begun_with(phrases, place[0]) if place else []
    if len({*named, *said, *([number] if number else [])}) > 1:
        raise Unreadable("more-than-one-reading")
    if named:
        return Item(named[0], ends[named[0]], True)
    return Item(number, place[1], False) if number and place else None


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
