"""What the commands of ``flask contacts`` have in common."""

import sys
from typing import NoReturn

import click
from flask.cli import AppGroup

from contacts.models import Principal
from contacts.queries.parties import principal_by_key, principals

WRONG_USE, DONE_WITH_REJECTS = 2, 3

contacts = AppGroup("contacts", help="The contact log, its periods and its people.")
principal_option = click.option(
    "--principal", "principal_key", metavar="KEY", help="Key of the principal; not needed when there is only one."
)
language_option = click.option(
    "--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Language of the messages."
)


def stop(*lines: str) -> NoReturn:
    """Say what is wrong and end with the code for wrong use."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(WRONG_USE)


def principal_named(key: str | None) -> Principal:
    """The principal of that key; without one the only principal there is."""
    known = principals()
    found = principal_by_key(key) if key else known[0] if len(known) == 1 else None
    if found is None:
        keys = ", ".join(principal.key for principal in known) or "none"
        raise click.UsageError(f"Name the principal with --principal KEY. Principals: {keys}.")
    return found
