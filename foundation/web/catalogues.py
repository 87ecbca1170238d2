"""Catalogues of translations, one per package: compile what is stale, extract what is new."""

import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from foundation.web.i18n import CATALOGUES

ROOT = Path(__file__).parent.parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.xml", "jinja2")]
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
}
# Templates whose folder is not named after their package.
SOURCES = {
    "foundation": ["foundation", "app.py", "templates/components", "templates/errors", "templates/security",
                   "templates/accounts", "templates/jobs", "templates/base.html", "templates/customer.html"],
    "surveys": ["surveys", "templates/surveys", "templates/survey"],
    "complaints": ["complaints", "templates/complaints", "templates/complaint"],
    "evidence": ["evidence", "templates/evidence", "templates/ledger"],
}  # fmt: skip


def po_path(package: str) -> Path:
    return ROOT / "translations" / package / "fr" / "LC_MESSAGES" / "messages.po"


def compile_stale() -> None:
    """Write the binary catalogue beside each text one that is newer; safe for several processes at once."""
    for package in CATALOGUES:
        source = po_path(package)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            fresh = target.with_suffix(f".{os.getpid()}")
            with source.open("rb") as text, fresh.open("wb") as binary:
                write_mo(binary, read_po(text, locale="fr"))
            fresh.replace(target)


def extract(package: str) -> Catalog:
    """Return every sentence of a package's code and templates, without translations."""
    catalogue = Catalog(locale="fr", project="Satisfecit", fuzzy=False)
    for source in SOURCES.get(package, [package, f"templates/{package}"]):
        for name, line, message, comments, context in _messages(ROOT / source):
            place = str(Path(source) / name) if name else source
            catalogue.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return catalogue


def _messages(path: Path) -> Iterable[tuple[str, int, Any, list[str], str | None]]:
    if path.is_dir():
        yield from extract_from_dir(path, METHODS, keywords=KEYWORDS, options_map=_options())
    elif path.exists():
        for row in extract_from_dir(path.parent, [(path.name, dict(METHODS)["**" + path.suffix])], keywords=KEYWORDS,
                                    options_map=_options(), directory_filter=lambda _folder: False):  # fmt: skip
            yield ("", *row[1:])


def _options() -> dict[str, dict[str, str]]:
    trimmed = {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"}
    return {"**.html": trimmed, "**.txt": trimmed, "**.xml": trimmed}


def update(package: str) -> Catalog:
    """Merge new sentences into the package's French catalogue and write it; nothing is guessed."""
    path = po_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = read_catalogue(package)
    catalogue.update(extract(package), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    written = io.BytesIO()
    write_po(written, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    path.write_bytes(written.getvalue())
    return catalogue


def untranslated(package: str) -> list[str]:
    """Return the sentences of a package that have no French, or a doubtful one."""
    known = read_catalogue(package)
    return [str(message.id) for message in extract(package) if message.id and not _is_translated(known, message)]


def read_catalogue(package: str) -> Catalog:
    path = po_path(package)
    if not path.exists():
        return Catalog(locale="fr", project="Satisfecit")
    with path.open("rb") as text:
        return read_po(text, locale="fr")


def _is_translated(known: Catalog, message: Any) -> bool:
    entry = known.get(message.id, message.context)
    if entry is None or entry.fuzzy:
        return False
    strings = entry.string if isinstance(entry.string, (list, tuple)) else [entry.string]
    return all(strings)


def main(arguments: list[str]) -> int:
    """``update [PACKAGE …]`` merges new sentences; ``compile`` writes the binary catalogues."""
    if arguments[:1] == ["compile"]:
        compile_stale()
        return 0
    if arguments[:1] != ["update"]:
        print("usage: python -m foundation.web.catalogues update [PACKAGE …] | compile")
        return 2
    for package in arguments[1:] or CATALOGUES:
        update(package)
        print(f"{package}: {len(untranslated(package))} without French")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
