"""The populations of the coverage study: of each stratum the contacts, the respondents drawn and the share content.

Typical ones after the designs that intervals for satisfaction are known to fail on: shares near 1, few answers in a
stratum, strata drawn at very different rates. Then harder ones, on which the product marks, refuses or warns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Part(NamedTuple):
    """A stratum: its contacts, how many are drawn (and answer, unless the design has a response), the share content."""

    contacts: int
    drawn: int
    share: float

    @property
    def content(self) -> int:
        return round(self.contacts * self.share)


class Response(NamedTuple):
    """How probable an answer is of those who are content and of those who are not, and a target to judge by."""

    content: float
    discontent: float
    target: float


@dataclass(frozen=True)
class Design:
    """``least``: respondents below which strata are merged. ``response``: when answering follows the score."""

    name: str
    parts: Sequence[Part]
    least: int = 0
    response: Response | None = None

    @property
    def contacts(self) -> int:
        return sum(part.contacts for part in self.parts)

    @property
    def drawn(self) -> int:
        return sum(part.drawn for part in self.parts)

    @property
    def truth(self) -> float:
        return sum(part.content for part in self.parts) / self.contacts


def _in_turn(contacts: Sequence[int], drawn: Sequence[int], shares: Sequence[float], times: int) -> list[Part]:
    one = [Part(*values) for values in zip(contacts, drawn, shares, strict=True)]
    return one * times


FOUR = [Part(300, 16, 0.92), Part(200, 14, 0.90), Part(150, 10, 0.96), Part(80, 8, 0.85)]
TYPICAL = [
    Design("24 strata", _in_turn((200, 400, 600, 800), (20,) * 4, (0.78, 0.86, 0.87, 0.91), 6)),
    Design("a site, 48 answers", FOUR),
    Design("a site, 48 answers, nearly all content", [part._replace(share=0.97) for part in FOUR]),
    Design("a site, 100 answers, half content", [Part(400, 40, 0.45), Part(300, 30, 0.50), Part(300, 30, 0.60)]),
    Design("strata drawn at unequal rates", [Part(1000, 20, 0.94), Part(100, 20, 0.90), Part(40, 20, 0.85)]),
    Design("half of the contacts", [Part(80, 40, 0.95), Part(80, 40, 0.90), Part(80, 40, 0.85)]),
    Design("four fifths of the contacts", [Part(60, 48, 0.90), Part(60, 48, 0.80)]),
    Design("nine tenths of one, a twentieth of the other", [Part(60, 54, 0.90), Part(920, 46, 0.964)]),
    Design("small strata oversampled", [Part(50, 40, 0.96), Part(50, 40, 0.94), Part(2000, 50, 0.868)]),
    Design("no strata", [Part(41_212, 200, 0.84)]),
    Design("strata that differ very much", [Part(300, 40, 0.10), Part(300, 40, 0.95), Part(200, 40, 0.75)]),
    Design("12 strata of ten", _in_turn((90, 150, 240), (10,) * 3, (0.90, 0.94, 0.86), 4)),
    Design("large strata, 600 answers", _in_turn((9000, 5000, 2000), (300, 200, 100), (0.83, 0.88, 0.76), 1)),
    Design("a site, 20 answers", [Part(200, 10, 0.85), Part(200, 10, 0.77)]),
]
SECOND = Design("another site", [Part(500, 30, 0.88), Part(250, 20, 0.80)])
#: Differences of two sites, by square-and-add on the two default intervals.
PAIRS = [
    ("a site and one that is less content", TYPICAL[1], SECOND),
    ("two sites nearly all content", TYPICAL[2], TYPICAL[7]),
    ("half content and another", TYPICAL[3], SECOND),
    ("small strata oversampled and another", TYPICAL[8], SECOND),
]
FIVES = _in_turn((120, 300, 200, 80), (5,) * 4, (0.90, 0.84, 0.87, 0.94), 6)
HARD = [
    Design("5 answers in each of 24 strata", FIVES),
    Design("5 answers in each of 24 strata, merged to ten", FIVES, least=10),
    Design("99 % content", [Part(2000, 80, 0.99), Part(1000, 60, 0.99), Part(1000, 60, 0.99)]),
    Design("one in ten answers, the content a little more", [Part(8000, 3000, 0.84), Part(4000, 1500, 0.78)],
           response=Response(0.11, 0.09, 0.80)),
    Design("one in ten answers, the content twice as often", [Part(8000, 3000, 0.80), Part(4000, 1500, 0.74)],
           response=Response(0.12, 0.06, 0.80)),
]  # fmt: skip
#: Customers of the hard design of frequent callers: how many, their contacts each, the share of them content.
CALLERS = [(1500, 1, 0.90), (300, 3, 0.75), (60, 12, 0.40)]
CALLERS_DRAWN = 300
