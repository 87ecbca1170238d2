"""Faults in how questions share screens."""

from collections.abc import Iterator

from surveys.definitions import CompiledVersion, Definition
from surveys.publication import places
from surveys.publication.problem import Fault


def layout(definition: Definition, version: CompiledVersion) -> Iterator[Fault]:
    """Pages whose questions are not neighbours, and questions that wait for an answer on their own page."""
    started: dict[str, str] = {}
    last: str | None = None
    for question in version.questions:
        page = question.page
        if page is not None and page in started and page != last:
            yield "page-broken", f"questions.{question.id}.page", {"page": page, "first": started[page]}
        if page is not None:
            started.setdefault(page, question.id)
        last = page
    yield from _waiting(definition, version)


def _waiting(definition: Definition, version: CompiledVersion) -> Iterator[Fault]:
    page_of = {question.id: question.page for question in version.questions}
    for raw in definition["questions"]:
        page = page_of[raw["id"]]
        for place in places.conditions(raw):
            shared = sorted(name for name in place.condition.names if page is not None and page_of.get(name) == page)
            if shared and place.key in ("visible_if", "choices"):
                yield "same-page", place.where, {"page": page, "names": shared}
