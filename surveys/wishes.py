"""What a customer's answers ask of us beyond being counted."""

from collections.abc import Sequence

from surveys.definitions import CompiledVersion
from surveys.interview_events import Event, state_of

HEARD = ("answer", "late")
# What people say when they only meet our question, not when they tell us something.
SAID = ("answer", "late", "unread", "person")


def score(version: CompiledVersion, events: Sequence[Event]) -> int | None:
    """The current satisfaction, or the last one given after the end; None if none was."""
    asked = version.score
    if asked is None:
        return None
    current = state_of(events).answers
    late = [event.value for event in events if event.kind == "late" and event.question_id == asked.id]
    value = current.get(asked.id, late[-1] if late else None)
    return value if isinstance(value, int) else None  # who declined the question gave no score


def words(events: Sequence[Event]) -> str:
    """The customer's own words in the order they came, each once."""
    said = [event.words.strip() for event in events if event.kind in SAID and event.words.strip()]
    return "\n".join(dict.fromkeys(said))


def wishes(version: CompiledVersion, events: Sequence[Event]) -> frozenset[str]:
    """What was ever expressed: ``dissatisfied`` (a low score, with words), ``complaint``, ``callback``.

    A wish once expressed stays one, also if the score is corrected later or the answer came after the end.
    """
    asked, low, spoke, wished = version.score, False, False, set()
    for event in events:
        spoke = spoke or (event.kind in SAID and bool(event.words.strip()))
        if event.kind in HEARD:
            if asked is not None and event.question_id == asked.id:
                low = isinstance(event.value, int) and event.value <= version.low_score
            wished |= _wished(version, event, low)
        if low and spoke:
            wished.add("dissatisfied")
    return frozenset(wished)


def _wished(version: CompiledVersion, event: Event, low: bool) -> set[str]:
    """What an answer asks of us: that of each choice taken; to rank one is not to take it."""
    question = version.question(event.question_id or "")
    if question is None:
        return set()
    if question.purpose == "call_back":
        return {"callback"} if low and event.value == "yes" else set()
    taken = event.value if isinstance(event.value, tuple) and not question.type.keeps_order else (str(event.value),)
    return {choice.wants for choice in question.choices if choice.id in taken and choice.wants} - {"none"}
