"""One sheet of a workbook (XLSX, ODS) as rows of text: a program of its own, started by ``sheets``.

What unpacks to more than fits, or was made to do harm, ends this process and not the one that imports. It is given
the workbook as its standard input, a file, and the name of a sheet or nothing; it writes one JSON array a line,
``[row of the sheet, cell, cell …]``, the header first. What it refuses is the one word on its error output.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import python_calamine as calamine

MEMORY, SECONDS = 1 << 30, 90
LARGEST_UNPACKED = 1 << 29
MOST_PARTS = 5000
# A spreadsheet keeps fifteen digits of a number; beyond them it shows powers of ten, and so do we.
EXACT = 10**15


class Refused(Exception):
    """A workbook that cannot be read; its only argument is the code."""


def main(wanted: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        refuse_if_swollen(sys.stdin.buffer)
        for number, cells in written(sheet_of(sys.stdin.buffer, wanted)):
            sys.stdout.write(json.dumps([number, *cells], ensure_ascii=False) + "\n")
    except (Refused, MemoryError) as refusal:
        sys.stderr.write(str(refusal) or "sheet-too-large")
        return 1
    return 0


def refuse_if_swollen(file: BinaryIO) -> None:
    """Raise Refused for what is no archive, or would unpack to more than half a gigabyte."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("workbook-unreadable") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Refused("sheet-too-large")


def sheet_of(file: BinaryIO, wanted: str) -> calamine.CalamineSheet:
    """The sheet called ``wanted``; without a name the first that is shown and has something in it."""
    file.seek(0)
    try:
        workbook = calamine.load_workbook(file)
        if wanted:
            return workbook.get_sheet_by_name(wanted)
        shown = [meta.name for meta in workbook.sheets_metadata if _is_shown(meta)]
        sheets = (workbook.get_sheet_by_name(name) for name in shown)
        return next(sheet for sheet in sheets if any(any(map(_filled, row)) for row in sheet.iter_rows()))
    except StopIteration:
        raise Refused("empty-file") from None
    except calamine.PasswordError:
        raise Refused("workbook-locked") from None
    except calamine.WorksheetNotFound:
        raise Refused("sheet-missing") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Refused("workbook-unreadable") from None


def _is_shown(meta: calamine.SheetMetadata) -> bool:
    return meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible


def _filled(cell: Any) -> bool:
    return cell != "" and not (isinstance(cell, str) and not cell.strip())


def written(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """The rows that have something in them, as text, with their number in the sheet; empty columns at the sides and
    the empty rows around are left out."""
    first, last, with_times = _shape(sheet)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(map(_filled, row)):
            yield number, [as_text(cell, place in with_times) for place, cell in enumerate(row)][first : last + 1]


def _shape(sheet: calamine.CalamineSheet) -> tuple[int, int, set[int]]:
    """The first and the last column with something in it, and the columns in which some date has a time."""
    filled: set[int] = set()
    with_times: set[int] = set()
    for row in sheet.iter_rows():
        filled |= {place for place, cell in enumerate(row) if cell != ""}
        with_times |= {place for place, cell in enumerate(row) if isinstance(cell, datetime)}
    return min(filled, default=0), max(filled, default=0), with_times


def as_text(cell: Any, has_time: bool = False) -> str:
    """A typed cell in the form that a mapping understands, with all it knows: dates begin with the year, and no zone
    is made up.

    Midnight comes as a date without time; ``has_time`` says that other cells of its column have one.
    """
    if isinstance(cell, str):
        return re.sub(r"\s*[\r\n]+\s*", " ", cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d} {_clock(cell.time())}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}" + (" 00:00:00" if has_time else "")
    if isinstance(cell, time):
        return _clock(cell)
    return _duration(cell) if isinstance(cell, timedelta) else _number(cell)


def _clock(at: time) -> str:
    """To the millisecond: what is finer comes from counting days in fractions."""
    return at.isoformat("milliseconds" if at.microsecond >= 1000 else "seconds")


def _duration(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _number(value: int | float) -> str:
    if abs(value) < EXACT:
        return str(int(value)) if value == int(value) else f"{value:.15g}"
    mantissa, power = f"{value:.14E}".split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{power}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
