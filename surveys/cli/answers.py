"""``flask surveys answers import`` and ``flask surveys answers export``."""

import sys
from collections.abc import Iterable
from itertools import count
from typing import IO

import click

from contacts.rejects import rejects_csv
from foundation.accounts.scope import EVERYTHING
from foundation.database import db, reading
from foundation.web.clock import utc_now
from surveys.answer_csv import csv_pieces
from surveys.cli.group import surveys
from surveys.cli.wording import in_english, usage_error
from surveys.models import Programme
from surveys.pages.answers import fault_words
from surveys.queries import anonymous
from surveys.queries.answers import answer_table
from surveys.queries.posters import poster_table
from surveys.queries.programmes import programme_by_key
from surveys.refusals import SurveyRefused
from surveys.services.answers import AnswerFile, Reject, Tally, import_answers, read_answers


@surveys.group("answers")
def answers() -> None:
    """Answers from a file, and answers as a file."""


@answers.command("import")
@click.argument("key")
@click.argument("file", type=click.File("rb"))
@click.option("--id-column", help="The column with the contact's external or public id.")
@click.option(
    "--column", "columns", multiple=True, metavar='"COLUMN=QUESTION"', help="Which column answers which question."
)
@click.option("--rejects", type=click.Path(dir_okay=False, writable=True), help="Write rows that were not taken here.")
@in_english
def import_file(
    key: str, file: IO[bytes], id_column: str | None, columns: tuple[str, ...], rejects: str | None
) -> None:
    """Take the answers in FILE (CSV) for the contacts drawn by the programme KEY.

    Columns named like a question are taken unless --column says which are. Rows of contacts that were not drawn are
    counted and left. The same file again adds nothing; a changed value corrects. Ends with 3 if anything was rejected.
    """
    programme = _programme(key)
    tally = Tally()
    try:
        found = read_answers(programme, file.read(), _mapping(columns), id_column)
        for rows in import_answers(found, tally, utc_now()):
            db.session.commit()
            _show_progress(rows)
    except SurveyRefused as refusal:
        raise usage_error(refusal) from refusal
    _report(tally)
    if rejects and tally.rejects:
        with open(rejects, "w", encoding="utf-8", newline="") as target:
            target.writelines(rejected_rows(found, tally.rejects))
    if tally.rejects:
        sys.exit(3)


@answers.command("export")
@click.argument("key")
@click.option("--words", is_flag=True, help="Add a column with the customer's own words beside each question.")
@click.option("--posters", is_flag=True, help="Those given at posters instead: nobody was drawn for them.")
@in_english
def export(key: str, words: bool, posters: bool) -> None:
    """Print the answers of the programme KEY as CSV: a row for each completed or partial interview.

    Answers given at posters are never among them: --posters prints these alone, each marked as non-probability.
    """
    if posters:
        _export_posters(key, words)
        return
    with reading():
        header, rows = answer_table(_programme(key), EVERYTHING, words)
        numbers = count()
        numbered = (row for row, _ in zip(rows, numbers, strict=False))
        click.get_text_stream("stdout", encoding="utf-8").writelines(csv_pieces(header, numbered))
        waiting = sum(one.waiting + one.kept for one in anonymous.told_of(_programme(key)).values())
    click.echo(f"{next(numbers)} interviews", err=True)
    if waiting:
        click.echo(f"{waiting} anonymous answers wait for company and are not among them", err=True)


def _export_posters(key: str, words: bool) -> None:
    with reading():
        header, rows = poster_table(_programme(key), EVERYTHING, words)
        numbers = count()
        numbered = (row for row, _ in zip(rows, numbers, strict=False))
        click.get_text_stream("stdout", encoding="utf-8").writelines(csv_pieces(header, numbered))
    click.echo(f"{next(numbers)} interviews at posters: not a sample, who they speak for is unknown", err=True)


def _programme(key: str) -> Programme:
    programme = programme_by_key(key)
    if programme is None:
        raise click.UsageError(f"There is no programme {key}.")
    return programme


def _mapping(columns: Iterable[str]) -> dict[str, str]:
    pairs = [column.rpartition("=") for column in columns]
    if not all(name.strip() and question.strip() for name, _, question in pairs):
        raise click.UsageError('--column wants "COLUMN=QUESTION", for example "Satisfaction rating=satisfaction".')
    return {name.strip(): question.strip() for name, _, question in pairs}


def _show_progress(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows:,} rows", nl=False, err=True)


def _report(tally: Tally) -> None:
    click.echo(f"rows {tally.rows}")
    click.echo(f"  stored {tally.stored}")
    click.echo(f"  unchanged {tally.unchanged}")
    click.echo(f"  without an answer {tally.no_answer}")
    click.echo(f"  not drawn {tally.not_drawn}")
    click.echo(f"  rejected {tally.rejected}")
    for reject in tally.rejects[:10]:
        click.echo(f"line {reject.line}, {reject.fault.field}: {fault_words(reject.fault.code)}")
    if len(tally.rejects) > 10:
        click.echo(f"and {len(tally.rejects) - 10} more")


def rejected_rows(file: AnswerFile, rejects: list[Reject]) -> Iterable[str]:
    """The lines of a CSV with what was not taken: the file's own columns, then line, field and reason."""
    faults = ((each.line, each.cells, each.fault.field, fault_words(each.fault.code)) for each in rejects)
    return rejects_csv(file.table.columns, file.table.separator, faults)
