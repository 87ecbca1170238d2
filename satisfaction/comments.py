"""What customers wrote, as it may be read: whose words are known, and those of anonymous surveys."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

#: What a score of satisfaction, from 1 to 5, is called where words are chosen by it.
BANDS: Mapping[str, tuple[int, ...]] = {"low": (1, 2), "middle": (3,), "high": (4, 5)}
#: Words of an anonymous survey are read among so many answers at least; so is a score beside them.
FEWEST = 5


@dataclass(frozen=True)
class Wanted:
    """Which comments a reader asks for. What is None or empty narrows nothing.

    ``days`` are the first and last day of the period that was drawn. ``before``: only what came before that answer, or
    for anonymous words, only from that place on. ``code_id`` 0: comments without any tag.
    """

    principal_id: int
    programme_id: int | None = None
    days: tuple[date, date] | None = None
    site: str = ""
    channel: str = ""
    band: str = ""
    theme: str = ""
    code_id: int | None = None
    words: str = ""
    anonymous: bool = False
    before: int = 0


@dataclass(frozen=True)
class Comment:
    """Words of one answer. ``key`` names them: ``event:12``, or ``anonymous:`` and a digest.

    Of an anonymous one there is no invitation, no moment, and a ``score`` only where enough share it.
    """

    key: str
    words: str
    question: str
    theme: str
    programme_id: int
    days: tuple[date, date] | None
    site: str
    channel: str
    score: int | None = None
    band: str = ""
    at: datetime | None = None
    invitation_id: int | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.invitation_id is None


@dataclass(frozen=True)
class CodeCount:
    """How many comments bear a code."""

    code_id: int
    label: str
    theme: str
    comments: int


@dataclass(frozen=True)
class Counts:
    """Comments by tag and theme. One comment may bear several tags, so that these do not add up to ``tagged``.

    ``comments`` may be read, with words that were not erased; ``tagged`` bear one tag at least, also since erased.
    """

    comments: int
    tagged: int
    by_code: tuple[CodeCount, ...]
    by_theme: Mapping[str, int]


@dataclass(frozen=True)
class Page:
    """Comments, newest first; ``next`` is the ``before`` of those that come after them, if there are more.

    ``withheld``: among what was asked for there are words that may not be read.
    """

    comments: tuple[Comment, ...]
    next: int | None = None
    withheld: bool = False


def band_of(score: int | None) -> str:
    """The band of a score; empty without one."""
    return next((band for band, scores in BANDS.items() if score in scores), "")


def may_be_read(answers: int) -> bool:
    """Whether words may be read that stand among so many anonymous answers of one cell."""
    return answers >= FEWEST


def scores_may_be_told(scores: Iterable[int | None]) -> bool:
    """Whether the band of a score may stand beside anonymous words, from the scores of all answers of the cell.

    If one band held fewer than FEWEST, its words would lead to few; and told of all bands but one, that one is told.
    """
    held = Counter(band_of(score) for score in scores if band_of(score))
    return bool(held) and min(held.values()) >= FEWEST
