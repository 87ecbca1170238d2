"""Words by which a message leaves the questions for a person: data, each group with the reason it is here.

Too many of them cost little: a person reads one message more, and one interview waits. Too few cost much: somebody in
danger is asked to rate us from 0 to 10. So they are read anywhere in a message, and generously.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.replies import fold


@dataclass(frozen=True)
class Signs:
    """Phrases of one kind, folded (small letters, no accents); ``*`` ends a word in any way."""

    reason: str
    phrases: Sequence[str]


DISTRESS: Mapping[str, Sequence[Signs]] = {
    "fr": (
        Signs(
            "speaks of ending their life",
            (
                "suicid*", "me tuer", "en finir", "envie de mourir", "veux mourir", "vais mourir",
                "plus envie de vivre", "mettre fin a mes jours", "me foutre en l'air", "3114",
            ),
        ),
        Signs(
            "somebody is in danger now",
            (
                "me frappe*", "me bat", "me menace*", "violence*", "au secours", "en danger", "plus respirer",
                "fait un malaise", "urgence vitale", "appelez les pompiers", "appelez la police", "appelez le samu",
            ),
        ),
        Signs(
            "has lost somebody; « ma box est morte » has not",
            (
                "est decede*", "vient de mourir", "en deuil", "les obseques", "mari est mort", "femme est morte",
                "pere est mort", "mere est morte", "fils est mort", "fille est morte", "conjoint est mort",
            ),
        ),
        Signs(
            "cannot eat, heat or stay at home",
            ("rien a manger", "plus de quoi manger", "a la rue", "expuls*", "sans chauffage", "sans electricite"),
        ),
        Signs(
            "is at the end of their tether; whether of us or of life, a person hears",
            ("n'en peux plus", "n'en peut plus", "en peux plus", "desespere*", "en detresse", "en larmes"),
        ),
    ),
    "en": (
        Signs(
            "speaks of ending their life",
            (
                "suicid*", "kill myself", "end my life", "end it all", "want to die", "going to die",
                "no reason to live", "better off dead",
            ),
        ),
        Signs(
            "somebody is in danger now",
            (
                "hits me", "hit me", "beats me", "threatens me", "violence", "violent", "help me please", "in danger",
                "can't breathe", "cannot breathe", "an emergency", "call the police", "call an ambulance", "call 911",
                "call 999",
            ),
        ),
        Signs(
            "has lost somebody; « ma box est morte » has not",
            (
                "passed away", "husband died", "wife died", "husband has died", "wife has died", "mother died",
                "father died", "son died", "daughter died", "the funeral", "his funeral", "her funeral", "grieving",
            ),
        ),
        Signs(
            "cannot eat, heat or stay at home",
            ("nothing to eat", "can't eat", "homeless", "evicted", "no heating", "no electricity"),
        ),
        Signs(
            "is at the end of their tether; whether of us or of life, a person hears",
            ("can't take it any more", "can't take it anymore", "can't go on", "desperate", "in distress", "in tears"),
        ),
    ),
}  # fmt: skip


def _pattern(signs: Mapping[str, Sequence[Signs]]) -> re.Pattern[str]:
    phrases = {phrase for groups in signs.values() for group in groups for phrase in group.phrases}
    written = (re.escape(phrase.removesuffix("*")) + (r"\w*" if phrase.endswith("*") else "") for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(written))})(?!\w)")


_DISTRESS = _pattern(DISTRESS)


def speaks_of_distress(body: str) -> bool:
    """Whether a message, in whatever language its writer was asked, has words that a person must read at once."""
    return _DISTRESS.search(fold(body)) is not None
