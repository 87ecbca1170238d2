"""``flask backup``: a copy of the embedded database while it is at work."""

import sqlite3
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext

from foundation.database import db


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the embedded database to FILE, whole and of one moment; web and worker may go on.

    For a PostgreSQL database pg_dump is the tool. Keep the secret key too, apart from the copy: links that
    customers hold are made with it.
    """
    if db.engine.dialect.name != "sqlite":
        raise click.UsageError("This database is PostgreSQL: pg_dump is the tool to back it up.")
    if file.exists():
        raise click.UsageError(f"{file} is there already; it is not overwritten.")
    try:
        fault = _copy(file)
    except (OSError, sqlite3.Error) as error:
        raise click.UsageError(f"{file}: {error}") from error
    if fault != "ok":
        file.unlink()
        raise click.ClickException(f"The copy is not sound, and was removed: {fault}")
    click.echo(f"{file}: {file.stat().st_size} bytes, sound.")


def _copy(file: Path) -> str:
    """Copy in one go, which holds up no writer, and return what SQLite says of the copy's soundness."""
    with closing(sqlite3.connect(file)) as copy, closing(db.engine.raw_connection()) as source:
        source.driver_connection.backup(copy)  # type: ignore[union-attr]
        return copy.execute("PRAGMA integrity_check").fetchone()[0]
