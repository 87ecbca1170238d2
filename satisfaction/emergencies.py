"""Words in a comment that a person must read at once: what they are about, and where a text has them.

A word too many costs somebody a minute; one too few leaves somebody alone. So the list is generous, it is read in every
language at once, and nothing follows from it by itself but that a person is told. Words that end an interview by SMS
are another list (``surveys.distress``).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from surveys.replies import fold

KINDS = ("self_harm", "threat", "health", "minor")
MOST_LETTERS = 60
#: What each kind is known by from the beginning, folded (small letters, no accents); ``*`` ends a word in any way.
BUILT_IN: Mapping[str, Sequence[str]] = {
    "self_harm": (
        "suicid*", "me tuer", "envie de mourir", "veux mourir", "vais mourir", "plus envie de vivre",
        "mettre fin a mes jours", "me foutre en l'air", "me pendre", "me faire du mal", "3114",
        "kill myself", "want to die", "end my life", "hurt myself", "better off dead",
    ),
    "threat": (
        "vais le tuer", "vais la tuer", "vais vous tuer", "je vous tue", "vous allez le payer", "menace de mort",
        "menaces de mort", "je sais ou vous habitez", "tout casser", "vais venir avec une arme", "fusil", "bombe",
        "me frappe*", "me bat", "me menace*", "violence*", "en danger", "au secours", "harcele*",
        "kill you", "kill him", "kill her", "death threat*", "bomb", "gun", "hits me", "beats me", "threatens me",
        "in danger",
    ),
    "health": (
        "urgence vitale", "plus respirer", "fait un malaise", "infarctus", "a l'hopital", "hospitalis*", "le samu",
        "les pompiers", "sous oxygene", "respirateur", "dialyse", "insuline", "cancer", "enceinte", "overdose",
        "can't breathe", "cannot breathe", "heart attack", "in hospital", "ambulance", "on oxygen", "ventilator",
        "pregnant",
    ),
    "minor": (
        "mineur", "mineure", "mon fils de", "ma fille de", "enfant en danger", "enfant battu*", "maltrait*",
        "j'ai 12 ans", "j'ai 13 ans", "j'ai 14 ans", "j'ai 15 ans", "j'ai 16 ans", "j'ai 17 ans", "underage",
        "child in danger", "child abuse",
    ),
}  # fmt: skip
#: An answer that was stored by a transaction longer than this is met all the same if nothing newer was settled.
LATE = timedelta(minutes=10)


def written(phrase: str) -> str:
    """A phrase as the list keeps it: folded, one space between words, a star only at its end."""
    bare = " ".join(fold(phrase).replace("*", " ").split())[:MOST_LETTERS]
    return f"{bare}*" if bare and phrase.strip().endswith("*") else bare


def phrases(changes: Iterable[tuple[str, str, bool]]) -> dict[str, str]:
    """Phrase → kind: what is built in, and (phrase, kind, is it on the list) for what somebody added or struck out."""
    found = {phrase: kind for kind, known in BUILT_IN.items() for phrase in known}
    for phrase, kind, is_on in changes:
        if is_on:
            found[phrase] = kind
        else:
            found.pop(phrase, None)
    return found


class Watch:
    """The list, ready to be held against texts."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        self._kinds: dict[str, re.Pattern[str]] = {}
        for kind in KINDS:
            parts = sorted(_pattern(phrase) for phrase, its in listed.items() if its == kind)
            if parts:
                self._kinds[kind] = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")

    def kinds_in(self, text: str) -> tuple[str, ...]:
        """What a text speaks of, the gravest first; empty for nearly every text."""
        folded = fold(text)
        return tuple(kind for kind, pattern in self._kinds.items() if pattern.search(folded))


def _pattern(phrase: str) -> str:
    return re.escape(phrase.removesuffix("*")) + (r"\w*" if phrase.endswith("*") else "")


def settled(floor: int, top: int, since: datetime, newest: int, now: datetime) -> tuple[int, int, datetime]:
    """(floor, top, since) after a look at ``now`` that saw ids up to ``newest``.

    All above ``floor`` is looked at again, since ids are given out in one order and committed in another. What was the
    top for longer than LATE becomes the floor.
    """
    if now - since < LATE:
        return floor, top, since
    return top, newest, now
