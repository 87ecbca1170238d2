"""``flask satisfaction``: figures on the command line."""

import json
from datetime import datetime

import click
from flask.cli import AppGroup

from foundation.database import reading
from foundation.web.clock import utc_now
from satisfaction.services import ReportRefused, rolling_up
from satisfaction.services import report as computed_report
from satisfaction.tables import report_csv, report_table

satisfaction = AppGroup("satisfaction", help="Figures with their intervals.")
DAY = click.DateTime(["%Y-%m-%d"])
FORMATS = {
    "json": lambda report: json.dumps(report, ensure_ascii=False, indent=2) + "\n",
    "csv": report_csv,
    "table": report_table,
}
REFUSALS = {
    "unknown-survey": "There is no programme {survey}.",
    "unknown-principal": "There is no principal {principal} with this programme.",
    "bad-period": "The last day comes before the first.",
    "bad-dimension": "--by takes site, channel or both, separated by a comma.",
}


@satisfaction.command("report")
@click.option("--survey", "survey_key", metavar="KEY", help="A programme; without it, all of them.")
@click.option("--principal", "principal_key", metavar="KEY", help="A principal; without it, all of them.")
@click.option("--from", "first_day", type=DAY, required=True, help="First day, included.")
@click.option("--to", "last_day", type=DAY, required=True, help="Last day, included.")
@click.option("--by", default="", metavar="site,channel", help="Crossed; the whole always comes with it.")
@click.option("--format", "shape", type=click.Choice(tuple(FORMATS)), default="table", show_default=True)
def report(
    survey_key: str | None, principal_key: str | None, first_day: datetime, last_day: datetime, by: str, shape: str
) -> None:
    """Print every figure of the closed periods between two days, as docs/report.md describes."""
    names = [name.strip() for name in by.split(",") if name.strip()]
    try:
        with reading():
            found = computed_report(
                first_day=first_day.date(),
                last_day=last_day.date(),
                now=utc_now(),
                survey_key=survey_key,
                principal_key=principal_key,
                by=names,
            )
    except ReportRefused as refusal:
        raise click.UsageError(REFUSALS[refusal.code].format(**refusal.facts)) from refusal
    click.echo(FORMATS[shape](found), nl=False)


@satisfaction.command("recount")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; say where cells differ, and end with 3.")
def recount(only_check: bool) -> None:
    """Count the answers behind every figure anew."""
    if not only_check:
        try:
            rolling_up.recount(utc_now())
        except rolling_up.RecountDisturbed as error:
            raise click.ClickException("Answers were let go at the same time; try again.") from error
        click.echo("Counted anew.")
        return
    found = rolling_up.check()
    for one in found:
        click.echo(f"{one.key}: {one.rolled} in the cells, {one.counted} counted")
    click.echo(f"{len(found)} cells differ.")
    if found:
        raise SystemExit(3)
