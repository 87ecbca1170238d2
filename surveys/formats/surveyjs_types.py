"""Which of our types an element of SurveyJS is, and which of its properties then mean something."""

from collections.abc import Mapping
from math import log10
from typing import Any

from surveys.formats.surveyjs_words import SCALES
from surveys.publication.questions import MOST_DECIMALS
from surveys.publication.values import is_day, is_number, is_whole
from surveys.questions.words import MOST_CHARACTERS, MOST_IN_A_LINE

Element = Mapping[str, Any]
READ_AS = {
    "radiogroup": "choice",
    "dropdown": "choice",
    "checkbox": "multiple",
    "tagbox": "multiple",
    "ranking": "ranking",
    "comment": "comment",
    "html": "statement",
}
INPUTS = {"number": "number", "range": "number", "date": "date"}
LIST_KEYS = {"choices", "choicesOrder"}
ADDED_KEYS = {
    "showNoneItem": "noneText",
    "showDontKnowItem": "dontKnowText",
    "showRefuseItem": "refuseText",
}


def type_of(element: Element) -> str | None:
    """The name of our type, None if there is none like it."""
    kind = str(element.get("type"))
    if kind == "rating":
        return scale_of(element)
    if kind == "boolean":
        return "statement" if element.get("renderAs") == "checkbox" and "label" in element else "yes_no"
    if kind == "text":
        return INPUTS.get(str(element.get("inputType")), "text")
    return READ_AS.get(kind)


def scale_of(element: Element) -> str | None:
    """The scale of a rating, None if it is none of ours."""
    lowest = element.get("rateMin", 1)
    highest = element.get("rateMax", lowest + element["rateCount"] - 1 if "rateCount" in element else 5)
    listed = element.get("rateValues", [])
    values = [item.get("value") if isinstance(item, Mapping) else item for item in listed]
    if values:
        spans = {name: list(range(low, high + 1)) for name, (low, high) in SCALES.items()}
        return next((name for name, span in spans.items() if span == values), None)
    return next((name for name, span in SCALES.items() if span == (lowest, highest)), None)


def decimals_of(element: Element) -> int | None:
    """How many decimals the ``step`` of a number allows; None if it says nothing, or is no power of ten."""
    step: Any = element.get("step")
    if not is_number(step) or step <= 0:
        return None
    decimals = round(-log10(step))
    return decimals if 0 <= decimals <= MOST_DECIMALS and abs(10**-decimals - step) < 1e-9 else None


def inner_keys(kind: str, element: Element) -> set[str]:
    """The properties that mean something to a question of our type ``kind``, as this element has them."""
    if kind in SCALES:
        return _rating(element)
    if kind == "yes_no":
        return {"labelTrue", "labelFalse", "valueTrue", "valueFalse"}
    if kind in ("choice", "multiple", "ranking"):
        return _list(kind, element)
    if kind == "statement":
        said = {"html"} if element.get("type") == "html" else {"renderAs", "label", "valueTrue", "valueFalse"}
        return said | ({"html"} if "html" in element else set())
    if kind in ("number", "date"):
        return _field(kind, element)
    most = MOST_IN_A_LINE if kind == "text" else MOST_CHARACTERS
    plain = {"inputType"} if element.get("inputType") == "text" else set()
    return plain | ({"maxLength"} if element.get("maxLength") == most else set())


def _rating(element: Element) -> set[str]:
    return {"rateMin", "rateMax", "rateCount", "rateValues", "minRateDescription", "maxRateDescription"}


def _list(kind: str, element: Element) -> set[str]:
    known = {"choices"} | ({"choicesOrder"} if element.get("choicesOrder") in ("random", "none") else set())
    if kind == "multiple" or element.get("selectToRankEnabled"):
        known |= {name for name in ("minSelectedChoices", "maxSelectedChoices") if is_whole(element.get(name))}
    if kind == "ranking":
        return known | {"selectToRankEnabled"}
    for switch, label in ADDED_KEYS.items():
        if isinstance(element.get(switch), bool):
            known |= {switch} | ({label} if element[switch] else set())
    return known


def _field(kind: str, element: Element) -> set[str]:
    right = is_number if kind == "number" else is_day
    known = {"inputType"} | {name for name in ("min", "max") if right(element.get(name))}
    return known | ({"step"} if kind == "number" and decimals_of(element) is not None else set())
