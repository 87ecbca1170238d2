"""The door of every file: which format it is, by its content, and nothing that could hurt gets past."""

import json
from pathlib import PurePath
from typing import Any

from surveys.formats.lss import from_lss
from surveys.formats.report import Imported, NotReadable
from surveys.formats.surveyjs_in import from_surveyjs, is_surveyjs
from surveys.formats.texts import as_id
from surveys.formats.xlsform import from_xlsform
from surveys.publication.document import FORMAT

MOST_BYTES = 4_000_000
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF8_MARK = b"\xef\xbb\xbf"


def read_file(content: bytes, file_name: str = "") -> Imported:
    """The questionnaire in a file of our own JSON, SurveyJS, LimeSurvey or an XLSForm, found by its content.

    What names no questionnaire is named after the file. Raises NotReadable: ``not-a-questionnaire``,
    ``file-too-large``, ``too-many-questions``, ``dangerous-xml``, ``unpacks-too-large``, ``old-spreadsheet``,
    ``not-an-xlsform``.
    """
    if len(content) > MOST_BYTES:
        raise NotReadable("file-too-large", most=MOST_BYTES)
    key = as_id(PurePath(file_name).stem or "questionnaire")
    if content.startswith(ZIP):
        return from_xlsform(content, ".xlsx", key)
    if content.startswith(OLD_EXCEL):
        raise NotReadable("old-spreadsheet")
    first = content.removeprefix(UTF8_MARK).lstrip()[:1]
    if first == b"<":
        return from_lss(content.removeprefix(UTF8_MARK).lstrip(), key)
    if first in (b"{", b"["):
        return _of_json(_json(content), key)
    return _of_table(content.removeprefix(UTF8_MARK), key)


def _of_json(document: dict[str, Any], key: str) -> Imported:
    if document.get("format") == FORMAT or ("questions" in document and not is_surveyjs(document)):
        return Imported(document, [])
    return from_surveyjs(document, key)


def _json(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise NotReadable from fault
    if not isinstance(document, dict):
        raise NotReadable
    return document


def _of_table(content: bytes, key: str) -> Imported:
    """An XLSForm as text: a CSV whose first column names the sheet, or the same as a table in Markdown."""
    try:
        text = content.decode()
    except UnicodeDecodeError as fault:
        raise NotReadable from fault
    if "survey" not in text[:1000].lower():
        raise NotReadable
    return from_xlsform(content, ".md" if text.lstrip().startswith("|") else ".csv", key)
