"""``flask ledger``: checking what cannot be rewritten."""

import click
from flask.cli import AppGroup

from foundation.database import reading
from foundation.ledger import queries

ledger = AppGroup("ledger", help="The chain of what cannot be rewritten.")

WORDS = {
    "missing": "there is no entry with this number",
    "moved": "it does not follow the entry before it",
    "changed": "what it says is not what was sealed",
    "cut": "the chain ends before its head",
    "forked": "the chain does not end at its head",
}


@ledger.command("verify")
@click.pass_context
def verify(context: click.Context) -> None:
    """Follow the whole chain; exit 3 and name the first entry where it breaks."""
    with reading():
        found = queries.verify()
    if found.broken:
        click.echo(f"Broken at entry {found.broken.number}: {WORDS[found.broken.code]}.", err=True)
        click.echo(f"Entries 1 to {found.sealed} hold.", err=True)
        context.exit(3)
    click.echo(f"{found.sealed} entries, gapless and unchanged. Head: {found.head}")
    if found.unsealed:
        click.echo(f"{found.unsealed} entries wait for the sealer.")
