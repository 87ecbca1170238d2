"""The tables of a LimeSurvey structure file (.lss): XML rows, as dictionaries of texts.

Until version 3 a row stands there once for each language; since version 4 the texts are in tables of their own
(``question_l10ns``), named after the row they belong to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from surveys.formats.report import NotReadable

Row = Mapping[str, str]
Texts = dict[str, str]


@dataclass
class Asked:
    """A question or subquestion. ``texts`` and ``help`` are HTML by language."""

    id: str
    code: str
    type: str
    group: str
    parent: str
    order: int
    scale: str
    row: Row
    texts: Texts = field(default_factory=dict)
    help: Texts = field(default_factory=dict)
    script: str = ""


@dataclass
class Answer:
    code: str
    order: int
    texts: Texts = field(default_factory=dict)


class Tables:
    """The rows of each table of the file."""

    def __init__(self, content: bytes) -> None:
        """Raises NotReadable: ``dangerous-xml`` (entities), ``not-a-questionnaire``."""
        try:
            self.root: Element = fromstring(content, forbid_dtd=True)
        except DefusedXmlException as fault:
            raise NotReadable("dangerous-xml") from fault
        except (ParseError, ValueError, LookupError) as fault:
            raise NotReadable from fault
        if self.root.tag != "document" or self.root.findtext("LimeSurveyDocType") != "Survey":
            raise NotReadable
        self.base = next((row["language"] for row in self.rows("surveys") if row.get("language")), "")

    def rows(self, table: str) -> Iterator[Row]:
        for row in self.root.iterfind(f"{table}/rows/row"):
            yield {cell.tag: (cell.text or "").strip() for cell in row}

    @property
    def names(self) -> list[str]:
        """The tables that have rows."""
        return [table.tag for table in self.root if table.find("rows/row") is not None]

    @property
    def languages(self) -> list[str]:
        listed = [each.text.strip() for each in self.root.iterfind("languages/language") if each.text]
        return sorted(listed, key=lambda language: language != self.base)

    def questions(self) -> list[Asked]:
        """Questions in no order, then the subquestions of each."""
        found: dict[str, Asked] = {}
        for table in ("questions", "subquestions"):
            for row in self.rows(table):
                asked = found.setdefault(row.get("qid", ""), _asked(row))
                self._say(asked, row)
        for row in self.rows("question_l10ns"):
            if row.get("qid") in found:
                self._say(found[row["qid"]], row)
        return list(found.values())

    def _say(self, asked: Asked, row: Row) -> None:
        language = row.get("language") or self.base
        for texts, key in ((asked.texts, "question"), (asked.help, "help")):
            if row.get(key):
                texts[language] = row[key]
        asked.script = row.get("script") or asked.script

    def answers(self) -> dict[tuple[str, str], list[Answer]]:
        """The answers of each question and scale, in their order."""
        found: dict[tuple[str, str, str], Answer] = {}
        by_id: dict[str, Answer] = {}
        for row in self.rows("answers"):
            key = (row.get("qid", ""), row.get("scale_id") or "0", row.get("code", ""))
            answer = found.setdefault(key, Answer(row.get("code", ""), _whole(row.get("sortorder"))))
            by_id[row.get("aid", "")] = answer
            if row.get("answer"):
                answer.texts[row.get("language") or self.base] = row["answer"]
        for row in self.rows("answer_l10ns"):
            if row.get("aid") in by_id:
                by_id[row["aid"]].texts[row.get("language") or self.base] = row.get("answer", "")
        lists: dict[tuple[str, str], list[Answer]] = {}
        for (question, scale, _code), answer in sorted(found.items(), key=lambda pair: pair[1].order):
            lists.setdefault((question, scale), []).append(answer)
        return lists

    def attributes(self) -> dict[str, dict[str, str]]:
        """The attributes of each question that say anything; of those by language, that of one language."""
        found: dict[str, dict[str, str]] = {}
        for row in self.rows("question_attributes"):
            if row.get("value"):
                found.setdefault(row.get("qid", ""), {})[row.get("attribute", "")] = row["value"]
        return found

    def groups(self) -> list[Row]:
        """The groups in their order, each with its name in the first language that it has one in.

        A group that questions name and the file does not have comes last, so that they are not lost.
        """
        found: dict[str, dict[str, str]] = {}
        for table in ("groups", "group_l10ns"):
            for row in self.rows(table):
                group = found.setdefault(row.get("gid", ""), {})
                group |= {key: text for key, text in row.items() if text and key not in group}
        known = sorted(found.values(), key=lambda row: _whole(row.get("group_order")))
        named = dict.fromkeys(row.get("gid", "") for row in self.rows("questions"))
        return [*known, *({"gid": name} for name in named if name not in found)]


def _asked(row: Row) -> Asked:
    return Asked(
        id=row.get("qid", ""),
        code=row.get("title", ""),
        type=row.get("type", ""),
        group=row.get("gid", ""),
        parent=row.get("parent_qid") or "0",
        order=_whole(row.get("question_order")),
        scale=row.get("scale_id") or "0",
        row=row,
    )


def _whole(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 10 else 0
