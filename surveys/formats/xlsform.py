"""Reading XLSForms (.xlsx, .csv, .md): questions, groups and the conditions that fit."""

from dataclasses import dataclass
from typing import Any

from pyxform.aliases import select, yes_no

from surveys.conditions import BadCondition, Condition, both
from surveys.formats.foreign_conditions import Variable
from surveys.formats.foreign_expressions import parse_foreign
from surveys.formats.foreign_texts import ForeignTexts
from surveys.formats.report import Imported, Notes, NotReadable
from surveys.formats.texts import as_id
from surveys.formats.xlsform_bounds import bounds_of, range_of
from surveys.formats.xlsform_sheets import Line, Sheets, read_sheets
from surveys.publication.document import FORMAT

Question = dict[str, Any]
TYPES = {
    "integer": "number", "int": "number", "decimal": "number", "range": "number", "text": "text", "string": "text",
    "date": "date", "note": "statement", "acknowledge": "statement", "trigger": "statement",
}  # fmt: skip
SELECTS = {"select one": "choice", "select all that apply": "multiple", "rank": "ranking"}
#: Columns that never have a meaning here, and the reason that is given for each.
REASONS = {
    "choice_filter": "choice-filter",
    "calculation": "calculation",
    "appearance": "appearance",
    "constraint": "constraint",
}
SETTINGS = {"form_title", "title", "form_id", "id_string", "default_language"}


@dataclass
class Group:
    """A group that is open. ``skipped``: a repetition, or something inside one: nothing of it is asked."""

    name: str
    condition: Condition | None
    page: str | None
    skipped: bool


def from_xlsform(content: bytes, file_type: str, key: str = "imported") -> Imported:
    """Read an XLSForm; its form_id, else ``key``, names the questionnaire. Raises NotReadable."""
    return _Reader(read_sheets(content, file_type), key).read()


class _Reader:
    def __init__(self, sheets: Sheets, key: str) -> None:
        self.sheets = sheets
        form_id = sheets.settings.get("form_id") or sheets.settings.get("id_string")
        self.key = as_id(form_id) if form_id else key
        self.notes = Notes()
        self.texts = ForeignTexts(self.notes)
        self.texts.learn(sheets.languages, "languages")
        self.variables: dict[str, Variable] = {}
        self.groups: list[Group] = []
        self.questions: list[Question] = []
        self.spare: set[str] = set()
        self.used: set[str] = set()

    def read(self) -> Imported:
        """The questionnaire, row by row."""
        if not self.texts.languages:
            raise NotReadable("not-an-xlsform")
        for line in self.sheets.survey:
            if line.cells.get("type"):
                self._row(line, f"survey.{line.number}")
            elif line.cells or line.texts:
                self.notes.drop(f"survey.{line.number}", "unknown-type", "")
        for name, value in self.sheets.settings.items():
            if name not in SETTINGS:
                self.notes.drop(f"settings.{name}", "unknown-property", value)
        for name in self.sheets.others:
            self.notes.drop(name, "table", name)
        for name in sorted(self.sheets.choices.keys() - self.used):
            self.notes.drop(f"choices.{name}", "table", name)
        for name in sorted(self.spare):
            self.notes.drop(f"choices.{name}", "unknown-property", name)
        said = self.sheets.settings.get("form_title") or self.sheets.settings.get("title") or self.key
        definition: dict[str, Any] = {"format": FORMAT, "key": self.key, "languages": self.texts.languages}
        definition["title"] = dict.fromkeys(self.texts.languages, said)
        return Imported(definition | {"questions": self.questions}, self.notes.dropped, self.notes.sources)

    def _row(self, line: Line, where: str) -> None:
        kind = " ".join(line.cells["type"].replace("_", " ").split()).lower()
        if kind.startswith("begin "):
            self._open(line, kind, where)
        elif kind.startswith("end "):
            if self.groups:
                self.groups.pop()
        else:
            question = None if any(group.skipped for group in self.groups) else self._question(line, where)
            self.notes.source(where, line.cells.get("name", ""), [question["id"]] if question else [])
            if question is None:
                reason = "repeat" if any(group.skipped for group in self.groups) else "unknown-type"
                self.notes.drop(where, reason, line.cells["type"])
            else:
                self.questions.append(question)

    def _open(self, line: Line, kind: str, where: str) -> None:
        """A group gives its condition to its questions, and a screen if they are shown together."""
        name = line.cells.get("name", "")
        skipped = kind != "begin group"
        if skipped:
            self.notes.drop(where, "repeat", line.cells["type"])
        together = "field-list" in line.cells.get("appearance", "").split()
        page = self.notes.page_id(name or "page", f"{where}.name") if together else None
        condition = self._condition(line, "relevant", where)
        if line.texts.get("label"):
            self.notes.drop(f"{where}.label", "unknown-property", next(iter(line.texts["label"].values())))
        self.groups.append(Group(name, condition, page, skipped))
        self._leave(line, {"relevant"} | ({"appearance"} if together else set()), where)

    def _question(self, line: Line, where: str) -> Question | None:
        kind, listed = self._type(line, where)
        if kind is None:
            return None
        name = line.cells.get("name", "")
        question: Question = {"id": self.notes.question_id(name, where), "type": kind}
        self.texts.names[name] = question["id"]
        question["title"] = self.texts.read(line.texts.get("label", {}), f"{where}.label")
        if hint := self.texts.read(line.texts.get("hint", {}), f"{where}.hint"):
            question["hint"] = hint
        self._choices(question, listed, where)
        used = {"relevant", "required"} | self._of_type(question, line)
        self._required(question, line, where)
        self._shown(question, line, where)
        self.variables[name] = self._variable(question)
        self._leave(line, used, where)
        return question

    def _type(self, line: Line, where: str) -> tuple[str | None, list[Line]]:
        """Our type for a row, and the lines of its list."""
        written = line.cells["type"].strip()
        if written.lower() in TYPES:
            multiline = written.lower() in ("text", "string") and "multiline" in line.cells.get("appearance", "")
            return "comment" if multiline else TYPES[written.lower()], []
        for alias in sorted(select, key=len, reverse=True):
            kind = SELECTS.get(str(select[alias]))
            if kind and written.lower().startswith(f"{alias} ") and "file" not in alias:
                listed, _space, rest = written[len(alias) :].strip().partition(" ")
                if rest.strip().lower() in ("or_other", "or specify other", "or other"):
                    self.notes.drop(f"{where}.type", "other-answer", written)
                found = self.sheets.choices.get(listed, [])
                self.used.add(listed)
                names = sorted(each.cells.get("name", "") for each in found)
                return "yes_no" if kind == "choice" and names == ["no", "yes"] else kind, found
        return None, []

    def _choices(self, question: Question, listed: list[Line], where: str) -> None:
        if question["type"] not in ("choice", "multiple", "ranking", "yes_no"):
            return
        taken: set[str] = set()
        self.values: dict[str, str] = {}
        question["choices"] = []
        for number, line in enumerate(listed):
            name = line.cells.get("name", "")
            place = f"{where}.choices.{number}"
            self.values[name] = self.notes.choice_id(name, place, taken)
            label = self.texts.read(line.texts.get("label", {}), place)
            question["choices"].append({"id": self.values[name], "label": label})
            self.spare |= {column for column in line.cells if column != "name"}
        if question["type"] == "yes_no":
            question["choices"].sort(key=lambda choice: choice["id"] == "no")

    def _of_type(self, question: Question, line: Line) -> set[str]:
        """Set what only this type has; return the columns that were used up by it."""
        kind, used = question["type"], set()
        if kind == "number":
            question["decimals"] = 0 if line.cells["type"].lower() in ("integer", "int") else 2
        if line.cells["type"].lower() == "range" and (found := range_of(line.cells.get("parameters", ""))):
            question |= found
            used.add("parameters")
        if "randomize=true" in line.cells.get("parameters", "").replace(" ", "").lower() and "choices" in question:
            question["random_order"] = True
            used.add("parameters")
        if kind == "comment":
            used.add("appearance")
        if kind == "statement" and line.cells["type"].lower() != "note":
            question["consent"] = dict.fromkeys(self.texts.languages, "OK")
        elif kind in ("statement", "ranking"):
            question["sms"] = False
        whole = question.get("decimals") == 0
        if (bounds := bounds_of(line.cells.get("constraint", ""), kind, whole)) is not None:
            question |= bounds
            used.add("constraint")
        return used

    def _required(self, question: Question, line: Line, where: str) -> None:
        written = line.cells.get("required", "")
        if written in yes_no:
            if yes_no[written] and question["type"] != "statement":
                question["required"] = True
        elif condition := self._condition(line, "required", where):
            question["required_if"] = str(condition)

    def _shown(self, question: Question, line: Line, where: str) -> None:
        conditions = [*(group.condition for group in self.groups), self._condition(line, "relevant", where)]
        if held := [condition for condition in conditions if condition is not None]:
            question["visible_if"] = str(both(*held))
        if page := next((group.page for group in reversed(self.groups) if group.page), None):
            question["page"] = page

    def _condition(self, line: Line, column: str, where: str) -> Condition | None:
        written = line.cells.get(column)
        if not written:
            return None
        try:
            return parse_foreign("xpath", written, self.variables)
        except BadCondition:
            self.notes.drop(f"{where}.{column}", "bad-condition", written)
            return None

    def _variable(self, question: Question) -> Variable:
        kind = question["type"]
        if kind == "statement":
            return Variable(question["id"], {"OK": "yes"})
        values = self.values if "choices" in question else {}
        return Variable(question["id"], values, kind == "number", kind in ("multiple", "ranking"))

    def _leave(self, line: Line, used: set[str], where: str) -> None:
        for column, value in line.cells.items():
            if column not in used | {"type", "name"}:
                reason = REASONS.get(column.partition("::")[0], "unknown-property")
                self.notes.drop(f"{where}.{column}", reason, value)
