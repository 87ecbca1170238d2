"""``flask accounts``: staff and keys, from the command line."""

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from foundation.accounts import keys, services
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


@accounts.command("issue-key")
@click.argument("name")
@click.option("--principal", "principal_key", required=True, metavar="KEY", help="Key of the principal it acts for.")
@click.option(
    "--site", "site_ids", type=int, multiple=True, metavar="ID", help="A site it may file under; default: all."
)
@click.option(
    "--days", type=click.IntRange(min=1, max=3660), help="How long it is good; default: until it is taken back."
)
@click.option(
    "--may", "permissions", type=click.Choice(keys.KEY_PERMISSIONS), multiple=True, default=keys.USUAL_PERMISSIONS,
    show_default=True, help="What it may do; several times for several things.",
)  # fmt: skip
def issue_key(
    name: str, principal_key: str, site_ids: tuple[int, ...], days: int | None, permissions: tuple[str, ...]
) -> None:
    """Make a key for a program that sends contacts or reads figures; it is printed this once and kept nowhere."""
    ids = {key: principal_id for principal_id, key, _name in current_app.extensions["principals"]()}
    if principal_key not in ids:
        raise click.UsageError(
            f"There is no principal {principal_key}. Principals: {', '.join(sorted(ids)) or 'none'}."
        )
    now = utc_now()
    end = now + timedelta(days=days) if days else None
    _key, secret = keys.issue_key(name, list(permissions), ids[principal_key], list(site_ids) or None, end, now)
    db.session.commit()
    click.echo(secret)
