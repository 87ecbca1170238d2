"""``flask contacts close``."""

import click

from contacts import services
from contacts.cli.group import contacts, language_option, principal_named, principal_option, stop
from contacts.forms.wording import closed_words, period_words
from contacts.frames import BadPeriod, days_of
from contacts.services import PeriodRefused
from foundation.database import db
from foundation.web.clock import utc_now
from foundation.web.i18n import speaking


@contacts.command("close")
@click.argument("period")
@click.option("--despite-gaps", is_flag=True, help="Close it although gaps to what the sources say are not explained.")
@principal_option
@language_option
def close(period: str, despite_gaps: bool, principal_key: str | None, language: str) -> None:
    """Close PERIOD: its population is fixed.

    PERIOD is YYYY-MM, or FROM/TO with both days inclusive, in the zone of the principal. Where gaps to what the
    sources say are not explained (the page Reconciliation shows them), say --despite-gaps; the ledger keeps it.
    """
    with speaking(language):
        principal = principal_named(principal_key)
        try:
            closed = services.close_period(principal.id, *days_of(period), utc_now(), despite_gaps=despite_gaps)
        except (BadPeriod, PeriodRefused) as refusal:
            stop(period_words(refusal))
        db.session.commit()
        click.echo(closed_words(closed))
        click.echo(f"SHA-256 {closed.frame_hash}")
