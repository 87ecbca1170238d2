"""Asterisk's ``Master.csv``: no header, 16 columns and up to five more as cdr.conf has it."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from contacts.reading import UnreadableFile
from contacts.sources.asterisk import ANSWERED, DIRECTIONS, EXTENSION_DIGITS, NOT_ANSWERED, UNIQUE, Leg
from contacts.sources.cdr import contacts_of
from contacts.sources.lines import cells_of
from contacts.sources.plain import Broken, SourceTable
from contacts.sources.ready import ReadySource
from contacts.sources.settings import ZONE, Settings, by

#: The first 16 columns; then uniqueid (loguniqueid), userfield (loguserfield), and all three of peeraccount, linkedid
#: and sequence (newcdrcolumns). Source: cdr/cdr_csv.c.
FEWEST = 16
ACCOUNT, SRC, DST, CONTEXT, CLID, CHANNEL, DSTCHANNEL, LASTAPP, LASTDATA, START, ANSWER, END = range(12)
DISPOSITION = 14
TRIED = 50
KNOWN = {ANSWERED, *NOT_ANSWERED, "UNKNOWN"}


def read(source: BinaryIO, settings: Settings, columns: list[str]) -> SourceTable:
    """One contact a call: the rows with the same linkedid, or else the same uniqueid."""
    key = _key_place(source)
    return SourceTable(columns, lambda counted: contacts_of(_legs(source, key), settings, counted))


def _key_place(source: BinaryIO) -> tuple[int, int]:
    """The number of columns, and which one tells calls apart. Raises UnreadableFile ``no-key``, ``not-master-csv``."""
    rows = [row for row in islice(cells_of(source, ","), TRIED) if not isinstance(row, Broken)]
    widths = [len(cells) for _line, cells in rows]
    if not rows:
        raise UnreadableFile("empty-file")
    width = max(widths, key=widths.count)
    line, cells = next((line, cells) for line, cells in rows if len(cells) == width)
    if not FEWEST <= width <= FEWEST + 5 or cells[DISPOSITION].upper() not in KNOWN:
        raise UnreadableFile("not-master-csv", line, (str(width),))
    return width, _key_among(cells, width, line)


def _key_among(cells: list[str], width: int, line: int) -> int:
    """With the newer columns linkedid, the second of the last three; else the first behind the sixteen."""
    place = width - 2 if width >= FEWEST + 3 else FEWEST
    if width == FEWEST or not UNIQUE.fullmatch(cells[place]):
        raise UnreadableFile("no-key", line, ("loguniqueid=yes",))
    return place


def _legs(source: BinaryIO, shape: tuple[int, int]) -> Iterator[tuple[str, Leg] | Broken]:
    width, key = shape
    for row in cells_of(source, ","):
        if isinstance(row, Broken):
            yield row
            continue
        line, cells = row
        if len(cells) != width or not UNIQUE.fullmatch(cells[key]):
            yield Broken(line, ",".join(cells))
        else:
            yield cells[key], _leg(line, cells, key)


def _leg(line: int, cells: list[str], key: int) -> Leg:
    return Leg(
        line,
        call=cells[key],
        start=cells[START],
        end=cells[END],
        source=cells[SRC],
        destination=cells[DST],
        context=cells[CONTEXT],
        member=cells[DSTCHANNEL],
        application=cells[LASTAPP],
        data=cells[LASTDATA],
        disposition=cells[DISPOSITION],
        account=cells[ACCOUNT],
    )


READY = ReadySource(
    "asterisk-cdr",
    "Asterisk CDR (Master.csv)",
    "asterisk_uniqueid",
    read,
    own=(ZONE, *by("number context account queue"), EXTENSION_DIGITS, DIRECTIONS),
)
