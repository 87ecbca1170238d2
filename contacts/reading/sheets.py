"""A sheet of a workbook, unpacked by a process of its own into rows of text."""

import json
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import IO, BinaryIO

from contacts.reading.tables import UnreadableFile, named

WORKBOOK_MARK = b"PK\x03\x04"
#: How old workbooks (XLS) begin, and new ones that a password locks.
OLD_MARK = b"\xd0\xcf\x11\xe0"
LARGEST_WORKBOOK = 50_000_000
PROGRAM = Path(__file__).with_name("workbook.py")
# Above the time the program allows itself: it only ends what hangs outside of it.
SECONDS = 180
CODES = {"sheet-too-large", "workbook-unreadable", "workbook-locked", "sheet-missing", "empty-file"}


class SheetTable:
    """The rows of one sheet, kept in a temporary file."""

    separator = ";"

    def __init__(self, unpacked: IO[bytes]) -> None:
        self._unpacked = unpacked
        weakref.finalize(self, unpacked.close)
        _number, header = next(self._records(), (1, []))
        self.columns = named(header)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number in the sheet; empty rows are none."""
        return islice(self._records(), 1, None)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        place = 0
        while True:
            self._unpacked.seek(place)
            line = self._unpacked.readline()
            if not line:
                return
            place += len(line)
            number, *cells = json.loads(line)
            yield number, cells


def is_workbook(file: BinaryIO) -> bool:
    """Whether ``file`` begins as a workbook does. Raises UnreadableFile ``workbook-old`` for one that is not read."""
    file.seek(0)
    mark = file.read(4)
    if mark == OLD_MARK:
        raise UnreadableFile("workbook-old")
    return mark == WORKBOOK_MARK


def read_sheet(file: BinaryIO, sheet: str = "") -> SheetTable:
    """The sheet called ``sheet`` of a workbook; without a name the first that is shown and has something in it.

    Raises UnreadableFile: ``sheet-too-large``, ``workbook-unreadable``, ``workbook-locked``, ``sheet-missing``,
    ``empty-file``, ``duplicate-column`` or ``no-rows``.
    """
    table = SheetTable(_unpacked(file, sheet))
    if next(table.rows(), None) is None:
        raise UnreadableFile("no-rows")
    return table


def _unpacked(file: BinaryIO, sheet: str) -> IO[bytes]:
    with tempfile.TemporaryFile() as packed, tempfile.TemporaryFile() as refusal:
        file.seek(0)
        copyfileobj(file, packed)
        if packed.tell() > LARGEST_WORKBOOK:
            raise UnreadableFile("sheet-too-large")
        packed.seek(0)
        rows = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the table)
        try:
            ended = subprocess.run(
                [sys.executable, "-I", "-X", "utf8", str(PROGRAM), sheet],
                stdin=packed,
                stdout=rows,
                stderr=refusal,
                timeout=SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            ended = -1
        if ended:
            rows.close()
            refusal.seek(0)
            raise UnreadableFile(_code(refusal.read(100).decode(errors="replace")))
        return rows


def _code(said: str) -> str:
    """What the program said; one that was ended by its limits says nothing of ours."""
    return said if said in CODES else "sheet-too-large"
