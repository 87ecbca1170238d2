"""Why people contact: a tree of codes, and the words of the logs that stand for its leaves.

A tree has one version in force per principal. Codes are stable: the same code means the same thing in every version.
What a log said is kept with the contact beside the leaf it was resolved to, so a later tree changes no earlier contact.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple


class Leaf(NamedTuple):
    """A code, and that of the first level it stands under."""

    code: str
    group: str


UNRESOLVED = Leaf("", "")
#: One character can stand for eighteen once it is written out, so a word of 200 may not fit its column.
LONGEST_WORD = 400


@dataclass(frozen=True)
class Reasons:
    """The version of the tree in force, and which words stand for which of its leaves."""

    version_id: int | None = None
    #: (source, word as ``word_key`` writes it) → leaf; under source "" the codes and labels of the leaves themselves.
    words: Mapping[tuple[str, str], Leaf] = field(default_factory=dict)

    def resolve(self, source: str, said: str) -> Leaf:
        """The leaf that ``said`` stands for in this log; ``UNRESOLVED`` where no word of the tree is known for it."""
        key = word_key(said)
        return self.words.get((source, key)) or self.words.get(("", key), UNRESOLVED)


NO_REASONS = Reasons()


# A log says the same few hundred words in each row.
@lru_cache(maxsize=4096)
def word_key(said: str) -> str:
    """A word of a log as it is compared: small letters, no accents, single spaces; its first 400 characters."""
    letters = unicodedata.normalize("NFKD", said.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())[:LONGEST_WORD]
