"""The questions of SurveyJS documents, one by one."""

from collections.abc import Collection, Mapping
from typing import Any

from surveys.conditions import Condition, both
from surveys.editing.starting import FIXED
from surveys.formats.plain import plain_text
from surveys.formats.report import Notes
from surveys.formats.surveyjs_conditions import Conditions
from surveys.formats.surveyjs_types import decimals_of, inner_keys, type_of
from surveys.formats.surveyjs_words import CONDITIONS, LISTS, OURS, OWN, OWN_OF_CHOICES, SCALES, TEXTS, WRITTEN
from surveys.formats.texts import Languages
from surveys.publication.values import is_whole

Element = Mapping[str, Any]
#: Answers that SurveyJS adds by a switch: the switch, its label, the id the choice gets with us, its usual words.
ADDED = (
    ("showNoneItem", "noneText", "none", {"en": "None", "fr": "Aucun"}),
    ("showDontKnowItem", "dontKnowText", "dontknow", {"en": "Don't know", "fr": "Je ne sais pas"}),
)
REFUSE = {"en": "I prefer not to answer", "fr": "Je préfère ne pas répondre"}


class Elements:
    """Makes questions of elements, noting what of them is left behind."""

    def __init__(self, notes: Notes, languages: Languages, conditions: Conditions) -> None:
        self.notes, self.languages, self.conditions = notes, languages, conditions

    def read(self, element: Element, where: str, outer: Condition | None) -> dict[str, Any] | None:
        """The question an element is with us, None if it is none; ``outer`` is the condition of what it stands in."""
        beside = element.get(OURS)
        own: Element = beside if isinstance(beside, Mapping) else {}
        kind = own.get("type") or type_of(element)
        name = str(element.get("name", ""))
        if kind is None:
            code = "unknown-scale" if element.get("type") == "rating" else "unknown-type"
            self.notes.source(where, name, ())
            self.notes.drop(where, code, element.get("name"))
            return None
        question: dict[str, Any] = {"id": self.notes.question_id(name, where), "type": kind}
        self.conditions.names[name] = question["id"]
        self.notes.source(where, name, (question["id"],))
        self._texts(question, element, where)
        if isinstance(element.get("isRequired"), bool):
            question["required"] = element["isRequired"]
        question |= {key: own[key] for key in (*OWN, "prefer_not") if key in own}
        self._conditions(question, element, own.get(WRITTEN, {}), outer, where)
        self._of_type(question, element, own, where)
        self.leave(element, self._known(question, element), where)
        self.leave(own, {"type", "choices", "prefer_not", WRITTEN, *OWN}, f"{where}.{OURS}")
        return question

    def _texts(self, question: dict[str, Any], element: Element, where: str) -> None:
        """Its texts. Of a piece of HTML the HTML is what is shown, and a title stands there only for its author."""
        html = element.get("type") == "html" and "html" in element and OURS not in element
        texts = TEXTS if question["type"] in SCALES else {"title": "title", "hint": "description"}
        for ours, theirs in texts.items():
            if html and ours == "title":
                question[ours] = self._html(element, where)
            elif theirs in element or ours == "title":
                question[ours] = self.texts(element.get(theirs, element.get("name", "")), f"{where}.{theirs}")
        if html and "title" in element:
            self.notes.drop(f"{where}.title", "unknown-property", element["title"])

    def _html(self, element: Element, where: str) -> dict[str, str]:
        read = {name: plain_text(text) for name, text in self.texts(element["html"], f"{where}.html").items()}
        if any(lost for _text, lost in read.values()):
            self.notes.drop(f"{where}.html", "markup", element["html"])
        return {language: text for language, (text, _lost) in read.items()}

    def _conditions(
        self, question: dict[str, Any], element: Element, written: Any, outer: Condition | None, where: str
    ) -> None:
        for ours, theirs in CONDITIONS.items():
            inner = self.conditions.read(element, theirs, where)
            if ours == "visible_if" and outer is not None:
                question[ours] = str(both(outer, inner) if inner else outer)
            elif inner is not None:
                question[ours] = self.conditions.spelled(inner, element[theirs], written.get(theirs))

    def _of_type(self, question: dict[str, Any], element: Element, own: Element, where: str) -> None:
        kind, extras = question["type"], own.get("choices", {})
        if kind in LISTS:
            self._list(question, element, extras, where)
        elif kind == "yes_no":
            self._yes_no(question, element, extras, where)
        elif kind in SCALES:
            self._scale(question, element, extras, where)
        elif kind == "statement" and "label" in element:
            question["consent"] = self.texts(element["label"], f"{where}.label")
            self._values(question, element, where)
        elif kind in ("number", "date"):
            question |= {
                ours: element[theirs] for ours, theirs in (("least", "min"), ("most", "max")) if theirs in element
            }
            if (decimals := decimals_of(element)) is not None:
                question["decimals"] = decimals

    def _yes_no(self, question: dict[str, Any], element: Element, extras: Element, where: str) -> None:
        self._values(question, element, where)
        question["choices"] = [
            {"id": name, "label": self._label(element, label, FIXED["yes_no"][name], where), **_kept(extras.get(name))}
            for name, label in (("yes", "labelTrue"), ("no", "labelFalse"))
        ]

    def _values(self, question: dict[str, Any], element: Element, where: str) -> None:
        """The two values of a boolean are yes and no with us; others are noted, and followed in conditions."""
        values = self.conditions.values.setdefault(question["id"], {})
        for key, name, usual in (("valueTrue", "yes", True), ("valueFalse", "no", False)):
            values[element.get(key, name)] = name
            if element.get(key, name) not in (name, usual):
                self.notes.drop(f"{where}.{key}", "renamed", {"from": element[key], "to": name})

    def _scale(self, question: dict[str, Any], element: Element, extras: Element, where: str) -> None:
        listed = element.get("rateValues") or []
        if question["type"] != "satisfaction":
            for number, item in enumerate(listed):
                if isinstance(item, Mapping):  # a label of its own: these scales have names at their ends only
                    self.notes.drop(f"{where}.rateValues.{number}", "unknown-property", item)
            return
        items = listed or range(1, 6)
        question["choices"] = [
            {
                "id": str(_value(item)),
                "label": self.texts(_text(item), f"{where}.rateValues.{number}"),
                **_kept(extras.get(str(_value(item)))),
            }
            for number, item in enumerate(items)
        ]
        for number, item in enumerate(listed):
            if isinstance(item, Mapping):
                self.leave(item, {"value", "text"}, f"{where}.rateValues.{number}")

    def _list(self, question: dict[str, Any], element: Element, extras: Element, where: str) -> None:
        taken: set[str] = set()
        values = self.conditions.values.setdefault(question["id"], {})
        question["choices"] = []
        for number, item in enumerate(element.get("choices", [])):
            place = f"{where}.choices.{number}"
            values[_value(item)] = name = self.notes.choice_id(_value(item), place, taken)
            choice = {"id": name, "label": self.texts(_text(item), place)}
            if isinstance(item, Mapping):
                self._item(choice, item, extras.get(name, {}), place, exclusive=question["type"] == "multiple")
            question["choices"].append(choice)
        if question["type"] != "ranking":
            self._added(question, element, where, taken)
        if element.get("choicesOrder") in ("random", "none"):
            question["random_order"] = element["choicesOrder"] == "random"
        if question["type"] == "ranking" and not element.get("selectToRankEnabled"):
            question["least"] = len(question["choices"])
        elif question["type"] != "choice":
            bounds = (("least", "minSelectedChoices"), ("most", "maxSelectedChoices"))
            question |= {ours: element[theirs] for ours, theirs in bounds if is_whole(element.get(theirs))}

    def _item(self, choice: dict[str, Any], item: Element, own: Element, where: str, *, exclusive: bool) -> None:
        condition = self.conditions.read(item, "visibleIf", where)
        if condition is not None:
            choice["visible_if"] = self.conditions.spelled(condition, item["visibleIf"], own.get(WRITTEN))
        if exclusive and "isExclusive" in item:
            choice["exclusive"] = item["isExclusive"]
        choice |= _kept(own)
        self.leave(item, {"value", "text", "visibleIf", *(["isExclusive"] if exclusive else [])}, where)

    def _added(self, question: dict[str, Any], element: Element, where: str, taken: set[str]) -> None:
        """The answers that stand below the list: none of these, don't know, prefer not to answer."""
        for switch, label, name, usual in ADDED:
            if element.get(switch) is True:
                made: dict[str, Any] = {"id": self.notes.choice_id(name, f"{where}.{switch}", taken)}
                made |= {"label": self._label(element, label, usual, where), "fixed": True}
                exclusive = {"exclusive": True} if question["type"] == "multiple" else {}
                self.conditions.values[question["id"]][name] = made["id"]
                question["choices"].append(made | exclusive)
        if element.get("showRefuseItem") is True:
            question["prefer_not"] = self._label(element, "refuseText", REFUSE, where)
            self.conditions.values[question["id"]]["refused"] = "_private"

    def _label(self, element: Element, key: str, usual: Mapping[str, str], where: str) -> dict[str, str]:
        """The label of the document, else the usual one in those of its languages that we know words in."""
        if key in element:
            return self.texts(element[key], f"{where}.{key}")
        return {language: text for language, text in usual.items() if language in self.languages.found}

    def _known(self, question: dict[str, Any], element: Element) -> set[str]:
        known = {"type", "name", "visibleIf", "requiredIf", "title", "description", OURS}
        if isinstance(element.get("isRequired"), bool):
            known.add("isRequired")
        return known | inner_keys(question["type"], element)

    def texts(self, value: Any, where: str) -> dict[str, str]:
        """A text in each language; one in a language that is none of ours is noted."""
        texts, unread = self.languages.texts(value)
        for name in unread:
            self.notes.drop(where, "unknown-language", name)
        return texts

    def leave(self, holder: Mapping[str, Any], known: Collection[str], where: str) -> None:
        """Note every property that is not ``known``."""
        for name in holder:
            if name not in known:
                self.notes.drop(f"{where}.{name}".lstrip("."), "unknown-property", holder[name])


def _kept(extras: Any) -> dict[str, Any]:
    return {name: extras[name] for name in OWN_OF_CHOICES if name in extras} if isinstance(extras, Mapping) else {}


def _value(item: Any) -> Any:
    return item.get("value") if isinstance(item, Mapping) else item


def _text(item: Any) -> Any:
    return item.get("text", str(item.get("value", ""))) if isinstance(item, Mapping) else str(item)
