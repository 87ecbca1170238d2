"""The door of every file: which format it is, by its content, and nothing that could hurt gets past."""

import json
from pathlib import PurePath
from typing import Any

from surveys.formats.report import Imported, NotReadable
from surveys.formats.surveyjs_in import from_surveyjs, is_surveyjs
from surveys.formats.texts import as_id
from surveys.publication.document import FORMAT

MOST_BYTES = 4_000_000


def read_file(content: bytes, file_name: str = "") -> Imported:
    """The questionnaire in a file of our own JSON or SurveyJS.

    Raises NotReadable: ``not-a-questionnaire``, ``file-too-large``, ``too-many-questions``.
    """
    if len(content) > MOST_BYTES:
        raise NotReadable("file-too-large", most=MOST_BYTES)
    key = as_id(PurePath(file_name).stem or "questionnaire")
    return _of_json(_json(content), key)


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
