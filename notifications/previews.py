"""A text as its reader will see it, and what it costs: with samples, and with the longest plausible values."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from notifications.segments import Cost, cost, fold, folds, parts
from notifications.texts import Template, Text, fill

Run = tuple[str, bool]
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Length:
    """What an SMS costs with ``name`` values (sample, longest): as it was written, folded, and as it is chosen."""

    name: str
    plain: Cost
    folded: Cost
    chosen: Cost


@dataclass(frozen=True)
class Preview:
    """A message with sample values. ``parts`` are those of an SMS, each a list of (words, is outside GSM).

    ``outside`` lists what makes it UCS-2: (character, how often, what folding writes or None where nothing fits).
    """

    subject: str
    body: str
    folded: bool
    parts: list[list[Run]]
    lengths: list[Length]
    outside: list[tuple[str, int, str | None]]

    @property
    def worst(self) -> Cost:
        """The cost with the longest values, as chosen."""
        return self.lengths[-1].chosen


def preview(text: Text, language: str, template: Template) -> Preview:
    """Return ``template`` as the customer gets it, and what it costs where it is an SMS."""
    said = template.say(**text.values(language))
    if text.channel != "sms":
        return Preview(said.subject, said.body, False, [], [], [])
    lengths = [_length(name, text, language, template) for name in ("sample", "longest")]
    culprits = set(cost(said.body).culprits)
    cut = [_runs(part, culprits) for part in parts(said.body)]
    written = [fill(template.body, **text.values(language, longest=longest)) for longest in (False, True)]
    return Preview("", said.body, template.folded, cut, lengths, _outside(*written))


def _length(name: str, text: Text, language: str, template: Template) -> Length:
    written = fill(template.body, **text.values(language, longest=name == "longest"))
    plain, folded = cost(written), cost(fold(written))
    return Length(name, plain, folded, folded if template.folded else plain)


def _outside(*written: str) -> list[tuple[str, int, str | None]]:
    """What GSM lacks, in either wording; how often at most in one of them."""
    counts = Counter(written[0])
    for words in written[1:]:
        counts |= Counter(words)
    everything = "".join(written)
    culprits, folded = set(cost(everything).culprits), dict(folds(everything))
    return [(character, counts[character], folded.get(character)) for character in counts if character in culprits]


def _runs(words: str, culprits: set[str]) -> list[Run]:
    return [("".join(some), outside) for outside, some in groupby(words, key=culprits.__contains__)]


def compared(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """Return both wordings in runs of words, each with whether the other has it not."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    left: list[Run] = []
    right: list[Run] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left.append(("".join(before[a:b]), kind != "equal"))
        right.append(("".join(after[c:d]), kind != "equal"))
    return [run for run in left if run[0]], [run for run in right if run[0]]
