"""Reading LimeSurvey structure files (.lss), of any version from 1.9 on."""

from typing import Any

from surveys.conditions import BadCondition, Condition, both
from surveys.formats.foreign_conditions import Variable
from surveys.formats.foreign_expressions import parse_foreign
from surveys.formats.foreign_texts import ForeignTexts
from surveys.formats.lss_questions import Maker
from surveys.formats.lss_tables import Asked, Row, Tables
from surveys.formats.report import Imported, Notes, NotReadable
from surveys.publication.document import FORMAT

#: Tables that are read; whatever else has rows is named as left out.
READ = {
    "answers", "answer_l10ns", "conditions", "groups", "group_l10ns", "questions", "question_l10ns", "subquestions",
    "question_attributes", "surveys", "surveys_languagesettings",
}  # fmt: skip
ALWAYS = {"", "1"}
#: What a survey says beside its questions that has a meaning to whoever answers; the rest is about LimeSurvey itself.
SAID = ("surveyls_description", "surveyls_welcometext", "surveyls_endtext", "surveyls_url", "surveyls_policy_notice")
GROUP_BY_GROUP = ("G", "I", "")


def from_lss(content: bytes, key: str = "imported") -> Imported:
    """Read a LimeSurvey structure file. Raises NotReadable."""
    return _Reader(Tables(content), key).read()


class _Reader:
    def __init__(self, tables: Tables, key: str) -> None:
        self.tables, self.key = tables, key
        self.notes = Notes()
        self.texts = ForeignTexts(self.notes)
        self.texts.learn(tables.languages, "languages")
        self.asked = tables.questions()
        self.variables: dict[str, Variable] = {}
        self.maker = Maker(self.notes, self.texts, tables, self.asked, self.variables)
        self.survey: Row = next(tables.rows("surveys"), {})
        self.conditioned = {row.get("qid") for row in tables.rows("conditions")}
        self.questions: list[dict[str, Any]] = []

    def read(self) -> Imported:
        """The questionnaire, group by group."""
        if not self.texts.languages:
            raise NotReadable
        title = self._survey()
        for group in self.tables.groups():
            self._group(group)
        for table in self.tables.names:
            if table not in READ:
                self.notes.drop(table, "table", len(list(self.tables.rows(table))))
        self.notes.drop("surveys", "run", self.survey.get("sid", ""))
        definition: dict[str, Any] = {"format": FORMAT, "key": self.key, "languages": self.texts.languages}
        definition |= {"title": title, "questions": self.questions}
        return Imported(definition, self.notes.dropped, self.notes.sources)

    def _survey(self) -> dict[str, str]:
        titles: dict[str, str] = {}
        for row in self.tables.rows("surveys_languagesettings"):
            language = row.get("surveyls_language", self.tables.base)
            titles[language] = row.get("surveyls_title", "")
            for name in SAID:
                if row.get(name):
                    self.notes.drop(f"surveys_languagesettings.{language}.{name}", "unknown-property", row[name])
        return self.texts.read(titles, "surveys_languagesettings.surveyls_title")

    def _group(self, group: Row) -> None:
        """The questions of a group, which share a page where the survey is shown group by group."""
        where = f"groups.{group.get('gid', '')}"
        if group.get("description"):
            self.notes.drop(f"{where}.description", "unknown-property", group["description"])
        if group.get("randomization_group"):
            self.notes.drop(f"{where}.randomization_group", "unknown-property", group["randomization_group"])
        mine = [each for each in self.asked if each.group == group.get("gid") and each.parent == "0"]
        together = self.survey.get("format", "G") in GROUP_BY_GROUP and len(mine) > 1
        page = self.notes.page_id(group.get("group_name") or "page", f"{where}.group_name") if together else None
        outer = self._relevance(group.get("grelevance", ""), f"{where}.grelevance")
        for asked in sorted(mine, key=lambda each: each.order):
            for question in self._question(asked, outer):
                self.questions.append(question | ({"page": page} if page else {}))

    def _question(self, asked: Asked, outer: Condition | None) -> list[dict[str, Any]]:
        where = f"questions.{asked.code}"
        relevance = asked.row.get("relevance", "")
        inner = self._relevance(relevance, f"{where}.relevance")
        if asked.id in self.conditioned and relevance in ALWAYS:
            self.notes.drop(f"{where}.conditions", "bad-condition", asked.code)
        made = self.maker.made(asked, where)
        conditions = [each for each in (outer, inner) if each is not None]
        if conditions:
            for question in made:
                question["visible_if"] = str(both(*conditions))
        self.notes.source(where, asked.code, [question["id"] for question in made])
        return made

    def _relevance(self, written: str, where: str) -> Condition | None:
        if written in ALWAYS:
            return None
        try:
            return parse_foreign("limesurvey", written, self.variables)
        except BadCondition:
            self.notes.drop(where, "bad-condition", written)
            return None
