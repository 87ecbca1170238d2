"""The sheets of an XLSForm: what pyxform reads of a workbook, a CSV or a Markdown table, with one name a column."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pyxform.aliases import list_header, survey_header
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import DefinitionData, get_xlsform

from surveys.formats.report import NotReadable

MOST_UNPACKED = 20_000_000
MOST_ENTRIES = 500
TRANSLATED = {"label", "hint"}
BELONGS = ("bind", "control", "body")
#: Our name of a column → what pyxform calls it, where that is not the same.
COLUMNS = {"relevant": "relevant", "required": "required", "constraint": "constraint", "calculate": "calculation"}


@dataclass
class Line:
    """One row of a sheet. ``number`` is that of the spreadsheet; ``texts``: label or hint → language → text."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Sheets:
    survey: list[Line]
    choices: dict[str, list[Line]]
    settings: Mapping[str, str]
    languages: list[str]
    others: list[str]


def read_sheets(content: bytes, file_type: str) -> Sheets:
    """The sheets of a form; ``file_type`` is .xlsx, .csv or .md.

    Raises NotReadable: ``unpacks-too-large``, ``not-an-xlsform``.
    """
    if file_type == ".xlsx":
        _weigh(content)
    try:
        read = get_xlsform(BytesIO(content), file_type=file_type)
    except (
        PyXFormError,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        SyntaxError,
        RuntimeError,
    ) as fault:
        raise NotReadable("not-an-xlsform") from fault
    if not read.survey or not any(name and name.lower().strip() in ("type", "command") for name in _header(read)):
        raise NotReadable("not-an-xlsform")
    settings = {str(key): str(value) for key, value in (read.settings or [{}])[0].items()} if read.settings else {}
    default = settings.get("default_language", "default")
    survey = [_line(row, number, default, survey_header) for number, row in enumerate(read.survey, 2)]
    lists: dict[str, list[Line]] = {}
    for number, row in enumerate(read.choices or (), 2):
        line = _line(row, number, default, list_header)
        lists.setdefault(line.cells.pop("list_name", ""), []).append(line)
    lines = [*survey, *(line for listed in lists.values() for line in listed)]
    others = [name for name in read.sheet_names or () if name.lower() not in ("survey", "choices", "settings")]
    return Sheets(survey, lists, settings, _languages(lines, default), others)


def _weigh(content: bytes) -> None:
    """Refuse an archive that would grow out of proportion, before anything is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise NotReadable("not-an-xlsform") from fault
    if sum(sizes) > MOST_UNPACKED or len(sizes) > MOST_ENTRIES:
        raise NotReadable("unpacks-too-large", most=MOST_UNPACKED)
    if "xl/workbook.xml" not in names:
        raise NotReadable("not-an-xlsform")


def _header(read: DefinitionData) -> list[str]:
    header: Sequence[Mapping[str, Any]] = read.survey_header or []
    return [name for row in header for name in row]


def _line(row: Mapping[str, Any], number: int, default: str, aliases: Mapping[str, Any]) -> Line:
    line = Line(number)
    for written, value in row.items():
        column, _colons, language = _split(str(written))
        name = _column(column, aliases)
        if name in TRANSLATED:
            line.texts.setdefault(name, {})[language or default] = str(value)
        else:
            line.cells[f"{name}::{language}" if language else name] = str(value).strip()
    return line


def _split(written: str) -> tuple[str, str, str]:
    """Column and language of "label::French"; older forms write one colon, and say where a column belongs."""
    name = re.sub(r"\s*::\s*", "::", written.strip())
    if "::" not in name and ":" in name:
        before, _colon, after = name.partition(":")
        if before.strip().lower() in BELONGS:
            return after.strip(), "", ""
        if before.strip().lower() in (*TRANSLATED, "caption"):
            return before, ":", after.strip()
    return name.partition("::")[0], "::", name.partition("::")[2]


def _column(written: str, aliases: Mapping[str, Any]) -> str:
    """One name for a column that may have several: "caption" is a label, "relevance" is "relevant"."""
    name = re.sub(r"\s+", "_", written.strip().lower())
    meant = aliases.get(name, name)
    last = meant[-1] if isinstance(meant, tuple) else str(meant)
    return re.sub(r"\s+", "_", COLUMNS.get(last, last))


def _languages(lines: list[Line], default: str) -> list[str]:
    """Every language of a text, the form's own first."""
    found = dict.fromkeys(language for line in lines for texts in line.texts.values() for language in texts)
    return sorted(found, key=lambda language: language != default)
