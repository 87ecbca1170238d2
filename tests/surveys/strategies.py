"""Valid questionnaires at random: every type, conditions, jumps, pages, shuffled and filtered choices, languages.

``definitions()`` is the strategy; ``Maker`` makes the same from a ``Random``, for a fixed seed. Validity does
not come from the checks of publication but from *worlds*: complete interviews made up beforehand. A condition is kept
if it holds in one of them, and whatever no world reaches loses what keeps people from it.
"""

from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

from hypothesis import strategies as st

from surveys.conditions import parse_condition
from surveys.definitions import compiled
from surveys.interview_events import State
from surveys.paths import is_required, options_shown, path
from surveys.questions.registry import TYPES

FEATURES = (
    "conditions", "jumps", "required", "pages", "shuffles", "choices_if", "web_only", "own_sms", "declining", "pipes",
    "bounds", "themes", "messages", "hints", "purposes",
)  # fmt: skip
LANGUAGES = (["fr"], ["en"], ["fr", "en"], ["en", "fr", "de"])
SCALES = {"satisfaction": (1, 5), "recommendation": (0, 10), "effort": (1, 7)}
LISTS = ("choice", "multiple", "ranking")
FIRST_DAY = date(2026, 1, 1)
WORLDS = 40


@st.composite
def definitions(draw: Any, most_questions: int = 8, features: Any = FEATURES, types: Any = None) -> dict[str, Any]:
    """A definition that may be published; shrinks to fewer questions and fewer features."""
    count = draw(st.integers(1, most_questions))
    chosen = draw(st.sets(st.sampled_from(list(features))))
    return Maker(Random(draw(st.integers(0, 2**32 - 1))), chosen, types).definition(count)


def definition_of(seed: int, count: int = 8) -> dict[str, Any]:
    """One with every feature."""
    return Maker(Random(seed), set(FEATURES)).definition(count)


def web_field(value: Any) -> tuple[str, ...]:
    """What a form posts for a value; nothing for words, which have none."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


class Maker:
    """Makes one definition. ``worlds`` hold an answer to most questions, as ``State.answers`` would."""

    def __init__(self, rng: Random, features: Any, types: Any = None) -> None:
        self.rng, self.features = rng, set(features)
        self.types = sorted(types or TYPES)
        self.languages = list(rng.choice(LANGUAGES))
        self.questions: list[dict[str, Any]] = []
        self.worlds: list[dict[str, Any]] = [{} for _ in range(WORLDS)]

    def definition(self, count: int) -> dict[str, Any]:
        for number in range(1, count + 1):
            self._add(f"q{number}")
        if self._with("pages"):
            self._group()
        if self._with("jumps"):
            self._jump()
        self._free()
        made = {"format": "satisfecit-questionnaire/1", "key": "made", "languages": self.languages}
        made |= {"title": self._text("Votre avis"), "questions": self.questions, "parts": 4}
        if self._with("messages"):
            made["messages"] = {"thanks": self._text("{brand} : merci")}
        return made

    def answer(self, question: dict[str, Any]) -> Any:
        """A value somebody might give to ``question``."""
        offered = [value for key, value in (("not_applicable", "_na"), ("prefer_not", "_private")) if key in question]
        if offered and self.rng.random() < 0.15:
            return self.rng.choice(offered)
        return self._value(question)

    def _add(self, name: str) -> None:
        kind = self._kind()
        question: dict[str, Any] = {"id": name, "type": kind, "title": self._text(f"Question {name} ?")}
        question |= self._shape(kind, name)
        silent = kind == "ranking" or (kind == "statement" and "consent" not in question)
        if silent or (self.questions and self._with("web_only", 0.3)):
            question["sms"] = False
        elif self._with("own_sms", 0.3):
            question["sms"] = self._text(f"Dites {name}")
        self._dress(question)
        if self.questions and self._with("conditions", 0.5):
            self._put(question, "visible_if", self._condition(question))
        if self.questions and self._with("required", 0.3):
            self._put(question, "required_if", self._condition(question))
        self.questions.append(question)
        for world in self.worlds:
            if self.rng.random() < 0.85:
                world[name] = self.answer(question)

    def _kind(self) -> str:
        """Any type; the first question is one that an invitation by SMS can ask."""
        by_sms = [name for name in self.types if name not in ("ranking", "statement")]
        return self.rng.choice(self.types if self.questions or not by_sms else by_sms)

    def _shape(self, kind: str, name: str) -> dict[str, Any]:
        """What a question of this type cannot be without, and what only it may have."""
        if kind in SCALES:
            ends = {"low_end": self._text("pas du tout"), "high_end": self._text("tout à fait")}
            polarity = {"polarity": self.rng.choice(["higher", "lower"])} if self._with("hints") else {}
            labels = {"choices": self._choices("12345")} if kind == "satisfaction" else {}
            return labels | polarity | (ends if self.rng.random() < 0.7 else {})
        if kind == "yes_no":
            return {"choices": self._choices(["yes", "no"])}
        if kind in LISTS:
            return self._list(kind)
        if kind == "number":
            bounds = {"least": 0, "most": self.rng.choice([5, 10, 100])} if self._with("bounds") else {}
            return bounds | ({"decimals": 1} if self.rng.random() < 0.3 else {})
        if kind == "date":
            return {"least": "2026-01-01", "most": "2026-12-31"} if self._with("bounds") else {}
        if kind == "statement" and self.rng.random() < 0.5:
            return {"consent": self._text("D'accord")}
        return {}

    def _list(self, kind: str) -> dict[str, Any]:
        choices = self._choices("abcde"[: self.rng.randint(2, 5)])
        made: dict[str, Any] = {"choices": choices}
        if self._with("shuffles"):
            made["random_order"] = True
            choices[-1]["fixed"] = self.rng.random() < 0.5
        if kind == "multiple" and self.rng.random() < 0.4:
            choices[-1]["exclusive"] = True
        elif kind != "choice" and self._with("bounds"):
            made["least"], made["most"] = 1, self.rng.randint(1, len(choices))
        if kind == "choice" and self._with("purposes", 0.3):
            choices[0]["wants"] = "complaint"
            made["purpose"] = "complaint"
        return made

    def _dress(self, question: dict[str, Any]) -> None:
        """What any question may have."""
        if self._with("required", 0.3):
            question["required"] = True
        if self._with("hints", 0.5):
            question["hint"] = self._text("Une réponse suffit.")
        if self._with("themes", 0.5):
            question["theme"] = self.rng.choice(["access", "handling", "overall"])
        if self._with("declining", 0.4):
            question["not_applicable"] = self._text("Sans objet")
        if self._with("declining", 0.2):
            question["prefer_not"] = self._text("Je ne dis pas")
        said = [q["id"] for q in self.questions if q["type"] not in ("comment", "text", "statement")]
        if self._with("pipes", 0.4):
            named = self.rng.choice([*said, "brand", "site", "date", "channel", "agent", "reason"])
            question["title"] = self._text(f"Et {{{named}}}, {question['id']} ?")
        if question["type"] in LISTS and self.questions and self._with("choices_if", 0.5):
            for choice in question["choices"][1:]:
                self._put(choice, "visible_if", self._condition(question) if self.rng.random() < 0.5 else None)
            if isinstance(question.get("sms"), dict):  # words of its own would list choices that are not shown
                del question["sms"]

    def _group(self) -> None:
        """Give runs of neighbours a page."""
        lengths, number = [], 0
        while sum(lengths) < len(self.questions):
            lengths.append(self.rng.randint(1, 3))
        for page, length in enumerate(lengths):
            run = self.questions[number : number + length]
            number += length
            if self.rng.random() < 0.6:
                for question in run:
                    question["page"] = f"p{page}"

    def _jump(self) -> None:
        for number, question in enumerate(self.questions):
            later = [each["id"] for each in self.questions[number + 1 :]]
            if not later or self.rng.random() < 0.6:
                continue
            jumps = []
            for _ in range(self.rng.randint(1, 2)):
                condition = self._condition(question, [*self.questions[:number], question])
                if condition:
                    jumps.append({"if": condition, "to": self.rng.choice([*later, "end"])})
            if jumps:
                question["jumps"] = jumps

    def _condition(self, question: dict[str, Any], about: Any = None) -> str | None:
        """A condition on earlier questions that holds in some world; None if none was found."""
        about = [
            each
            for each in (self.questions if about is None else about)
            if question.get("sms") is False or each.get("sms") is not False
        ]
        for _ in range(6 if about else 0):
            written = self._expression(about, 2)
            if any(parse_condition(written).with_low_score(2).holds(world) for world in self.worlds):
                return written
        return None

    def _expression(self, about: Any, depth: int) -> str:
        drawn = self.rng.random()
        if depth == 0 or drawn < 0.6:
            return self._comparison(self.rng.choice(about))
        if drawn < 0.7:
            return f"!({self._expression(about, depth - 1)})"
        joiner = self.rng.choice([" and ", " or "])
        return joiner.join(f"({self._expression(about, depth - 1)})" for _ in range(2))

    def _comparison(self, question: dict[str, Any]) -> str:
        name, kind = f"{{{question['id']}}}", question["type"]
        if kind in ("comment", "text") or self.rng.random() < 0.15:
            return f"{name} {self.rng.choice(['empty', 'notempty'])}"
        value = self._value(question)
        if kind == "satisfaction" and self.rng.random() < 0.3:
            return f"{name} <= {{low_score}}"
        if kind in SCALES or kind in ("number", "date"):
            return f"{name} {self.rng.choice(['=', '<>', '<', '<=', '>', '>='])} {value!r}"
        if kind in ("multiple", "ranking"):
            sign = self.rng.choice(["contains", "notcontains", "anyof", "allof", "noneof"])
            return f"{name} {sign} {list(value) if sign.endswith('of') else repr(value[0])}"
        if kind == "choice" and self.rng.random() < 0.4:
            return f"{name} {self.rng.choice(['anyof', 'noneof'])} {sorted({value, self._value(question)})}"
        return f"{name} {self.rng.choice(['=', '<>'])} {value!r}"

    def _value(self, question: dict[str, Any]) -> Any:
        kind, rng = question["type"], self.rng
        ids = [choice["id"] for choice in question.get("choices", [])]
        if kind in SCALES:
            return rng.randint(*SCALES[kind])
        if kind in ("choice", "yes_no"):
            return rng.choice(ids)
        if kind in ("multiple", "ranking"):
            alone = [choice["id"] for choice in question["choices"] if choice.get("exclusive")]
            if alone and rng.random() < 0.2:
                return tuple(alone)
            free = [name for name in ids if name not in alone]
            some = rng.sample(free, rng.randint(1, min(question.get("most", len(free)), len(free))))
            return tuple(some if kind == "ranking" else sorted(some))
        if kind == "number":
            value = rng.uniform(0, question.get("most", 50))
            return round(value, 1) if question.get("decimals") else int(value)
        if kind == "date":
            return (FIRST_DAY + timedelta(rng.randint(0, 364))).isoformat()
        if kind == "statement":
            return rng.choice(["yes", "no"]) if "consent" in question else "seen"
        return None

    def _free(self) -> None:
        """Take away what keeps every world from a question: first its own condition, then the jumps over it."""
        while True:
            version = compiled({"languages": ["fr"], "title": {}, "questions": self.questions}, "", 2)
            reached = {question.id for world in self.worlds for question in self.possible(version, world)}
            lost = next((each for each in self.questions if each["id"] not in reached), None)
            if lost is None:
                return
            if lost.pop("visible_if", None) is None:
                for question in self.questions[: self.questions.index(lost)]:
                    question.pop("jumps", None)
                if all("visible_if" in choice for choice in lost.get("choices", [{}])):
                    lost["choices"][0].pop("visible_if")

    def possible(self, version: Any, world: dict[str, Any]) -> list[Any]:
        """The path of a world, made possible: no choice that is not shown, no required question left empty."""
        everyone = frozenset(question.id for question in version.questions)
        for position in range(len(version.questions)):
            asked = path(version, State(answers=world, passed=everyone), "web")
            if position >= len(asked):
                break
            question, on_path = asked[position], {each.id for each in asked[:position]}
            answers = {name: value for name, value in world.items() if name in on_path}
            shown = {*options_shown(question, answers, ""), "_na", "_private"}
            given = world.get(question.id)
            if question.choices and not question.type.choice_ids and given is not None:
                members = given if isinstance(given, tuple) else (given,)
                if not set(members) <= shown:
                    world.pop(question.id)
            if question.id not in world and question.sms is None and is_required(question, answers):
                raw = next(each for each in self.questions if each["id"] == question.id)
                filtered = [] if question.type.choice_ids else options_shown(question, answers, "")
                world[question.id] = self._one(raw, filtered[0]) if filtered else self._value(raw)
        return path(version, State(answers=world, passed=everyone), "web")

    def _one(self, question: dict[str, Any], choice: str) -> Any:
        return choice if question["type"] in ("choice", "yes_no") else (choice,)

    def _choices(self, ids: Any) -> list[dict[str, Any]]:
        return [{"id": name, "label": self._text(f"N° {name}")} for name in ids]

    def _text(self, words: str) -> dict[str, str]:
        return {language: words if language == "fr" else f"{words} {language}" for language in self.languages}

    def _put(self, target: dict[str, Any], key: str, value: Any) -> None:
        if value is not None:
            target[key] = value

    def _with(self, feature: str, chance: float = 0.5) -> bool:
        return feature in self.features and self.rng.random() < chance


def pages_of(definition: dict[str, Any]) -> list[list[str]]:
    """The ids of the questions, screen by screen, as if all were asked."""
    numbered = enumerate(definition["questions"])
    runs = groupby(numbered, lambda pair: pair[1].get("page") or pair[0])
    return [[question["id"] for _, question in run] for _, run in runs]
