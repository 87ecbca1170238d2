"""``flask demo``: a contact centre to look at."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from demo import loading
from demo.centre import PASSWORD, STAFF

demo = AppGroup("demo", help="A made-up contact centre to look at.")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data already.")
def load(if_empty: bool) -> None:
    """Fill an empty database with a made-up contact centre."""
    if current_app.config["MODE"] == "production":
        raise click.UsageError("The demo centre is not for production.")
    if not loading.is_empty():
        if if_empty:
            return
        raise click.UsageError("There is data already; the demo centre is loaded into an empty database only.")
    click.echo("Loading the demo centre, which takes a minute:")
    for step in loading.load(current_app._get_current_object()):  # type: ignore[attr-defined]
        click.echo(f"  {step}")
        sys.stdout.flush()


@demo.command("sign-ins")
def sign_ins() -> None:
    """Print who can sign in to the demo centre."""
    click.echo(f"\nDemo sign-ins, all with the password: {PASSWORD}")
    for person in STAFF:
        click.echo(f"  {person.role:<10} {person.email:<32} {person.name}")
