"""Every check of a definition, in its order."""

from collections import Counter
from collections.abc import Iterator, Mapping

from notifications import promotion
from notifications.segments import UCS2, Cost, cost
from notifications.texts import Wordings
from surveys import sms_texts
from surveys.conditions import Condition, LowScore, parse_condition
from surveys.definitions import USUAL_PARTS, CompiledVersion, Definition, compiled
from surveys.message_texts import DEFAULTS, MESSAGES
from surveys.publication.document import faults_of_form
from surveys.publication.problem import Fault, Problem
from surveys.questions.base import Question

# The longest each of these gets in practice; the price of a message is promised for them.
LONGEST = {"brand": "B" * 40, "contact": "c" * 60, "link": "https://" + "l" * 52}


def problems(definition: Definition, wordings: Wordings = DEFAULTS) -> list[Problem]:
    """Everything that forbids publishing ``definition``, or that its author should look at twice.

    ``wordings`` are the texts in force, which its messages by SMS are made of where it has none of its own.
    """
    faults = [Problem(code, where, facts) for code, where, facts in faults_of_form(definition)]
    if faults:
        return faults
    version = compiled(definition, "", 0)
    return [Problem(code, where, facts) for code, where, facts in _faults_of_meaning(definition, version, wordings)]


def _faults_of_meaning(definition: Definition, version: CompiledVersion, wordings: Wordings) -> Iterator[Fault]:
    """Faults of a document that compiles: in its names, its conditions, and what it becomes by SMS."""
    counts = Counter(question.id for question in version.questions)
    for name in sorted(name for name, count in counts.items() if count > 1):
        yield "duplicate-id", f"questions.{name}", {"id": name}
    earlier: list[Question] = []
    for raw, question in zip(definition["questions"], version.questions, strict=True):
        if question.condition:
            written = parse_condition(raw["visible_if"])
            yield from _condition_faults(written, question, earlier, counts)
        earlier.append(question)
    yield from _sms_faults(version, wordings)
    yield from _advertising(version.title, "title")


def _condition_faults(
    condition: Condition, question: Question, earlier: list[Question], known: Mapping[str, int]
) -> Iterator[Fault]:
    where = f"questions.{question.id}.visible_if"
    before = {each.id: each for each in earlier}
    for test in condition.comparisons:
        asked = before.get(test.name)
        if test.name not in known:
            yield "unknown-name", where, {"name": test.name, "known": sorted(known)}
        elif asked is None:
            yield "later-question", where, {"name": test.name}
        elif isinstance(test.operand, LowScore):
            if asked.type.name != "satisfaction":
                yield "wrong-value", where, {"name": test.name, "value": "{low_score}"}
        elif test.operand is not None and not asked.type.compares_with(asked, test.operand):
            yield "wrong-value", where, {"name": test.name, "value": test.operand}
        if asked is not None and question.sms is not None and asked.sms is None:
            yield "not-asked-by-sms", where, {"name": test.name}


def _sms_faults(version: CompiledVersion, wordings: Wordings) -> Iterator[Fault]:
    for language in version.languages:
        for where, text in _sms_drafts(version, language, wordings):
            yield from _too_dear(cost(text), where, language)
            yield from _advertising({language: text}, where)


def _advertising(texts: Mapping[str, str], where: str) -> Iterator[Fault]:
    for language, text in texts.items():
        if words := promotion.found_in(text, "survey"):
            yield "promotional", where, {"language": language, "words": words}


def _sms_drafts(version: CompiledVersion, language: str, wordings: Wordings) -> Iterator[tuple[str, str]]:
    """Every message an interview may send, with the longest brand, contact and link."""
    brand, link = LONGEST["brand"], LONGEST["link"]
    for collection, name in (("sms", "invitation"), ("web", "invitation_web")):
        said = sms_texts.invitation(version, brand, LONGEST["contact"], link, language, collection, wordings)
        yield f"messages.{name}", said.body
    for question in version.asked_by("sms"):
        for again in (False, True):
            yield (
                f"questions.{question.id}.sms",
                sms_texts.question(version, question, brand, language, again, wordings).body,
            )
    for name in sorted(set(MESSAGES) - {"invitation", "invitation_web", "again"}):
        yield f"messages.{name}", sms_texts.other(version, name, brand, language, link, wordings).body


def _too_dear(price: Cost, where: str, language: str) -> Iterator[Fault]:
    if price.encoding == UCS2:
        yield "sms-letters", where, {"language": language, "letters": "".join(price.culprits)}
    if price.parts > USUAL_PARTS:
        yield "too-many-parts", where, {"language": language, "parts": price.parts, "most": USUAL_PARTS}
