"""``flask notifications rekey``: after the key of the addresses was changed."""

from collections.abc import Iterable

import click
from flask import current_app
from flask.cli import with_appcontext

from foundation.database import db
from notifications.errors import NotificationRefused
from notifications.services.rekeying import Rekeyed, rekey

#: Some stops belong to addresses that nobody knows any more.
SOME_LEFT = 3


@click.command("rekey")
@with_appcontext
def rekey_addresses() -> None:
    """Hash the known addresses anew, after SATISFECIT_ADDRESS_KEY was changed.

    Set the key of before as SATISFECIT_ADDRESS_KEY_PREVIOUS first. Exit status 3 when
    stops are left whose address nobody knows any more: they are obeyed for as long as
    the former key stays set, and forgotten without it.
    """
    books = [book() for book in current_app.extensions.get("address_books", [])]
    try:
        done = _last(rekey(books))
    except NotificationRefused:
        raise click.UsageError("SATISFECIT_ADDRESS_KEY_PREVIOUS must be set to the key of before.") from None
    click.echo(f"messages: {done.messages}\nstops: {done.stops}\nlinks: {done.links}\nleft: {done.left}")
    if done.left:
        click.echo("Keep SATISFECIT_ADDRESS_KEY_PREVIOUS: the stops left are recognised by it alone.", err=True)
        raise SystemExit(SOME_LEFT)


def _last(pieces: Iterable[Rekeyed]) -> Rekeyed:
    """Commit after each piece; return what was done in all."""
    done = Rekeyed()
    for piece in pieces:
        db.session.commit()
        done = piece
    return done
