"""Which mapping a file is read by: a saved one, a ready-made one or a file."""

import json
from pathlib import Path

import click

from contacts.mapping import BadMapping, Mapping, from_json, problems
from contacts.models import Principal
from contacts.queries import imports as queries
from contacts.reading import Table
from contacts.sources.registry import SOURCES, mapping_in, told
from contacts.views.mappings import sample

map_option = click.option(
    "--map",
    "map_name",
    metavar="FILE|NAME",
    help="A mapping file (JSON), a saved or a ready-made mapping.",
)
settings_option = click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of a ready-made mapping; may be repeated."
)


def named_mapping(name: str, principal: Principal, settings: tuple[str, ...] = ()) -> Mapping:
    """The saved mapping of that name, else the ready-made one, else that of the file; with these settings.

    Raises UsageError where there is none, BadMapping where it cannot be used.
    """
    given = _settings(settings)
    saved = queries.saved_mapping(principal.id, name)
    if saved is not None:
        return told(from_json(saved.definition), given)
    if name in SOURCES:
        return SOURCES[name].mapping(given)
    return told(_of_file(name), given)


def fitting(mapping: Mapping, table: Table) -> Mapping:
    """``mapping``, which reads ``table``. Raises BadMapping where it does not."""
    found = problems(mapping, table.columns, sample(table))
    if found:
        raise BadMapping(found)
    return mapping


def mapping_of_columns(principal: Principal, table: Table, settings: tuple[str, ...]) -> Mapping:
    """The mapping last saved for a file with just these columns, with these settings."""
    saved = queries.mapping_for(principal.id, table.columns)
    if saved is None:
        raise click.UsageError("No mapping is saved for such columns: give one with --map FILE.")
    return told(from_json(saved.definition), _settings(settings))


def _settings(written: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in written]
    wrong = [name for name, sign, _value in pairs if not sign or not name.strip()]
    if wrong:
        raise click.UsageError(f"--set takes NAME=VALUE, not {wrong[0]}.")
    return {name.strip(): value.strip() for name, _sign, value in pairs}


def _of_file(name: str) -> Mapping:
    if not Path(name).is_file():
        raise click.UsageError(f"There is no file and no saved mapping called {name}.")
    try:
        return mapping_in(json.loads(Path(name).read_text(encoding="utf-8-sig")))
    except ValueError as error:
        raise click.UsageError(f"{name} is not JSON: {error}") from error
