"""``flask surveys dispositions``: every step of every invitation, or the outcome rates they come to."""

import csv
from datetime import datetime

import click

from foundation.accounts.scope import EVERYTHING
from foundation.cells import safe_cell
from foundation.database import reading
from surveys import histories, outcome_rates
from surveys.cli.group import surveys
from surveys.cli.wording import in_english
from surveys.models import Programme
from surveys.queries.coverage import programme_coverage
from surveys.queries.invitations import steps
from surveys.queries.programmes import programme_by_key

DAY = click.DateTime(["%Y-%m-%d"])


@surveys.command("dispositions")
@click.argument("key")
@click.option("--rates", is_flag=True, help="Print RR1–RR6, COOP, REF and CON instead, whole and by stratum.")
@click.option("--from", "first_day", type=DAY, help="With --rates: periods from this day on, YYYY-MM-DD.")
@click.option("--to", "last_day", type=DAY, help="With --rates: periods until this day, inclusive.")
@in_english
def dispositions(key: str, rates: bool, first_day: datetime | None, last_day: datetime | None) -> None:
    """Print the disposition history of the programme KEY as CSV: a row for each step, with its AAPOR code.

    With --rates a row for each outcome rate: what it divides, and by which reading of "delivered, nothing came back".
    """
    with reading():
        programme = programme_by_key(key)
        if programme is None:
            raise click.UsageError(f"There is no programme {key}.")
        if rates:
            _print_rates(programme, first_day, last_day)
        else:
            _print_steps(programme)


def _print_rates(programme: Programme, first_day: datetime | None, last_day: datetime | None) -> None:
    covered = programme_coverage(programme, first_day and first_day.date(), last_day and last_day.date())
    rows = csv.writer(click.get_text_stream("stdout", encoding="utf-8"), lineterminator="\n")
    rows.writerow(outcome_rates.HEADER)
    for row in outcome_rates.rate_rows(covered.together):
        rows.writerow([safe_cell(value) for value in row])
    click.echo(f"{len(covered.draws)} draws, {covered.together.overall.drawn} invitations", err=True)


def _print_steps(programme: Programme) -> None:
    rows = csv.writer(click.get_text_stream("stdout", encoding="utf-8"), lineterminator="\n")
    rows.writerow(histories.HEADER)
    count = invitations = 0
    for row in histories.rows(steps(EVERYTHING, programme_id=programme.id)):
        rows.writerow(row)
        count, invitations = count + 1, invitations + row[-1]
    click.echo(f"{count} steps of {invitations} invitations", err=True)
