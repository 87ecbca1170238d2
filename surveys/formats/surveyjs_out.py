"""Questionnaires as SurveyJS documents, which SurveyJS itself can show.

``from_surveyjs(to_surveyjs(definition))`` gives the definition back, and drops nothing.
"""

import re
from collections.abc import Mapping
from html import escape
from itertools import groupby
from typing import Any

from surveys.conditions import BadCondition, parse_condition
from surveys.definitions import END, Definition
from surveys.formats.surveyjs_words import (
    CONDITIONS,
    ELEMENTS,
    LISTS,
    OURS,
    OWN,
    OWN_OF_ALL,
    OWN_OF_CHOICES,
    SCALES,
    SCREEN,
    TEXTS,
    WRITTEN,
)
from surveys.questions.words import MOST_CHARACTERS, MOST_IN_A_LINE

NOT = re.compile(r"\bnot\b", re.IGNORECASE)


def to_surveyjs(definition: Definition) -> dict[str, Any]:
    """The questionnaire as a SurveyJS document."""
    triggers = [_trigger(question) for question in definition["questions"] if _has_trigger(question)]
    return {
        "title": dict(definition["title"]),
        "locale": definition["languages"][0],
        "pages": _pages(definition["questions"]),
        **({"triggers": triggers} if triggers else {}),
        OURS: {name: definition[name] for name in OWN_OF_ALL if name in definition},
    }


def _pages(questions: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    runs = groupby(enumerate(questions, 1), lambda pair: pair[1].get("page") or pair[0])
    return [
        {"name": page if isinstance(page, str) else SCREEN.format(page), "elements": [_element(q) for _, q in run]}
        for page, run in runs
    ]


def _element(question: Mapping[str, Any]) -> dict[str, Any]:
    kind = question["type"]
    element: dict[str, Any] = {"type": ELEMENTS[kind], "name": question["id"]}
    element |= {theirs: dict(question[ours]) for ours, theirs in TEXTS.items() if ours in question}
    if "required" in question:
        element["isRequired"] = question["required"]
    own: dict[str, Any] = {"type": kind} | {name: question[name] for name in OWN if name in question}
    if _has_trigger(question):
        del own["jumps"]
    said = {theirs: question[ours] for ours, theirs in CONDITIONS.items() if ours in question}
    element |= {theirs: _for_surveyjs(text) for theirs, text in said.items()} | _of_type(question)
    if written := {theirs: text for theirs, text in said.items() if text != element[theirs]}:
        own[WRITTEN] = written
    if "prefer_not" in question:
        if kind in ("choice", "multiple"):
            element |= {"showRefuseItem": True, "refuseText": dict(question["prefer_not"])}
        else:
            own["prefer_not"] = question["prefer_not"]
    extras = {choice["id"]: _extras(choice) for choice in question.get("choices", []) if _extras(choice)}
    return element | {OURS: own | ({"choices": extras} if extras else {})}


def _extras(choice: Mapping[str, Any]) -> dict[str, Any]:
    said = choice.get("visible_if", "")
    written = {} if _for_surveyjs(said) == said else {WRITTEN: said}
    return {name: choice[name] for name in OWN_OF_CHOICES if name in choice} | written


def _of_type(question: Mapping[str, Any]) -> dict[str, Any]:
    """What only this type of question has."""
    kind = question["type"]
    if kind in SCALES:
        return _rating(question)
    if kind == "yes_no":
        labels = {choice["id"]: dict(choice["label"]) for choice in question["choices"]}
        return {"valueTrue": "yes", "valueFalse": "no", "labelTrue": labels["yes"], "labelFalse": labels["no"]}
    if kind in LISTS:
        return _list(question)
    if kind == "statement":
        return _statement(question)
    return _field(question)


def _rating(question: Mapping[str, Any]) -> dict[str, Any]:
    lowest, highest = SCALES[question["type"]]
    values = [{"value": int(choice["id"]), "text": dict(choice["label"])} for choice in question.get("choices", [])]
    return {"rateMin": lowest, "rateMax": highest, **({"rateValues": values} if values else {})}


def _list(question: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"choices": [_item(choice) for choice in question["choices"]]}
    if "random_order" in question:
        made["choicesOrder"] = "random" if question["random_order"] else "none"
    bounds = {"minSelectedChoices": question.get("least"), "maxSelectedChoices": question.get("most")}
    made |= {theirs: bound for theirs, bound in bounds.items() if bound is not None}
    if question["type"] == "ranking":  # with us nobody has to rank everything
        made["selectToRankEnabled"] = True
    return made


def _item(choice: Mapping[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"value": choice["id"], "text": dict(choice["label"])}
    if "visible_if" in choice:
        item["visibleIf"] = _for_surveyjs(choice["visible_if"])
    if "exclusive" in choice:
        item["isExclusive"] = choice["exclusive"]
    return item


def _statement(question: Mapping[str, Any]) -> dict[str, Any]:
    if "consent" in question:
        label = dict(question["consent"])
        return {"type": "boolean", "renderAs": "checkbox", "label": label, "valueTrue": "yes", "valueFalse": "no"}
    return {"html": {language: escape(text, quote=False) for language, text in question["title"].items()}}


def _field(question: Mapping[str, Any]) -> dict[str, Any]:
    kind = question["type"]
    if kind in ("text", "comment"):
        return {"maxLength": MOST_IN_A_LINE if kind == "text" else MOST_CHARACTERS}
    made: dict[str, Any] = {"inputType": kind}
    made |= {theirs: question[ours] for ours, theirs in (("least", "min"), ("most", "max")) if ours in question}
    if "decimals" in question:
        made["step"] = 10 ** -question["decimals"] if question["decimals"] else 1
    return made


def _has_trigger(question: Mapping[str, Any]) -> bool:
    """Whether SurveyJS can jump as this question does: on one condition, about its own answer.

    Of several jumps we take the first that holds, and SurveyJS would take each; and it has none without condition.
    """
    jumps = question.get("jumps", [])
    if len(jumps) != 1 or "if" not in jumps[0]:
        return False
    try:
        return parse_condition(jumps[0]["if"]).names == {question["id"]}
    except BadCondition:
        return False


def _trigger(question: Mapping[str, Any]) -> dict[str, Any]:
    jump = question["jumps"][0]
    expression = _for_surveyjs(jump["if"])
    own = {} if expression == jump["if"] else {OURS: {WRITTEN: jump["if"]}}
    if jump["to"] == END:
        return {"type": "complete", "expression": expression, **own}
    return {"type": "skip", "expression": expression, "gotoName": jump["to"], **own}


def _for_surveyjs(text: str) -> str:
    """The condition as SurveyJS can read it: it has no word "not"."""
    if not NOT.search(text):
        return text
    try:
        return str(parse_condition(text))
    except BadCondition:  # of a draft
        return text
