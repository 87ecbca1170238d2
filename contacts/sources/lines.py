"""A log without a header, read line by line and never wholly in memory."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from contacts.reading import UnreadableFile
from contacts.sources.plain import Broken

#: No switchboard writes such a line; one that is longer is another kind of file.
LONGEST_LINE = 1_000_000
MARK = b"\xef\xbb\xbf"


def lines(source: BinaryIO) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, with its number from 1: UTF-8, or cp1252 where it is not that.

    Raises UnreadableFile ``unreadable-encoding`` for what is no text, ``line-too-long``.
    """
    source.seek(0)
    number = 0
    while written := source.readline(LONGEST_LINE + 1):
        number += 1
        if len(written) > LONGEST_LINE:
            raise UnreadableFile("line-too-long", number)
        if b"\0" in written:
            raise UnreadableFile("unreadable-encoding", number)
        line = _decoded(written.removeprefix(MARK) if number == 1 else written).replace("\r", " ").strip("\n").strip()
        if line:
            yield number, line


def _decoded(written: bytes) -> str:
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("cp1252", errors="replace")


def cells_of(source: BinaryIO, separator: str) -> Iterator[tuple[int, list[str]] | Broken]:
    """The cells of each line; a line whose quotes do not match is ``Broken``.

    A quote never reaches beyond its line: one that is left open must not swallow the calls below it.
    """
    for number, line in lines(source):
        try:
            yield number, [cell.strip() for cell in next(csv.reader([line], delimiter=separator, strict=True))]
        except csv.Error:
            yield Broken(number, line)
