"""A draft at a glance: each question on a few lines, with its screen, its logic and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.publication import FORBIDS, Problem


@dataclass(frozen=True)
class Line:
    """One question. ``begins``: the screen it opens together with the next ones; "" if it has one of its own."""

    id: str
    type: str
    title: str
    number: int
    choices: int
    required: bool
    by_sms: bool
    theme: str
    visible_if: str
    required_if: str
    jumps: tuple[tuple[str, str], ...]
    page: str
    begins: str
    ends: bool
    problems: tuple[Problem, ...] = ()

    @property
    def forbidding(self) -> int:
        return sum(problem.severity == FORBIDS for problem in self.problems)


@dataclass(frozen=True)
class Outline:
    """The questions in order, and what is wrong with the questionnaire outside them."""

    lines: tuple[Line, ...]
    elsewhere: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), repr=False)

    @property
    def forbidding(self) -> int:
        return sum(problem.severity == FORBIDS for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.forbidding


def outline(definition: Mapping[str, Any], problems: Sequence[Problem], language: str) -> Outline:
    """The outline in ``language``, or in the first one where a title has no words in it."""
    raws = definition["questions"]
    pages = [str(raw.get("page") or "") for raw in raws]
    lines = [
        _line(raw, place, pages, problems_of(problems, raw["id"]), [language, *definition["languages"]])
        for place, raw in enumerate(raws)
    ]
    ids = {raw["id"] for raw in raws}
    elsewhere = tuple(problem for problem in problems if question_of_problem(problem) not in ids)
    return Outline(tuple(lines), elsewhere, tuple(problems))


def problems_of(problems: Iterable[Problem], question_id: str) -> tuple[Problem, ...]:
    """Those that a question has."""
    return tuple(problem for problem in problems if question_of_problem(problem) == question_id)


def question_of_problem(problem: Problem) -> str:
    """The id of the question a problem is in; empty for one of the questionnaire as a whole."""
    steps = problem.where.split(".")
    return steps[1] if steps[0] == "questions" and len(steps) > 1 else ""


def title_in(raw: Mapping[str, Any], languages: Sequence[str]) -> str:
    """The title in the first of the languages that has one."""
    texts = raw.get("title") or {}
    return next((texts[language] for language in languages if texts.get(language, "").strip()), "")


def _line(
    raw: Mapping[str, Any],
    place: int,
    pages: Sequence[str],
    problems: tuple[Problem, ...],
    languages: Sequence[str],
) -> Line:
    page = pages[place]
    before, after = pages[place - 1] if place else "", pages[place + 1] if place + 1 < len(pages) else ""
    return Line(
        id=raw["id"],
        type=raw["type"],
        title=title_in(raw, languages),
        number=place + 1,
        choices=len(raw.get("choices", ())),
        required=raw.get("required") is True,
        by_sms=raw.get("sms") is not False,
        theme=str(raw.get("theme") or ""),
        visible_if=str(raw.get("visible_if") or ""),
        required_if=str(raw.get("required_if") or ""),
        jumps=tuple((str(jump.get("if") or ""), str(jump.get("to") or "")) for jump in raw.get("jumps", ())),
        page=page,
        begins=page if page and page != before and page == after else "",
        ends=bool(page) and page == before and page != after,
        problems=problems,
    )
