"""Every check of a definition, in its order."""

from collections.abc import Iterable, Iterator

from notifications.texts import Wordings
from surveys.definitions import CompiledVersion, Definition, compiled
from surveys.message_texts import DEFAULTS
from surveys.publication.by_sms import advertising, by_sms
from surveys.publication.document import faults_of_form
from surveys.publication.layout import layout
from surveys.publication.names import ids, names
from surveys.publication.piped import piped
from surveys.publication.problem import FORBIDS, WARNS, Fault, Problem, forbidding
from surveys.publication.reach import reach

#: What the author may well have meant, and what only cannot be decided.
WARNINGS = {
    "always-holds", "never-holds", "never-taken", "same-page", "place-not-by-sms", "jump-not-by-sms",
    "own-words-shuffled", "nothing-by-sms", "too-many-ways",
}  # fmt: skip


def problems(definition: Definition, wordings: Wordings = DEFAULTS, patience: int | None = None) -> list[Problem]:
    """Everything that forbids publishing ``definition``, or that its author should look at twice.

    ``wordings`` are the texts in force, which its messages by SMS are made of where it has none of its own. A
    definition with faults of form is not compiled, and one whose names are wrong is not walked through. ``patience``
    ends that walk after so many steps, for pages that must be quick: what it then does not know it says by
    ``too-many-ways``.
    """
    found = _problems(faults_of_form(definition))
    if found:
        return found
    version = compiled(definition, "", 0)
    misnamed = _problems([*ids(version), *names(definition, version)])
    unreached = [] if forbidding(misnamed) else _problems(reach(definition, patience))
    return [*misnamed, *unreached, *_problems(_faults_of_meaning(definition, version, wordings))]


def _faults_of_meaning(definition: Definition, version: CompiledVersion, wordings: Wordings) -> Iterator[Fault]:
    yield from piped(version)
    yield from layout(definition, version)
    yield from by_sms(version, wordings, any_letters=definition.get("ucs2", False))
    yield from advertising(version.title, "title")


def _problems(faults: Iterable[Fault]) -> list[Problem]:
    """Each fault once, however many checks or words found it."""
    found: dict[tuple[str, str, str], Problem] = {}
    for code, where, facts in faults:
        severity = WARNS if code in WARNINGS else FORBIDS
        found.setdefault((code, where, repr(facts)), Problem(code, where, facts, severity))
    return list(found.values())
