"""What a ready-made mapping must be told, and whether it was."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contacts.addresses import COUNTRIES
from contacts.mapping import LONGEST_SOURCE, BadMapping, Problem
from contacts.moments import zone_named

#: As they are given and kept: ``zone``, or ``site.Accueil`` for one word of a list.
Settings = Mapping[str, str]


@dataclass(frozen=True)
class Setting:
    """One thing a source asks for. ``kind`` is ``text``, ``zone``, ``country``, ``choice``, ``number``, ``columns``
    (names in the order of the file, separated by commas) or ``pairs`` (given as ``name.word``, once a word).
    """

    name: str
    kind: str = "text"
    default: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


SOURCE = Setting("source")
SITE = Setting("site")
SITES = Setting("site.", "pairs")
COUNTRY = Setting("country", "country", default="FR")
LANGUAGE = Setting("language")
ZONE = Setting("zone", "zone", required=True)
AGENTS_NAMED = Setting("agents_named", "choice", choices=("yes",))
#: Every source knows these.
COMMON = (SOURCE, SITE, SITES, COUNTRY, LANGUAGE, AGENTS_NAMED)


def by(choices: str) -> tuple[Setting, Setting]:
    """The words that say the site and the entry point: the first of ``choices`` unless another is set."""
    words = tuple(choices.split())
    return (
        Setting("site_by", "choice", default=words[0], choices=words),
        Setting("entry_by", "choice", default="number", choices=("number", "queue")),
    )


def completed(known: Iterable[Setting], given: Settings) -> dict[str, str]:
    """``given`` with the defaults of ``known``. Raises BadMapping with everything that is wrong or missing."""
    known = tuple(known)
    cleaned = {name.strip(): value.strip() for name, value in given.items() if value.strip()}
    problems = [*_unknown(known, cleaned), *_missing(known, cleaned), *_wrong(known, cleaned)]
    if problems:
        raise BadMapping(problems)
    return {**{setting.name: setting.default for setting in known if setting.default}, **cleaned}


def pairs(settings: Settings, name: str) -> dict[str, str]:
    """The words of a list and what each means: {"Accueil": "lyon"} of ``site.Accueil``."""
    return {key.removeprefix(name): value for key, value in settings.items() if key.startswith(name)}


def listed(text: str) -> list[str]:
    """The names in a list written with commas, as in ``columns``."""
    return [part.strip() for part in text.split(",")]


def _unknown(known: tuple[Setting, ...], given: Settings) -> list[Problem]:
    plain = {setting.name for setting in known if setting.kind != "pairs"}
    starts = tuple(setting.name for setting in known if setting.kind == "pairs")
    return [
        Problem("setting-unknown", name)
        for name in given
        if name not in plain and not (name.startswith(starts) and name not in starts)
    ]


def _missing(known: tuple[Setting, ...], given: Settings) -> list[Problem]:
    missing = [Problem("setting-missing", s.name) for s in known if s.required and s.name not in given]
    if not given.get("site") and not pairs(given, "site."):
        missing.append(Problem("setting-missing", "site"))
    return missing


def _wrong(known: tuple[Setting, ...], given: Settings) -> list[Problem]:
    return [
        Problem(code, setting.name if code == "setting-wrong" else given[setting.name])
        for setting in known
        if setting.name in given and (code := _fault(setting, given[setting.name]))
    ]


def _fault(setting: Setting, value: str) -> str:
    """The code of what is wrong with ``value``, or nothing."""
    if setting.kind == "zone":
        return "" if zone_named(value) else "zone-unknown"
    if setting.kind == "country":
        return "" if value.upper() in COUNTRIES else "country-unknown"
    if setting.kind == "choice":
        return "" if value in setting.choices else "setting-wrong"
    if setting.kind == "number":
        return "" if re.fullmatch(r"\d{1,2}", value) else "setting-wrong"
    if setting.kind == "columns":
        return _order_fault(listed(value))
    return "setting-wrong" if setting.name == "source" and len(value) > LONGEST_SOURCE else ""


def _order_fault(names: list[str]) -> str:
    given = [name for name in names if name]
    return "" if len(given) > 1 and len(set(given)) == len(given) else "setting-wrong"
