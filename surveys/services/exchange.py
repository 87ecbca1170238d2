"""Reading a questionnaire from the bytes of a file."""

import json
from typing import Any

from surveys.refusals import SurveyRefused


def read_questionnaire(content: bytes) -> dict[str, Any]:
    """The definition in a file. Raises SurveyRefused ``not-a-questionnaire``."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise SurveyRefused("not-a-questionnaire") from fault
    if not isinstance(document, dict):
        raise SurveyRefused("not-a-questionnaire")
    return document
