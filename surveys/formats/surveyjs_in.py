"""Reading SurveyJS documents: a subset, and everything that does not fit is named with its place."""

from collections.abc import Mapping
from typing import Any

from surveys.conditions import Condition, both
from surveys.formats.report import Imported, Notes, NotReadable
from surveys.formats.surveyjs_conditions import Conditions
from surveys.formats.surveyjs_elements import Elements
from surveys.formats.surveyjs_words import ONE_PER_SCREEN, OURS, OWN_OF_ALL, SCREEN, WRITTEN
from surveys.formats.texts import Languages
from surveys.publication.document import FORMAT

LONE = "page1"  # the page of documents that name none
SCREENS = SCREEN.format("")


def is_surveyjs(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object looks like a SurveyJS document at all."""
    return "pages" in document or "elements" in document


def from_surveyjs(document: Mapping[str, Any], key: str = "imported") -> Imported:
    """Read a SurveyJS document; ``key`` names the questionnaire if the document does not. Raises NotReadable."""
    if not isinstance(document, Mapping) or not is_surveyjs(document):
        raise NotReadable
    try:
        return _Reader(document, key).read()
    except NotReadable:
        raise
    except (AttributeError, TypeError, ValueError, RecursionError) as fault:
        raise NotReadable from fault  # a list where SurveyJS has an object, a word where it has a number


class _Reader:
    """One pass over a document, noting what is left behind."""

    def __init__(self, document: Mapping[str, Any], key: str) -> None:
        self.document = document
        own = document.get(OURS)
        self.own: Mapping[str, Any] = own if isinstance(own, Mapping) else {}
        self.key = self.own.get("key", key)
        self.notes = Notes()
        self.languages = Languages(document.get("locale"), self.own.get("languages"))
        self.conditions = Conditions(self.notes)
        self.elements = Elements(self.notes, self.languages, self.conditions)
        self.dissolved = document.get("questionsOnPageMode") == ONE_PER_SCREEN
        self.questions: list[dict[str, Any]] = []

    def read(self) -> Imported:
        """Return the questionnaire in our form, with everything that was left out named."""
        known = {"title", "pages", "triggers", OURS, *(["locale"] if self._locale() else [])}
        if self.dissolved:
            known.add("questionsOnPageMode")
        paged = "pages" in self.document
        self.elements.leave(self.document, known | (set() if paged else {"elements"}), "")
        self.elements.leave(self.own, set(OWN_OF_ALL), OURS)
        title = self.elements.texts(self.document.get("title", self.key), "title")
        pages = self.document["pages"] if paged else [{"name": LONE, "elements": self.document["elements"]}]
        for number, page in enumerate(pages):
            self._page(page, f"pages.{number}" if paged else "")
        for number, trigger in enumerate(self.document.get("triggers", [])):
            self._trigger(trigger, f"triggers.{number}")
        definition = {"format": FORMAT, "key": self.key, "languages": [], "title": title, "questions": self.questions}
        definition |= {name: self.own[name] for name in OWN_OF_ALL if name in self.own}
        definition["languages"] = self.languages.found
        return Imported(definition, self.notes.dropped, self.notes.sources)

    def _locale(self) -> bool:
        return self.document.get("locale") == self.languages.first

    def _page(self, page: Mapping[str, Any], where: str) -> None:
        """The questions of a page share a screen, unless it is the screen of one."""
        name = page.get("name")
        lone = self.dissolved or name is None or name == LONE or str(name).startswith(SCREENS)
        if lone and not self.dissolved and len(page.get("elements", [])) > 1 and where:
            name, lone = f"page_{where.rpartition('.')[2]}" if name is None else name, False
        first = len(self.questions)
        self._inside(page, where, None, {"name"} if not self.dissolved or name == LONE else set())
        if not lone and len(self.questions) > first:
            page_id = self.notes.page_id(name, f"{where}.name")
            for question in self.questions[first:]:
                question["page"] = page_id
        elif not lone:
            self.notes.drop(f"{where}.name", "unknown-property", name)

    def _inside(self, page: Mapping[str, Any], where: str, outer: Condition | None, named: set[str]) -> None:
        """The questions of a page or panel; its own condition holds for each of them."""
        self.elements.leave(page, {"elements", "visibleIf"} | named, where)
        inner = self.conditions.read(page, "visibleIf", where)
        condition = both(*filter(None, (outer, inner))) if outer or inner else None
        before = len(self.questions)
        for number, element in enumerate(page.get("elements", [])):
            place = f"{where}.elements.{number}".lstrip(".")
            if not isinstance(element, Mapping):
                self.notes.drop(place, "unknown-type", element)
            elif element.get("type") == "panel":
                self._inside(element, place, condition, {"type"})
            elif (question := self.elements.read(element, place, condition)) is not None:
                self.questions.append(question)
        if inner is not None and len(self.questions) == before:
            self.notes.drop(f"{where}.visibleIf", "unknown-property", page["visibleIf"])

    def _trigger(self, trigger: Mapping[str, Any], where: str) -> None:
        """A jump is looked at once the last question that its expression names is settled."""
        kind, target = trigger.get("type"), self.conditions.names.get(str(trigger.get("gotoName")))
        written = trigger.get("expression") if kind in ("skip", "complete") else None
        condition = self.conditions.parsed(written)
        asked = [question for question in self.questions if condition and question["id"] in condition.names]
        if condition is None or not asked or (kind == "skip" and target is None):
            self.notes.drop(where, "unknown-trigger", dict(trigger))
            return
        own = trigger.get(OURS, {})
        known = {"type", "expression", OURS} | ({"gotoName"} if kind == "skip" else set())
        self.elements.leave(trigger, known, where)
        spelled = self.conditions.spelled(condition, written, own.get(WRITTEN))
        asked[-1].setdefault("jumps", []).append({"if": spelled, "to": target if kind == "skip" else "end"})
