"""The questions of LimeSurvey, by the letter of their type, as ours: an array becomes a question for each row."""

from collections.abc import Sequence
from typing import Any

from surveys.formats.foreign_conditions import Variable
from surveys.formats.foreign_texts import ForeignTexts
from surveys.formats.lss_tables import Answer, Asked, Tables
from surveys.formats.report import Notes
from surveys.publication.values import is_day

Question = dict[str, Any]
WORDS: dict[str, dict[str, str]] = {
    "Y": {"en": "Yes", "fr": "Oui"},
    "N": {"en": "No", "fr": "Non"},
    "U": {"en": "Uncertain", "fr": "Sans opinion"},
    "I": {"en": "Increase", "fr": "Augmentation"},
    "S": {"en": "Same", "fr": "Inchangé"},
    "D": {"en": "Decrease", "fr": "Diminution"},
    "F": {"en": "Female", "fr": "Femme"},
    "M": {"en": "Male", "fr": "Homme"},
}
FIVE = [str(number) for number in range(1, 6)]
#: Types of one question with us: the letter → our type.
SINGLE = {"5": "satisfaction", "L": "choice", "!": "choice", "O": "choice", "M": "multiple", "P": "multiple",
          "R": "ranking", "Y": "yes_no", "N": "number", "D": "date", "S": "text", "T": "comment", "U": "comment",
          "X": "statement", "G": "choice"}  # fmt: skip
#: Types with rows: each row is a question of this type.
ROWS = {"A": "satisfaction", "C": "choice", "E": "choice", "F": "choice", "H": "choice", "B": "number",
        "K": "number", "Q": "text"}  # fmt: skip
FIXED = {"C": "YUN", "E": "ISD", "G": "FM"}
NOTHING = {"", "0", "N", "default", "normal", "I", "inherit"}
USUAL = {
    "clear_default": "Y",
    "question_template": "core",
    "other_position": "end",
    "time_limit_action": "1",
    "statistics_showgraph": "1",
    "assessment_value": "1",
}


class Maker:
    """Makes questions, and says under which names their answers are known in expressions."""

    def __init__(
        self, notes: Notes, texts: ForeignTexts, tables: Tables, asked: Sequence[Asked], variables: dict[str, Variable]
    ) -> None:
        self.notes, self.texts, self.variables = notes, texts, variables
        self.answers, self.attributes = tables.answers(), tables.attributes()
        self.rows: dict[str, list[Asked]] = {}
        for each in sorted(asked, key=lambda one: one.order):
            if each.parent != "0":
                self.rows.setdefault(each.parent, []).append(each)

    def made(self, asked: Asked, where: str) -> list[Question]:
        """The questions that one of LimeSurvey becomes; none for a type there is nothing like."""
        if asked.type in SINGLE:
            made = [self._single(asked, where)]
        elif asked.type in ROWS and self.rows.get(asked.id):
            made = self._split(asked, where)
        else:
            self.notes.drop(where, "unknown-type", asked.type)
            return []
        for question in made:
            if asked.row.get("mandatory") in ("Y", "S") and question["type"] != "statement":
                question["required"] = True
        self._leave(asked, made[0], where)
        if asked.type == "O":
            made.append(self._beside(asked, made[0], where))
        return made

    def _single(self, asked: Asked, where: str) -> Question:
        question = self._begun(asked, SINGLE[asked.type], asked.code, where)
        question |= self._texts(asked, where)
        values = self._choices(question, asked, where)
        self._bounds(question, asked)
        numeric = question["type"] in ("number", "satisfaction")
        several = question["type"] in ("multiple", "ranking")
        for name in self._names(asked):
            self.variables[name] = Variable(question["id"], values, numeric, several)
            for code in values if question["type"] == "multiple" else ():
                self.variables[f"{name}_{code}"] = Variable(question["id"], values, choice=code)
                self.variables[f"{name}{code}"] = self.variables[f"{name}_{code}"]
        return question

    def _split(self, asked: Asked, where: str) -> list[Question]:
        """A question for each row, under the title of the array and its own."""
        made: list[Question] = []
        above = self._texts(asked, where)
        for row in self.rows[asked.id]:
            if row.scale != "0":
                continue
            question = self._begun(asked, ROWS[asked.type], f"{asked.code}_{row.code}", where)
            own = self.texts.read(row.texts, f"{where}.{row.code}")
            titles = {language: _titled(above["title"].get(language, ""), text) for language, text in own.items()}
            question |= above | {"title": titles or above["title"]}
            values = self._choices(question, asked, where, heard=not made)
            if asked.type == "B":
                question |= {"least": 1, "most": 10}
            numeric = question["type"] in ("number", "satisfaction")
            for name in self._names(asked):
                self.variables[f"{name}_{row.code}"] = Variable(question["id"], values, numeric)
                self.variables[f"{name}{row.code}"] = self.variables[f"{name}_{row.code}"]
            made.append(question)
        code = "scale-as-number" if asked.type == "B" else "split"
        self.notes.drop(where, code, [question["id"] for question in made])
        return made

    def _begun(self, asked: Asked, kind: str, code: str, where: str) -> Question:
        question: Question = {"id": self.notes.question_id(code, where), "type": kind}
        self.texts.names.setdefault(code, question["id"])
        if kind in ("ranking", "statement"):
            question["sms"] = False
        return question

    def _texts(self, asked: Asked, where: str) -> Question:
        title = self.texts.read(asked.texts, f"{where}.question") or dict.fromkeys(self.texts.languages, asked.code)
        hint = self.texts.read(asked.help, f"{where}.help")
        return {"title": title} | ({"hint": hint} if hint else {})

    def _names(self, asked: Asked) -> list[str]:
        """Its code, and the older name of survey, group and question."""
        return [asked.code, f"{asked.row.get('sid', '')}X{asked.group}X{asked.id}"]

    def _choices(self, question: Question, asked: Asked, where: str, heard: bool = True) -> dict[str, str]:
        """Give the question its choices; return the code of each in LimeSurvey → its id."""
        kind = question["type"]
        if kind == "satisfaction":
            labels = [{"id": name, "label": dict.fromkeys(self.texts.languages, name)} for name in FIVE]
            question["choices"] = labels
            return {}
        if kind == "yes_no":
            pairs = (("yes", "Y"), ("no", "N"))
            question["choices"] = [{"id": name, "label": self._usual(letter)} for name, letter in pairs]
            return {letter: name for name, letter in pairs}
        if kind not in ("choice", "multiple", "ranking"):
            return {}
        values: dict[str, str] = {}
        question["choices"] = []
        taken: set[str] = set()
        before = len(self.notes.dropped)
        for number, listed in enumerate(self._listed(asked)):
            place = f"{where}.choices.{number}"
            values[listed.code] = name = self.notes.choice_id(listed.code, place, taken)
            label = self.texts.read(listed.texts, place)
            question["choices"].append({"id": name, "label": label})
        if not heard:  # the rows of an array share their answers: said once
            del self.notes.dropped[before:]
        self._exclusive(question, asked, values)
        return values

    def _listed(self, asked: Asked) -> list[Answer]:
        if asked.type in FIXED:
            theirs = self.texts.codes
            words = [
                (letter, {name: WORDS[letter].get(code, "") for name, code in theirs.items()})
                for letter in FIXED[asked.type]
            ]
            return [Answer(letter, 0, texts) for letter, texts in words]
        listed = self.answers.get((asked.id, "0"), [])
        if asked.type in ("M", "P") or not listed:
            return [Answer(row.code, row.order, row.texts) for row in self.rows.get(asked.id, [])]
        return listed

    def _usual(self, letter: str) -> dict[str, str]:
        """The usual word in those of the languages that we know it in; publishing asks for the others."""
        return {code: WORDS[letter][code] for code in self.texts.languages if code in WORDS[letter]}

    def _exclusive(self, question: Question, asked: Asked, values: dict[str, str]) -> None:
        alone = self.attributes.get(asked.id, {}).get("exclude_all_others", "").split(";")
        names = {values[code.strip()] for code in alone if code.strip() in values}
        for choice in question["choices"]:
            if question["type"] == "multiple" and choice["id"] in names:
                choice["exclusive"] = True

    def _bounds(self, question: Question, asked: Asked) -> None:
        said, kind = self.attributes.get(asked.id, {}), question["type"]
        if kind in ("choice", "multiple", "ranking") and (
            said.get("random_order") == "1" or said.get("answer_order") == "random"
        ):
            question["random_order"] = True
        keys = {
            "multiple": ("min_answers", "max_answers"),
            "ranking": ("min_answers", "max_answers"),
            "number": ("min_num_value_n", "max_num_value_n"),
            "date": ("date_min", "date_max"),
        }.get(kind, ())
        for name, key in zip(("least", "most"), keys, strict=False):
            bound = _day(said.get(key, "")) if kind == "date" else _number(said.get(key, ""))
            if bound is not None:
                question[name] = bound
        if kind == "number":
            question["decimals"] = 0 if said.get("num_value_int_only") == "1" else 2

    def _beside(self, asked: Asked, question: Question, where: str) -> Question:
        """The comment beside a list is a question of its own."""
        name = self.notes.question_id(f"{question['id']}_comment", where)
        titles = {"en": "Your comment", "fr": "Votre commentaire"}
        title = {language: titles[language] for language in self.texts.languages if language in titles}
        self.notes.drop(where, "split", [question["id"], name])
        return {"id": name, "type": "comment", "title": title}

    def _leave(self, asked: Asked, question: Question, where: str) -> None:
        """Name what of a question has no place here."""
        if asked.row.get("other") == "Y":
            self.notes.drop(f"{where}.other", "other-answer", asked.code)
        if asked.type == "P":
            self.notes.drop(f"{where}.comments", "other-answer", asked.code)
        if asked.row.get("preg"):
            self.notes.drop(f"{where}.preg", "constraint", asked.row["preg"])
        if asked.script:
            self.notes.drop(f"{where}.script", "unknown-property", asked.script)
        for row in self.rows.get(asked.id, []):
            if row.row.get("relevance", "") not in ("", "1"):
                self.notes.drop(f"{where}.{row.code}.relevance", "bad-condition", row.row["relevance"])
        for name, value in self.attributes.get(asked.id, {}).items():
            if not self._taken(name, value, question):
                self.notes.drop(f"{where}.{name}", "attribute", f"{name} = {value}")

    def _taken(self, name: str, value: str, question: Question) -> bool:
        if value in NOTHING or USUAL.get(name) == value:
            return True
        bound = {"min_answers": "least", "min_num_value_n": "least", "date_min": "least", "max_answers": "most",
                 "max_num_value_n": "most", "date_max": "most"}.get(name)  # fmt: skip
        if bound:
            return bound in question
        if name in ("random_order", "answer_order"):
            return "random_order" in question
        if name == "exclude_all_others":
            return any(choice.get("exclusive") for choice in question.get("choices", ()))
        return name == "num_value_int_only" and question["type"] == "number"


def _titled(above: str, own: str) -> str:
    return f"{above} – {own}" if above else own


def _number(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def _day(text: str) -> str | None:
    return text if is_day(text) else None
