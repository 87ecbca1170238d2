"""What of a definition its answers depend on, and so which versions of a question belong to one series.

A definition is taken apart into facets. Two versions of a question have the same series where every facet that is not
cosmetic is meant alike; ``edit_classes`` names the differences. Both read the same table, so that they never disagree.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.conditions import BadCondition, parse_condition
from surveys.definitions import END
from surveys.questionnaires import canonical_json
from surveys.typography import same_words

COSMETIC, WORDING, SCALE = "cosmetic", "wording", "scale"
CLASSES = (COSMETIC, WORDING, SCALE)

Raw = Mapping[str, Any]
#: The digests of a question: what somebody is asked in each language, and under "" what no language changes.
Marks = Mapping[str, str]

TEXTS = ("title", "hint", "low_end", "high_end", "not_applicable", "prefer_not", "consent")
#: Answers of their own: offering one, or no longer, changes which values there are.
OFFERED = ("not_applicable", "prefer_not", "consent")
DIGITS = 12


@dataclass(frozen=True)
class Facet:
    """One thing a definition says. ``kind``: the class of a change of what is ``meant``; ``written`` is for people."""

    kind: str
    written: Any
    meant: Any
    language: str = ""


def facets(definition: Raw, place: int) -> dict[str, Facet]:
    """Everything the question at ``place`` says, by the name of the field; texts as ``title.fr``."""
    raw, earlier = definition["questions"][place], definition["questions"][:place]
    found = dict(_texts_of(raw, definition["languages"]))
    found |= dict(_values_of(raw))
    found |= dict(_circumstances_of(raw))
    found["before"] = _plain(WORDING, [one["id"] for one in earlier])
    found["passed_over"] = _plain(WORDING, _passing(earlier, raw["id"], definition["questions"][place:]))
    return found


def marks(definition: Raw) -> dict[str, Marks]:
    """The digests of each question. Where two versions share one and no other differs, they ask alike."""
    found: dict[str, Marks] = {}
    for place, raw in enumerate(definition["questions"]):
        said = facets(definition, place)
        found[raw["id"]] = {language: digest(raw["id"], said, language) for language in ("", *definition["languages"])}
    return found


def digest(question_id: str, found: Mapping[str, Facet], language: str) -> str:
    """What somebody who reads ``language`` is asked, as 12 hexadecimal digits."""
    counted = {
        name: each.meant
        for name, each in found.items()
        if each.kind != COSMETIC and each.language in ("", language) and not _is_nothing(each.meant)
    }
    written = canonical_json({"id": question_id, "facets": counted})
    return hashlib.sha256(written.encode()).hexdigest()[:DIGITS]


def is_broken(known: Iterable[Marks]) -> bool:
    """Whether the same question was asked with other values, or differently in a language that two of them have."""
    seen: dict[str, str] = {}
    return any(seen.setdefault(language, mark) != mark for one in known for language, mark in one.items())


def series_numbers(definitions: Sequence[Raw]) -> list[dict[str, int]]:
    """The number of each question's series in each version, given in their order: 1, and one more at each break.

    A question that was away and comes back goes on where it stopped, if it is asked as before. A language that is added
    or taken away breaks nothing for the others.
    """
    numbers: dict[str, int] = {}
    known: dict[str, dict[str, str]] = {}
    found = []
    for definition in definitions:
        for name, mark in marks(definition).items():
            broken = name in known and is_broken([known[name], mark])
            numbers[name] = numbers.get(name, 1) + broken
            known[name] = {**({} if broken else known.get(name, {})), **mark}
        found.append({raw["id"]: numbers[raw["id"]] for raw in definition["questions"]})
    return found


def _texts_of(raw: Raw, languages: Sequence[str]) -> Iterator[tuple[str, Facet]]:
    """Every text that is read or sent, by language; without an SMS of its own, a question is sent its title."""
    texts = {name: raw[name] for name in TEXTS if raw.get(name)}
    sms = raw.get("sms", True)
    if sms is not False:
        texts["sms"] = raw["title"] if sms is True else sms
    for choice in raw.get("choices", ()):
        texts[f"choices.{choice['id']}.label"] = choice.get("label", {})
        for language, said in (choice.get("words") or {}).items():
            if said and language in languages:
                short = sorted(same_words(word) for word in said)
                yield f"choices.{choice['id']}.words.{language}", Facet(WORDING, ", ".join(said), short, language)
    for name, by_language in texts.items():
        for language in languages:
            if text := by_language.get(language):
                yield f"{name}.{language}", Facet(WORDING, text, same_words(text), language)


def _values_of(raw: Raw) -> Iterator[tuple[str, Facet]]:
    """What decides which values an answer can have, and which way they point."""
    choices = raw.get("choices", ())
    yield "type", _plain(SCALE, raw.get("type"))
    yield "choices", _plain(SCALE, [choice["id"] for choice in choices])
    yield "polarity", _usual(SCALE, raw.get("polarity"), "higher")
    yield "decimals", _usual(SCALE, raw.get("decimals"), 0)
    for name in ("least", "most"):
        yield name, Facet(SCALE, raw.get(name), _number(raw.get(name)))
    for name in OFFERED:
        yield name, _plain(SCALE, bool(raw.get(name)))
    for choice in choices:
        yield f"choices.{choice['id']}.exclusive", _plain(SCALE, bool(choice.get("exclusive")))


def _circumstances_of(raw: Raw) -> Iterator[tuple[str, Facet]]:
    """When, how and to what end it is asked; and what only the page or the price depends on."""
    yield "visible_if", _condition(WORDING, raw.get("visible_if"))
    yield "purpose", _plain(WORDING, raw.get("purpose"))
    yield "theme", _usual(WORDING, raw.get("theme"), "overall")
    yield "asked_by_sms", _plain(WORDING, raw.get("sms", True) is not False)
    yield "random_order", _plain(WORDING, bool(raw.get("random_order")))
    for choice in raw.get("choices", ()):
        where = f"choices.{choice['id']}"
        yield f"{where}.wants", _usual(WORDING, choice.get("wants"), "none")
        yield f"{where}.visible_if", _condition(WORDING, choice.get("visible_if"))
        yield f"{where}.fixed", _plain(WORDING, bool(choice.get("fixed")))
    yield "required", _plain(COSMETIC, bool(raw.get("required")))
    yield "required_if", _condition(COSMETIC, raw.get("required_if"))
    yield "jumps", _plain(COSMETIC, [_jump(jump) for jump in raw.get("jumps", ())])
    for name in ("page", "parts"):
        yield name, _plain(COSMETIC, raw.get(name))


def _passing(earlier: Sequence[Raw], question_id: str, later: Sequence[Raw]) -> list[Any]:
    """The jumps that may lead past a question: all of an earlier question of which one does, the first that holds."""
    beyond = {END, *(raw["id"] for raw in later)} - {question_id}
    return [
        [raw["id"], *(_jump(jump) for jump in raw["jumps"])]
        for raw in earlier
        if any(jump.get("to") in beyond for jump in raw.get("jumps", ()))
    ]


def _jump(jump: Raw) -> list[Any]:
    return [_canonical(jump.get("if")), jump.get("to")]


def _condition(kind: str, written: Any) -> Facet:
    return Facet(kind, written, _canonical(written))


def _canonical(written: Any) -> Any:
    """A condition as it is always written, so that its spacing says nothing; as it is where it cannot be read."""
    if not isinstance(written, str):
        return written
    try:
        return str(parse_condition(written))
    except BadCondition:
        return written


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_nothing(meant: Any) -> bool:
    """Whether it says the same as not being there; 0 is a bound like any other."""
    return meant is None or meant is False or meant in ([], ())


def _usual(kind: str, value: Any, usual: Any) -> Facet:
    """A value that may be left out because it is the usual one."""
    return Facet(kind, value, None if value == usual else value)


def _plain(kind: str, value: Any) -> Facet:
    return Facet(kind, value, value)
