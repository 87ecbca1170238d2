"""``flask surveys dispositions``: every step of every invitation."""

import csv

import click

from foundation.accounts.scope import EVERYTHING
from foundation.database import reading
from surveys import histories
from surveys.cli.group import surveys
from surveys.cli.wording import in_english
from surveys.queries.invitations import steps
from surveys.queries.programmes import programme_by_key


@surveys.command("dispositions")
@click.argument("key")
@in_english
def dispositions(key: str) -> None:
    """Print the disposition history of the programme KEY as CSV: a row for each step, with its AAPOR code."""
    with reading():
        programme = programme_by_key(key)
        if programme is None:
            raise click.UsageError(f"There is no programme {key}.")
        rows = csv.writer(click.get_text_stream("stdout", encoding="utf-8"), lineterminator="\n")
        rows.writerow(histories.HEADER)
        count = invitations = 0
        for row in histories.rows(steps(EVERYTHING, programme_id=programme.id)):
            rows.writerow(row)
            count, invitations = count + 1, invitations + row[-1]
    click.echo(f"{count} steps of {invitations} invitations", err=True)
