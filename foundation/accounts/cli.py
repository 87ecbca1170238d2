"""``flask accounts``: staff, from the command line."""

import click
from flask.cli import AppGroup

from foundation.accounts import services
from foundation.accounts.roles import ROLES
from foundation.database import db
from foundation.web.clock import utc_now

accounts = AppGroup("accounts", help="Staff who sign in.")


@accounts.command("create")
@click.argument("email")
@click.option("--name", required=True, help="How the person is called.")
@click.option("--role", required=True, type=click.Choice([role for role in ROLES if role != "principal"]))
@click.password_option(help="Twelve characters or more; asked for when it is not given.")
def create(email: str, name: str, role: str, password: str) -> None:
    """Add somebody who may sign in and sees every principal and site.

    Whoever sees less, and a principal's own people, are added on the page of accounts.
    """
    if len(password) < 12:
        raise click.UsageError("The password needs twelve characters or more.")
    try:
        services.create_user(email, name, role, password, utc_now())
    except services.AccountRefused as refusal:
        raise click.UsageError(f"{email}: {refusal.code}") from refusal
    db.session.commit()
    click.echo(f"{email} can sign in as {role}.")
