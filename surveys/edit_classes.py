"""Every edit of a questionnaire is cosmetic, wording or scale. docs/surveys.md has the rules with their reasons.

Cosmetic: what is asked and what may be answered stay. Wording: somebody reads, hears or is led to something else.
Scale: an answer can have other values, or the same value means something else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from surveys.series import CLASSES, COSMETIC, SCALE, WORDING, Facet, facets
from surveys.typography import same_words

__all__ = ["CLASSES", "COSMETIC", "SCALE", "WORDING", "Change", "breaking", "changes", "heaviest", "summary"]

Raw = Mapping[str, Any]

#: Fields whose texts take their meaning from one another: when one gets what another had, the scale is turned round.
_ENDS = ("low_end", "high_end")


@dataclass(frozen=True)
class Change:
    """One difference. ``question`` is its id, "" for the questionnaire as a whole; ``field`` as ``title.fr``.

    The field ``question`` stands for one that was added (``before`` None) or taken out (``after`` None). ``language``
    is set where the change concerns those alone who read it.
    """

    question: str
    field: str
    before: Any
    after: Any
    kind: str
    language: str = ""


def changes(before: Raw, after: Raw) -> list[Change]:
    """Every difference between two definitions, first of the whole, then by question in the order of ``after``.

    Both must have the form of a questionnaire (``editing.is_editable``), as every published one has.
    """
    found = list(_of_whole(before, after))
    places = {raw["id"]: place for place, raw in enumerate(before["questions"])}
    for place, raw in enumerate(after["questions"]):
        if raw["id"] not in places:
            found.append(Change(raw["id"], "question", None, raw["title"], WORDING))
        else:
            shared = [language for language in before["languages"] if language in after["languages"]]
            both = facets(before, places[raw["id"]]), facets(after, place)
            found += _of_question(raw["id"], *both, shared)
    kept = {raw["id"] for raw in after["questions"]}
    gone = [raw for raw in before["questions"] if raw["id"] not in kept]
    return found + [Change(raw["id"], "question", raw["title"], None, WORDING) for raw in gone]


def heaviest(found: Iterable[Change]) -> str | None:
    """The class of a version: that of its heaviest change; None where nothing was changed."""
    return max((change.kind for change in found), key=CLASSES.index, default=None)


def breaking(found: Iterable[Change]) -> dict[str, str]:
    """The questions whose series these changes break, with the class that breaks it; not those added or taken out."""
    classes: dict[str, str] = {}
    for change in found:
        if change.question and change.field != "question" and change.kind != COSMETIC:
            classes[change.question] = max(classes.get(change.question, WORDING), change.kind, key=CLASSES.index)
    return classes


def summary(found: Sequence[Change]) -> dict[str, Any]:
    """What the ledger keeps of the changes of a version: its class, how many of each class, what breaks."""
    return {
        "edit_class": heaviest(found),
        "changes": {kind: sum(change.kind == kind for change in found) for kind in CLASSES},
        "breaks": breaking(found),
    }


def _of_whole(before: Raw, after: Raw) -> Iterator[Change]:
    """Languages, title, messages, limits. None of them breaks the series of a question."""
    old, new = before["languages"], after["languages"]
    yield from (Change("", "language", None, name, WORDING, name) for name in new if name not in old)
    yield from (Change("", "language", name, None, WORDING, name) for name in old if name not in new)
    if old[:1] != new[:1]:
        yield Change("", "first_language", old[0], new[0], WORDING)
    shared = [language for language in old if language in new]
    yield from _differing("", _said(before, shared), _said(after, shared))


def _said(definition: Raw, languages: Sequence[str]) -> dict[str, Facet]:
    texts = {"title": definition.get("title") or {}}
    texts |= {f"messages.{name}": said for name, said in (definition.get("messages") or {}).items()}
    found = {
        f"{name}.{language}": Facet(WORDING, said[language], same_words(said[language]), language)
        for name, said in texts.items()
        for language in languages
        if said.get(language)
    }
    limits = ("parts", "ucs2")
    return found | {name: Facet(COSMETIC, definition.get(name), definition.get(name)) for name in limits}


def _of_question(
    name: str, old: Mapping[str, Facet], new: Mapping[str, Facet], shared: Sequence[str]
) -> Iterator[Change]:
    turned = _turned(old, new)
    for change in _differing(name, old, new):
        if change.language and change.language not in shared:
            continue
        if _is_told_elsewhere(change, old, new):
            continue
        yield replace(change, kind=SCALE) if change.field in turned else change


def _differing(name: str, old: Mapping[str, Facet], new: Mapping[str, Facet]) -> Iterator[Change]:
    for field in [*new, *(field for field in old if field not in new)]:
        one, other = old.get(field), new.get(field)
        some = other or one
        if some is None or (one and one.written) == (other and other.written):
            continue
        alike = (one.meant if one else None) == (other.meant if other else None)
        kind = COSMETIC if alike and one and other else some.kind
        yield Change(name, field, one and one.written, other and other.written, kind, some.language)


def _is_told_elsewhere(change: Change, old: Mapping[str, Facet], new: Mapping[str, Facet]) -> bool:
    """Whether another change says it: a choice that came or went, an SMS that is the title, an answer offered."""
    head, _dot, rest = change.field.partition(".")
    if head == "choices" and rest:
        return not all(rest.split(".")[0] in found["choices"].written for found in (old, new))
    if head in ("not_applicable", "prefer_not", "consent") and rest:
        return old[head].written != new[head].written
    if head == "sms":
        if old["asked_by_sms"].written != new["asked_by_sms"].written:
            return True
        title = f"title.{rest}"
        return all(
            found.get(title) is not None and found[title].written == text
            for found, text in ((old, change.before), (new, change.after))
        )
    return False


def _turned(old: Mapping[str, Facet], new: Mapping[str, Facet]) -> set[str]:
    """The labels that now stand where another stood: the same value says something else."""
    turned: set[str] = set()
    for group in _groups({*old, *new}):
        was = {field: old[field].meant for field in group if field in old}
        now = {field: new[field].meant for field in group if field in new}
        for field in group:
            if was.get(field) == now.get(field):
                continue
            others = {other for other in group if other != field}
            came = now.get(field) in {was[other] for other in others if other in was}
            went = was.get(field) in {now[other] for other in others if other in now}
            if came or went:
                turned.add(field)
    return turned


def _groups(names: Iterable[str]) -> list[list[str]]:
    """The fields that are ends, or labels of choices, of one scale in one language."""
    found: dict[tuple[str, str], list[str]] = {}
    for field in sorted(names):
        parts = field.split(".")
        if parts[0] in _ENDS and len(parts) == 2:
            found.setdefault(("ends", parts[1]), []).append(field)
        elif parts[0] == "choices" and len(parts) == 4 and parts[2] == "label":
            found.setdefault(("choices", parts[3]), []).append(field)
    return list(found.values())
