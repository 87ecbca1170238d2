"""What was answered at a poster, in words: counts with their n, never a share, never an interval."""

import json
from collections import Counter
from dataclasses import dataclass

from surveys.anonymity import FEWEST
from surveys.piping import piped
from surveys.queries.posters import Heard
from surveys.questionnaires import compile_version
from surveys.questions.base import Question


@dataclass(frozen=True)
class Counted:
    """A question: ``n`` who answered it, and how often each answer was given; ``rows`` None where n is too small.

    An answer in figures or words of one's own has no rows.
    """

    title: str
    n: int | None
    rows: list[tuple[str, int]] | None


@dataclass(frozen=True)
class Section:
    """One version of a programme. ``questions`` is empty where fewer than FEWEST answered in all."""

    heard: Heard
    questions: list[Counted]

    @property
    def is_told(self) -> bool:
        return self.heard.counted >= FEWEST


def section(heard: Heard, language: str, brand: str, site: str) -> Section:
    """The counts of one version in a language, or its first one where it does not speak it."""
    version = compile_version(heard.terms.version.definition, heard.terms.low_score)
    if heard.counted < FEWEST:
        return Section(heard, [])
    spoken, facts = version.speaks(language), {"brand": brand, "site": site}

    def said(text: str) -> str:
        return piped(text, version, {}, spoken, facts)

    asked = [question for question in version.questions if question.type.name != "statement" or question.consent]
    return Section(
        heard,
        [
            _counted(question, heard.values.get(question.id, Counter()), spoken, said(question.title[spoken]))
            for question in asked
        ],
    )


def _counted(question: Question, values: Counter[str], language: str, title: str) -> Counted:
    n = values.total()
    if 0 < n < FEWEST:
        return Counted(title, None, None)
    options = [*question.type.options(question, language), *question.type.declining_options(question, language)]
    if not question.type.options(question, language):
        return Counted(title, n, [])
    given: Counter[str] = Counter()
    for value, count in values.items():
        read = json.loads(value)
        # Of a ranking the first rank is counted; of several choices each.
        taken = read[:1] if isinstance(read, list) and question.type.keeps_order else read
        for one in taken if isinstance(taken, list) else [taken]:
            given[str(one)] += count
    return Counted(title, n, [(option.label, given[option.value]) for option in options])
