"""Questionnaires as SurveyJS JSON, out and in: a subset, and everything that does not fit is named.

What SurveyJS has no word for (theme, words by SMS, what a choice wants) travels under ``satisfecit``, a property it
ignores. ``from_surveyjs(to_surveyjs(definition))`` gives the definition back, and drops nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.conditions import BadCondition, Condition, both, parse_condition
from surveys.definitions import Definition
from surveys.publication import CHOICE_NAME, FORMAT, NAME
from surveys.questions.words import MOST_CHARACTERS
from surveys.surveyjs_texts import Languages, as_id

OURS = "satisfecit"
PAGE = "page1"
ONE_PER_SCREEN = "questionPerPage"
SCALES = {"satisfaction": (1, 5), "recommendation": (0, 10), "effort": (1, 7)}
TYPES = {**dict.fromkeys(SCALES, "rating"), "yes_no": "boolean", "choice": "radiogroup", "comment": "comment"}
# Our own field → the property of SurveyJS with the same meaning.
TEXTS = {
    "title": "title",
    "hint": "description",
    "low_end": "minRateDescription",
    "high_end": "maxRateDescription",
}
READ_AS = {"radiogroup": "choice", "dropdown": "choice", "boolean": "yes_no", "comment": "comment", "text": "comment"}
YES_NO = {"yes": {"fr": "Oui", "en": "Yes"}, "no": {"fr": "Non", "en": "No"}}
CONTAINERS = ("panel",)
BOOLEAN = re.compile(r"(=|<>|!=)\s*(true|false)\b", re.IGNORECASE)


class NotSurveyJS(ValueError):
    """A document that is no SurveyJS questionnaire at all."""


@dataclass(frozen=True)
class Dropped:
    """Something of the document that the questionnaire does not have: where it stood, and why it is left out.

    ``code``: unknown-property, unknown-type, unknown-scale, bad-condition, renamed, unknown-language.
    """

    where: str
    code: str
    value: Any = None


@dataclass(frozen=True)
class Imported:
    """A definition (publishing asks whether it is complete) and everything that did not come with it."""

    definition: dict[str, Any]
    dropped: list[Dropped]


def to_surveyjs(definition: Definition) -> dict[str, Any]:
    """The questionnaire as a SurveyJS document, which SurveyJS itself can show."""
    own = {name: definition[name] for name in ("format", "key", "languages", "messages") if name in definition}
    return {
        "title": dict(definition["title"]),
        "locale": definition["languages"][0],
        "questionsOnPageMode": ONE_PER_SCREEN,
        "pages": [{"name": PAGE, "elements": [_element(question) for question in definition["questions"]]}],
        OURS: own,
    }


def _element(question: Mapping[str, Any]) -> dict[str, Any]:
    kind = question["type"]
    element: dict[str, Any] = {"type": TYPES[kind], "name": question["id"]}
    element |= {theirs: dict(question[ours]) for ours, theirs in TEXTS.items() if ours in question}
    if question.get("required"):
        element["isRequired"] = True
    if "visible_if" in question:
        element["visibleIf"] = question["visible_if"]
    element |= _values(kind, question.get("choices", []))
    own = {name: question[name] for name in ("theme", "purpose", "sms") if name in question}
    extras = {choice["id"]: _extras(choice) for choice in question.get("choices", []) if _extras(choice)}
    return element | {OURS: {"type": kind, **own, **({"choices": extras} if extras else {})}}


def _extras(choice: Mapping[str, Any]) -> dict[str, Any]:
    return {name: choice[name] for name in ("words", "wants") if name in choice}


def _values(kind: str, choices: list[Mapping[str, Any]]) -> dict[str, Any]:
    if kind in SCALES:
        lowest, highest = SCALES[kind]
        values = [{"value": int(choice["id"]), "text": dict(choice["label"])} for choice in choices]
        return {"rateMin": lowest, "rateMax": highest, **({"rateValues": values} if values else {})}
    if kind == "yes_no":
        labels = {choice["id"]: dict(choice["label"]) for choice in choices}
        return {"valueTrue": "yes", "valueFalse": "no", "labelTrue": labels["yes"], "labelFalse": labels["no"]}
    if kind == "choice":
        return {"choices": [{"value": choice["id"], "text": dict(choice["label"])} for choice in choices]}
    return {"maxLength": MOST_CHARACTERS}


def from_surveyjs(document: Mapping[str, Any], key: str = "imported") -> Imported:
    """Read a SurveyJS document; ``key`` names the questionnaire if the document does not. Raises NotSurveyJS."""
    if not isinstance(document, Mapping) or not ("pages" in document or "elements" in document):
        raise NotSurveyJS
    try:
        return _Reader(document, key).read()
    except (AttributeError, TypeError) as fault:  # a list where SurveyJS has an object, a word where it has a number
        raise NotSurveyJS from fault


class _Reader:
    """One pass over a document, noting what is left behind."""

    def __init__(self, document: Mapping[str, Any], key: str) -> None:
        self.document = document
        own = document.get(OURS)
        self.own: Mapping[str, Any] = own if isinstance(own, Mapping) else {}
        self.key = self.own.get("key", key)
        self.languages = Languages(document.get("locale"), self.own.get("languages"))
        self.dropped: list[Dropped] = []
        self.names: dict[str, str] = {}

    def read(self) -> Imported:
        """Return the questionnaire in our form, with everything that was left out named."""
        pages = self.document.get("pages") or [{"name": PAGE, "elements": self.document.get("elements", [])}]
        known = {"title", "locale", "pages", "elements", OURS}
        if self.document.get("questionsOnPageMode") == ONE_PER_SCREEN:
            known.add("questionsOnPageMode")
        self._leave(self.document, known, "")
        title = self._texts(self.document.get("title", self.key), "title")
        questions: list[dict[str, Any]] = []
        for number, page in enumerate(pages):
            questions += self._page(page, f"pages.{number}", None)
        definition = {"format": FORMAT, "key": self.key, "languages": [], "title": title, "questions": questions}
        if "messages" in self.own:
            definition["messages"] = self.own["messages"]
        definition["languages"] = self.languages.found
        return Imported(definition, self.dropped)

    def _page(self, page: Mapping[str, Any], where: str, outer: Condition | None) -> list[dict[str, Any]]:
        """The questions of a page or panel; its own condition holds for each of them."""
        known = {"elements", "visibleIf", "type"} | ({"name"} if page.get("name") == PAGE or outer else set())
        self._leave(page, known, where)
        condition = self._both(outer, self._condition(page, where))
        questions = []
        for number, element in enumerate(page.get("elements", [])):
            place = f"{where}.elements.{number}"
            if not isinstance(element, Mapping):
                self._drop(place, "unknown-type", element)
            elif element.get("type") in CONTAINERS:
                questions += self._page(element, place, condition)
            else:
                questions += self._question(element, place, condition)
        return questions

    def _question(self, element: Mapping[str, Any], where: str, outer: Condition | None) -> list[dict[str, Any]]:
        own = element.get(OURS, {}) if isinstance(element.get(OURS), Mapping) else {}
        kind = own.get("type") or self._kind(element)
        if kind is None:
            code = "unknown-scale" if element.get("type") == "rating" else "unknown-type"
            self._drop(where, code, element.get("name"))
            return []
        question: dict[str, Any] = {"id": self._name(element, where), "type": kind}
        for ours, theirs in TEXTS.items():
            if theirs in element or ours == "title":
                text = element.get(theirs, element.get("name", ""))
                question[ours] = self._texts(text, f"{where}.{theirs}")
        if element.get("isRequired") is True:
            question["required"] = True
        condition = self._both(outer, self._condition(element, where))
        if condition is not None:
            question["visible_if"] = str(condition)
        question |= {name: own[name] for name in ("theme", "purpose", "sms") if name in own}
        if choices := self._choices(kind, element, own.get("choices", {}), where):
            question["choices"] = choices
        self._leave(element, self._known(kind, element), where)
        return [question]

    def _kind(self, element: Mapping[str, Any]) -> str | None:
        if element.get("type") != "rating":
            return READ_AS.get(str(element.get("type")))
        lowest = element.get("rateMin", 1)
        highest = element.get("rateMax", lowest + element["rateCount"] - 1 if "rateCount" in element else 5)
        values = [_value(item) for item in element.get("rateValues", [])]
        if values and all(isinstance(value, int) for value in values):
            lowest, highest = min(values), max(values)
        return next((name for name, span in SCALES.items() if span == (lowest, highest)), None)

    def _known(self, kind: str, element: Mapping[str, Any]) -> set[str]:
        known = {"type", "name", "isRequired", "visibleIf", OURS, *TEXTS.values()}
        if kind in SCALES:
            return known | {"rateMin", "rateMax", "rateCount", "rateValues"}
        if kind == "yes_no":
            return known | {"labelTrue", "labelFalse", "valueTrue", "valueFalse"}
        if kind == "choice":
            return known | {"choices"}
        return known | ({"maxLength"} if element.get("maxLength") == MOST_CHARACTERS else set())

    def _choices(
        self, kind: str, element: Mapping[str, Any], extras: Mapping[str, Any], where: str
    ) -> list[dict[str, Any]]:
        if kind == "yes_no":
            pairs = [("yes", element.get("labelTrue")), ("no", element.get("labelFalse"))]
            found = [(name, self._usual(name) if label is None else label) for name, label in pairs]
        elif kind == "choice":
            found = [(_value(item), _label(item)) for item in element.get("choices", [])]
        elif kind == "satisfaction":
            items = element.get("rateValues") or range(1, 6)
            found = [(_value(item), _label(item)) for item in items]
        else:
            for number in range(len(element.get("rateValues", []))):
                self._drop(f"{where}.rateValues.{number}", "unknown-property", element["rateValues"][number])
            return []
        choices = []
        for number, (value, label) in enumerate(found):
            name = self._id(value, CHOICE_NAME, f"{where}.choices.{number}")
            text = self._texts(label, f"{where}.choices.{number}")
            choices.append({"id": name, "label": text, **extras.get(name, {})})
        return choices

    def _usual(self, name: str) -> dict[str, str]:
        """Yes and no in those languages of the document that we speak; publishing asks for the others."""
        return {language: text for language, text in YES_NO[name].items() if language in self.languages.found}

    def _condition(self, element: Mapping[str, Any], where: str) -> Condition | None:
        written = element.get("visibleIf")
        if not written:
            return None
        try:
            plain = BOOLEAN.sub(
                lambda sign: f"{sign[1]} '{'yes' if sign[2].lower() == 'true' else 'no'}'", str(written)
            )
            for theirs, ours in self.names.items():
                plain = plain.replace(f"{{{theirs}}}", f"{{{ours}}}")
            return parse_condition(plain)
        except BadCondition:
            self._drop(f"{where}.visibleIf", "bad-condition", written)
            return None

    def _both(self, outer: Condition | None, inner: Condition | None) -> Condition | None:
        if outer is None or inner is None:
            return inner or outer
        return both(outer, inner)

    def _name(self, element: Mapping[str, Any], where: str) -> str:
        name = str(element.get("name", ""))
        self.names[name] = self._id(name, NAME, where)
        return self.names[name]

    def _id(self, value: Any, form: re.Pattern[str], where: str) -> str:
        """``value`` if it may be an id of ours, else one made of it, and noted."""
        name = str(value)
        if form.fullmatch(name):
            return name
        made = as_id(name)
        made = made if form.fullmatch(made) else f"q_{made}"[:40]
        self._drop(where, "renamed", {"from": value, "to": made})
        return made

    def _texts(self, value: Any, where: str) -> dict[str, str]:
        texts, unread = self.languages.texts(value)
        for name in unread:
            self._drop(where, "unknown-language", name)
        return texts

    def _leave(self, document: Mapping[str, Any], known: set[str], where: str) -> None:
        for name in document:
            if name not in known:
                self._drop(f"{where}.{name}".lstrip("."), "unknown-property", document[name])

    def _drop(self, where: str, code: str, value: Any) -> None:
        self.dropped.append(Dropped(where, code, value))


def _value(item: Any) -> Any:
    return item.get("value") if isinstance(item, Mapping) else item


def _label(item: Any) -> Any:
    if isinstance(item, Mapping):
        return item.get("text", str(item.get("value", "")))
    return str(item)
