"""A log file as bytes, made into a header and rows of text, or a code that says why not."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from charset_normalizer import from_bytes

from foundation.cells import raw_cell

SEPARATORS = (";", ",", "\t")
# Western office programs write these when they do not write UTF-8; others would only be guesses.
LEGACY_ENCODINGS = ["cp1252", "mac_roman", "cp850"]
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAMPLED_ROWS = 50
# A cell of a contact log is a few words; this bounds what one quote left open can swallow.
LONGEST_CELL = 100_000
# No log writes these; where they are, the bytes are no text or were read in the wrong encoding.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


class UnreadableFile(Exception):
    """A file that is no table of text; ``code`` says why, ``line`` where if that is known."""

    def __init__(self, code: str, line: int | None = None, names: tuple[str, ...] = ()) -> None:
        super().__init__(f"{code} line {line} {names}")
        self.code = code
        self.line = line
        self.names = names


@dataclass(frozen=True)
class Table:
    """The text of a log: its header, and its rows when asked."""

    text: str
    separator: str
    columns: list[str]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line it begins on (the header is on line 1); blank lines are no rows.

        Raises UnreadableFile ``broken-quotes`` where a quotation mark is never closed.
        """
        records = _records(self.text, self.separator)
        next(records)
        return records


def read_table(content: bytes) -> Table:
    """The table in ``content``: UTF-8, UTF-16 with mark or a Western encoding; ``;``, ``,`` or tab.

    Raises UnreadableFile: ``empty-file``, ``unreadable-encoding``, ``separator-unknown``,
    ``duplicate-column``, ``broken-quotes`` or ``no-rows``.
    """
    text = decoded(content)
    if not text.strip():
        raise UnreadableFile("empty-file")
    separator = separator_of(text)
    _, header = next(_records(text, separator))
    table = Table(text, separator, _named(header))
    if next(table.rows(), None) is None:
        raise UnreadableFile("no-rows")
    return table


def decoded(content: bytes) -> str:
    """``content`` as text without its byte order mark, or UnreadableFile ``unreadable-encoding``."""
    text = _as_unicode(content)
    if text is None and content[:2] not in UTF16_MARKS:
        best = from_bytes(content, cp_isolation=LEGACY_ENCODINGS).best()
        text = str(best) if best else None
    if text is None or CONTROLS.search(text):
        raise UnreadableFile("unreadable-encoding")
    return text.removeprefix("\ufeff")


def _as_unicode(content: bytes) -> str | None:
    encoding = "utf-16" if content[:2] in UTF16_MARKS else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def separator_of(text: str) -> str:
    """The separator that cuts the first rows into the same number of cells, the larger number winning."""
    best = max(SEPARATORS, key=lambda separator: _evenness(text, separator))
    if _evenness(text, best)[1] < 2:
        raise UnreadableFile("separator-unknown", line=1)
    return best


def _evenness(text: str, separator: str) -> tuple[float, int]:
    """The share of sampled rows that are as wide as the header, and that width; nothing for one column."""
    try:
        widths = [len(cells) for _, cells in islice(_records(text, separator), SAMPLED_ROWS)]
    except UnreadableFile:
        # The open quote is reported by whoever reads the rows; here it only must not hide the separator.
        widths = [line.count(separator) + 1 for line in text.splitlines()[:SAMPLED_ROWS] if line.strip()]
    width = widths[0]
    return (widths.count(width) / len(widths), width) if width > 1 else (0.0, 1)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [raw_cell(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableFile("broken-quotes", line) from None


def _named(header: list[str]) -> list[str]:
    """The names of the columns; one without a name is called by its place, "#3"."""
    names = [" ".join(name.split()) or f"#{place}" for place, name in enumerate(header, start=1)]
    twice = tuple(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise UnreadableFile("duplicate-column", line=1, names=twice)
    return names
