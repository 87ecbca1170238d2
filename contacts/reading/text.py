"""Text with separators, CSV and its kin, read as a stream."""

import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from typing import BinaryIO

from contacts.reading.encodings import encoding_of
from contacts.reading.tables import UnreadableFile, named
from foundation.cells import raw_cell

SEPARATORS = (";", ",", "\t")
SAMPLED_ROWS = 50
SAMPLED_LETTERS = 1 << 16
READ_AT_ONCE = 1 << 18
# A cell of a contact log is a few words; this bounds what one quote left open can swallow.
LONGEST_CELL = 100_000
LONGEST_LINE = 1 << 20
# The line by which Excel tells itself the separator; it is not the header.
EXCELS_LINE = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)


class TextTable:
    """The text of a log, in a file that stays open."""

    def __init__(self, file: BinaryIO, encoding: str, separator: str) -> None:
        self.separator = separator
        self._file = file
        self._encoding = encoding
        _line, header = next(self._records(), (1, []))
        self.columns = named(header)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line it begins on (the header is on line 1); blank lines are no rows.

        Raises UnreadableFile ``broken-quotes`` where a quotation mark is never closed.
        """
        return islice(self._records(), 1, None)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        return records(lines_of(self._file, self._encoding), self.separator)


def read_text(file: BinaryIO) -> TextTable:
    """The table in ``file``: UTF-8, UTF-16 with mark or a Western encoding; ``;``, ``,`` or tab.

    Raises UnreadableFile: ``empty-file``, ``unreadable-encoding``, ``separator-unknown``, ``duplicate-column``,
    ``broken-quotes`` or ``no-rows``.
    """
    encoding = encoding_of(file)
    if not any(line.strip() for line in lines_of(file, encoding)):
        raise UnreadableFile("empty-file")
    table = TextTable(file, encoding, separator_of(file, encoding))
    if next(table.rows(), None) is None:
        raise UnreadableFile("no-rows")
    return table


class _Window(io.RawIOBase):
    """A place of its own in a file that others read too, so that one iteration does not disturb another."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.place = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        self.file.seek(self.place)
        piece = self.file.read(len(buffer))
        buffer[: len(piece)] = piece
        self.place += len(piece)
        return len(piece)


def opened(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """``file`` as text from its start, line ends as they are."""
    return io.TextIOWrapper(io.BufferedReader(_Window(file), READ_AT_ONCE), encoding=encoding, newline="")


def lines_of(file: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines of ``file``; one that never ends comes in parts."""
    return iter(partial(opened(file, encoding).readline, LONGEST_LINE), "")


def separator_of(file: BinaryIO, encoding: str) -> str:
    """The separator that cuts the first rows into the same number of cells, the larger number winning."""
    start = opened(file, encoding).read(SAMPLED_LETTERS)
    if told := EXCELS_LINE.match(start):
        return told[1]
    evenness = {separator: _evenness(file, encoding, start, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=evenness.__getitem__)
    if evenness[best][1] < 2:
        raise UnreadableFile("separator-unknown", line=1)
    return best


def _evenness(file: BinaryIO, encoding: str, start: str, separator: str) -> tuple[float, int]:
    """The share of sampled rows that are as wide as the header, and that width; nothing for one column."""
    try:
        widths = [len(cells) for _, cells in islice(records(lines_of(file, encoding), separator), SAMPLED_ROWS)]
    except UnreadableFile:
        # The open quote is reported by whoever reads the rows; here it only must not hide the separator.
        widths = [line.count(separator) + 1 for line in start.splitlines()[:SAMPLED_ROWS] if line.strip()]
    width = widths[0]
    return (widths.count(width) / len(widths), width) if width > 1 else (0.0, 1)


def records(lines: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Header and rows with the line each begins on. Raises UnreadableFile ``broken-quotes``."""
    csv.field_size_limit(LONGEST_CELL)
    first = next(lines, "")
    skipped = 1 if EXCELS_LINE.match(first) else 0
    reader = csv.reader(lines if skipped else chain([first], lines), delimiter=separator, strict=True)
    line = 1 + skipped
    try:
        for cells in reader:
            # One look at the row as a whole: most have neither nothing in them nor an apostrophe to take off.
            written = "".join(cells)
            if written and not written.isspace():
                yield line, [raw_cell(cell) for cell in cells] if "'" in written else cells
            line = reader.line_num + 1 + skipped
    except csv.Error:
        raise UnreadableFile("broken-quotes", line) from None
