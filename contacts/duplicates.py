"""The rules by which two rows of one principal are taken for one person, or not: declared, with a version each.

A number is one person's, so rows with different numbers are never merged by a rule: families and offices share an
e-mail address. A rule that changes takes another number, and what was decided before keeps the old one.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

#: A row known by an e-mail address alone is the one row with a number that has the same address.
EMAIL_ALONE = "email-alone@1"
#: Somebody decided.
PERSON = "person@1"
RULES = (EMAIL_ALONE, PERSON)


@dataclass(frozen=True)
class Row:
    """What a rule looks at."""

    id: int
    phone: str | None
    email: str | None
    name: str


@dataclass(frozen=True)
class Verdict:
    """What a rule says of two rows; ``reason`` is the code of why they stay apart."""

    kept: Row
    other: Row
    rule: str
    reason: str = ""

    @property
    def merges(self) -> bool:
        return not self.reason

    def evidence(self) -> str:
        """What was compared, in one writing."""
        return "|".join((self.rule, self.kept.email or "", _plain(self.kept.name), _plain(self.other.name)))


def same_name(one: str, other: str) -> bool:
    """Whether two names do not contradict each other: equal but for case, accents and order, or one is empty."""
    return not one or not other or _plain(one) == _plain(other)


def judge(rows: list[Row]) -> list[Verdict]:
    """What EMAIL_ALONE says of rows of one principal that have one e-mail address in common, oldest first."""
    numbered = [row for row in rows if row.phone]
    verdicts = []
    for other in (row for row in rows if not row.phone):
        for kept in numbered[:1] or ():
            reason = "several-numbers" if len(numbered) > 1 else ""
            reason = reason or ("" if same_name(kept.name, other.name) else "names-differ")
            verdicts.append(Verdict(kept, other, EMAIL_ALONE, reason))
    return verdicts


def possible(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of rows with one e-mail address in common that a person may look at: the same name, two numbers; or a row
    without a number that a rule could not give to one of several, whose name contradicts none."""
    named: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.name:
            named[_plain(row.name)].append(place)
    unnumbered = [place for place, row in enumerate(rows) if not row.phone]
    # A thousand customers of one switchboard's address are half a million pairs: only those that may match are made.
    for place, kept in enumerate(rows):
        alike = range(len(rows)) if not kept.phone else (*unnumbered, *(named[_plain(kept.name)] if kept.name else ()))
        for other in (rows[one] for one in sorted(set(alike)) if one > place):
            if same_name(kept.name, other.name):
                yield (kept, other) if kept.phone else (other, kept)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(sorted(words.split()))
