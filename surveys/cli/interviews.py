"""``flask surveys go-on``."""

import click
from flask import current_app
from sqlalchemy import select

from foundation.database import db
from foundation.web.clock import utc_now
from surveys.cli.group import surveys
from surveys.models import Invitation
from surveys.services.interviews import go_on


@surveys.command("go-on")
@click.argument("invitation")
def go_on_with(invitation: str) -> None:
    """Send the open question of an interview by SMS that was left to a person; INVITATION is its public id."""
    invitation_id = db.session.scalars(select(Invitation.id).filter_by(public_id=invitation)).one_or_none()
    if invitation_id is None:
        raise click.UsageError(f"There is no invitation {invitation}.")
    secret, public_url = current_app.config["SECRET_KEY"], current_app.config["PUBLIC_URL"]
    sent = go_on(invitation_id, utc_now(), secret=secret, public_url=public_url)
    db.session.commit()
    if not sent:
        raise click.UsageError("This interview was not left to a person, or is over.")
    click.echo("The open question is sent.")
