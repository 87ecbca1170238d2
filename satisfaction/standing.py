"""Home as plain values: one row for each programme, or for each indicator of the only one, by site."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]  # a result of the report

HEADLINES = ("satisfaction", "solved", "recommendation", "effort")
#: What tells of the making of a figure and not of the figure: it stands beside the results once.
ABOUT_DATA = (
    "low-response-rate", "seed-late", "score-unknown", "answers-waiting", "period-incomplete", "populations-mixed",
)  # fmt: skip
LATELY_DAYS = 7


@dataclass(frozen=True)
class Line:
    """One indicator of one programme: of all sites under "", then of each site by its key."""

    principal: str
    survey: str
    indicator: str
    cells: Mapping[str, Row]

    @property
    def whole(self) -> Row:
        return self.cells[""]


def lines_of(results: Iterable[Row], every: bool = False) -> list[Line]:
    """The rows of the board: of one programme (or with ``every``) each of its headlines, of several the first only."""
    found: dict[tuple[str, str], dict[str, dict[str, Row]]] = {}
    for row in results:
        if row["survey"] and row["indicator"] in HEADLINES and set(row["by"]) <= {"site"}:
            mine = found.setdefault((row["principal"], row["survey"]), {})
            mine.setdefault(row["indicator"], {})[row["by"].get("site", "")] = row
    at_most = len(HEADLINES) if every or len(found) == 1 else 1
    return [
        Line(*programme, code, by_code[code])
        for programme, by_code in found.items()
        for code in [code for code in HEADLINES if code in by_code][:at_most]
    ]


def sites_of(lines: Iterable[Line]) -> list[str]:
    """The sites of the board, in order."""
    return sorted({site for line in lines for site in line.cells if site})


def about_data(results: Iterable[Row]) -> list[tuple[str, tuple[str, ...]]]:
    """What must be known of the data: (flag, the programmes it is true of), in the order of ``ABOUT_DATA``."""
    mine = [row for row in results if row["survey"] and not row["by"]]
    found = {flag: {row["survey"] for row in mine if flag in row["flags"]} for flag in ABOUT_DATA}
    return [(flag, tuple(sorted(surveys))) for flag, surveys in found.items() if surveys]


@dataclass(frozen=True)
class Field:
    """One programme's draw at one site: those asked, who answered, who did lately, who still may, and until when.

    ``until`` None: nobody may any more.
    """

    survey: str
    site: str
    asked: int
    answered: int
    lately: int
    still_open: int
    until: datetime | None

    def at_the_close(self, now: datetime) -> int:
        """The answers at the close if the next days bring as many as the last ones did, at most one of each."""
        if self.until is None or self.until <= now:
            return self.answered
        left = (self.until - now).total_seconds() / 86400
        return self.answered + min(self.still_open, int(self.lately * left / LATELY_DAYS))


def together(fields: Sequence[Field]) -> Field | None:
    """The draws of one programme at all of its sites; None without any."""
    if not fields:
        return None
    ends = [each.until for each in fields if each.until]
    return Field(
        survey=fields[0].survey,
        site="",
        asked=sum(each.asked for each in fields),
        answered=sum(each.answered for each in fields),
        lately=sum(each.lately for each in fields),
        still_open=sum(each.still_open for each in fields),
        until=max(ends, default=None),
    )


@dataclass(frozen=True)
class Thin:
    """A programme whose answers leave a wide range: what would narrow it.

    ``needed`` answers for ``margin`` either way, and so many ``to_ask`` at the response of this period.
    """

    survey: str
    answered: int
    margin: float
    needed: int
    to_ask: int
