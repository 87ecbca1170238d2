"""Reading a questionnaire from the bytes of a file: our own JSON or SurveyJS."""

import json
from pathlib import PurePath
from typing import Any

from surveys.publication import FORMAT
from surveys.refusals import SurveyRefused
from surveys.surveyjs import Imported, NotSurveyJS, from_surveyjs
from surveys.surveyjs_texts import as_id


def read_questionnaire(content: bytes, file_name: str = "") -> Imported:
    """The definition in a file, and what of it could not be kept (nothing, in our own format).

    A SurveyJS document without a key of ours is named after the file. Raises SurveyRefused ``not-a-questionnaire``.
    """
    document = _json(content)
    if document.get("format") == FORMAT or "questions" in document:
        return Imported(document, [])
    try:
        return from_surveyjs(document, key=as_id(PurePath(file_name).stem or "questionnaire"))
    except NotSurveyJS as fault:
        raise SurveyRefused("not-a-questionnaire") from fault


def _json(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise SurveyRefused("not-a-questionnaire") from fault
    if not isinstance(document, dict):
        raise SurveyRefused("not-a-questionnaire")
    return document
