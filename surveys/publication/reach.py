"""What cannot happen in a questionnaire, though it is written, and what always does."""

from collections.abc import Iterator

from surveys.definitions import Definition, compiled
from surveys.publication import places
from surveys.publication.problem import Fault
from surveys.publication.walk import MOST_SITUATIONS, Seen, Walk, always_held

# Whatever threshold a programme chooses on the scale from 1 to 5, short of all of it.
THRESHOLDS = (1, 2, 3, 4)
ANY_THRESHOLD = (2,)


def reach(definition: Definition, patience: int | None = None) -> Iterator[Fault]:
    """Questions never asked, conditions that never or always hold, questions with too little to choose.

    Every kind of interview is followed, by web and by SMS. The definition has no other fault that forbids publishing.
    """
    seen = followed(definition, patience)
    for question_id, answers in seen.stuck.items():
        yield "nothing-to-choose", f"questions.{question_id}.choices", {"answers": dict(sorted(answers.items()))}
    for question_id, answers in seen.short.items():
        yield "fewer-than-least", f"questions.{question_id}.least", {"answers": dict(sorted(answers.items()))}
    if not seen.complete:
        yield "too-many-ways", "questions", {"most": MOST_SITUATIONS}
        return
    for question_id in places.ids(definition):
        if question_id not in seen.asked:
            yield _never_asked(question_id, definition, seen)
    yield from _conditions(definition, seen)


def followed(definition: Definition, patience: int | None = None) -> Seen:
    """What every interview of the questionnaire sees."""
    needs_threshold = any(
        place.condition.needs_low_score for raw in definition["questions"] for place in places.conditions(raw)
    )
    seen = Seen()
    for low_score in THRESHOLDS if needs_threshold else ANY_THRESHOLD:
        version = compiled(definition, "", low_score)
        by_sms = version.asked_by("sms")
        for mode in ("web", "sms") if 0 < len(by_sms) < len(version.questions) else ("web",):
            Walk(version, mode, seen, patience).run()
    return seen


def _never_asked(question_id: str, definition: Definition, seen: Seen) -> Fault:
    where = f"questions.{question_id}"
    raw = next(each for each in definition["questions"] if each["id"] == question_id)
    if seen.failed[f"{where}.visible_if"] and not seen.held[f"{where}.visible_if"]:
        names = next(place for place in places.conditions(raw) if place.key == "visible_if").condition.names
        facts = {"condition": raw["visible_if"], "never_asked": sorted(names - seen.asked)}
        return "never-asked", f"{where}.visible_if", facts
    if question_id in seen.starved:
        return "no-choice-ever", f"{where}.choices", {"choices": [choice["id"] for choice in raw["choices"]]}
    return "jumped-over", where, {"by": sorted(seen.jumped[question_id])}


def _conditions(definition: Definition, seen: Seen) -> Iterator[Fault]:
    """Conditions and jumps of questions that are asked, but that change nothing."""
    for raw in definition["questions"]:
        if raw["id"] not in seen.asked:
            continue
        for place in places.conditions(raw):
            facts = {"condition": str(place.condition)}
            if seen.held[place.where] + seen.failed[place.where] and not seen.held[place.where]:
                yield "never-holds", place.where, {**facts, "key": place.key}
            elif always_held(seen, place.where, place.condition):
                yield "always-holds", place.where, {**facts, "key": place.key}
        for number, jump in enumerate(raw.get("jumps", ())):
            where = f"questions.{raw['id']}.jumps.{number}"
            if not seen.held[f"{where}.if"] + seen.failed[f"{where}.if"]:
                yield "never-taken", where, {"to": jump["to"]}
