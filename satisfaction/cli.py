"""``flask satisfaction``: figures on the command line."""

import json
import sys
from datetime import datetime
from typing import IO, Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from contacts.models import Principal
from contacts.rejects import rejects_csv
from foundation.database import db, reading
from foundation.web.clock import utc_now
from satisfaction.elsewhere import ANSWERS, COLUMNS, SCALES, BadElsewhere, given
from satisfaction.services import ReportRefused, rolling_up
from satisfaction.services import report as computed_report
from satisfaction.services.elsewhere import OUTCOMES, Opened, Tally, open_file, take_in
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


@satisfaction.command("elsewhere")
@click.argument("principal_key", metavar="PRINCIPAL")
@click.argument("file", type=click.File("rb"))
@click.option("--source", required=True, metavar="NAME", help="Who collected it.")
@click.option("--kind", type=click.Choice(tuple(COLUMNS)), default=ANSWERS, show_default=True)
@click.option("--indicator", type=click.Choice(tuple(SCALES)), help="What the answers of a file of answers are.")
@click.option("--map", "map_file", type=click.File("rb"), help="A mapping (JSON), as docs/elsewhere.md describes.")
@click.option("--rejects", type=click.Path(dir_okay=False, writable=True), help="Write lines that go back here.")
def elsewhere(
    principal_key: str,
    file: IO[bytes],
    source: str,
    kind: str,
    indicator: str | None,
    map_file: IO[bytes] | None,
    rejects: str | None,
) -> None:
    """Take in answers or figures of PRINCIPAL that were collected elsewhere; they stay apart from every figure of ours.

    The same lines again change nothing. Ends with 3 if lines were rejected.
    """
    principal = db.session.scalars(select(Principal).filter_by(key=principal_key)).one_or_none()
    if principal is None:
        raise click.UsageError(f"There is no principal {principal_key}.")
    tally = Tally()
    try:
        mapping = given(_map(map_file))
        opened = open_file(principal, kind, source, file.read(), mapping, indicator or "")
        for _lines in take_in(opened, tally, None, utc_now()):
            db.session.commit()
    except BadElsewhere as fault:
        raise click.UsageError(f"The file cannot be used: {fault}.") from fault
    for name in OUTCOMES:
        click.echo(f"{name} {getattr(tally, name)}")
    _give_back(opened, tally, rejects)


def _map(file: IO[bytes] | None) -> Any:
    try:
        return json.loads(file.read()) if file else {}
    except ValueError as error:
        raise BadElsewhere("bad-map") from error


def _give_back(opened: Opened, tally: Tally, rejects: str | None) -> None:
    for one in tally.rejects[:10]:
        click.echo(f"line {one.line}, {one.column}: {one.code}")
    if rejects and tally.rejects:
        rows = ((one.line, one.cells, one.column, one.code) for one in tally.rejects)
        with open(rejects, "w", encoding="utf-8", newline="") as target:
            target.writelines(rejects_csv(opened.table.columns, opened.table.separator, rows))
    if tally.rejects:
        sys.exit(3)
