"""``flask contacts import``."""

import hashlib
import sys
from pathlib import Path
from typing import BinaryIO

import click
from flask_babel import gettext as _

from contacts import services
from contacts.cli.expecting import counts_told, expect_option, say_gaps
from contacts.cli.group import DONE_WITH_REJECTS, contacts, language_option, principal_named, principal_option, stop
from contacts.cli.mappings import fitting, map_option, mapping_of_columns, named_mapping, settings_option
from contacts.forms.source_words import left_out_words
from contacts.forms.wording import batch_words, file_words, problem_words
from contacts.mapping import BadMapping, Mapping
from contacts.models import ImportBatch, Principal
from contacts.opening import open_table
from contacts.queries import imports as queries
from contacts.reading import Table, UnreadableFile, read_table
from contacts.rejects import rejects_csv
from contacts.views.imports import note_rows
from foundation.database import db
from foundation.web.clock import utc_now
from foundation.web.filters import number
from foundation.web.i18n import speaking


@contacts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@map_option
@settings_option
@click.option("--sheet", default="", metavar="NAME", help="Sheet of a workbook; else the first that is not empty.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where to write refused rows (CSV).")
@expect_option
@principal_option
@language_option
def import_file(
    file: Path,
    map_name: str | None,
    settings: tuple[str, ...],
    sheet: str,
    rejects: Path | None,
    expect: Path | None,
    principal_key: str | None,
    language: str,
) -> None:
    """Import the contact log FILE (CSV, XLSX, ODS, or what a ready-made mapping
    reads, see “sources”).

    Without --map the saved mapping that was made on the same columns is used. Rows that are
    in already are not added again; the same file once more goes on where its import was cut
    off. Exit code: 0 every row is in, 3 some rows were refused, 2 nothing could be done.
    """
    with speaking(language), file.open("rb") as source:
        principal = principal_named(principal_key)
        try:
            mapping, table = _read(source, principal, map_name, settings, sheet)
            batch = _cut_off(source, principal, mapping) or _begun(file.name, source, principal, mapping, sheet)
        except UnreadableFile as refusal:
            stop(file_words(refusal))
        except BadMapping as bad:
            stop(*(problem_words(problem) for problem in bad.problems))
        if map_name is not None:
            services.save_mapping(principal.id, mapping, table.columns, utc_now())
        told = counts_told(principal, expect, mapping.source)
        _run(batch, source)
        say_gaps(principal, told)
        _finish(batch, rejects)


def _read(
    source: BinaryIO, principal: Principal, map_name: str | None, settings: tuple[str, ...], sheet: str
) -> tuple[Mapping, Table]:
    """The mapping that was asked for, or is known for such a file, and the rows it reads."""
    if map_name:
        mapping = named_mapping(map_name, principal, settings)
    else:
        mapping = mapping_of_columns(principal, read_table(source, sheet), settings)
    table = open_table(source, mapping, sheet)
    return fitting(mapping, table), table


def _cut_off(source: BinaryIO, principal: Principal, mapping: Mapping) -> ImportBatch | None:
    """The import of this file that was cut off, which goes on; its rows are said."""
    source.seek(0)
    digest = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    batch = queries.cut_off(principal.id, digest, mapping.as_json())
    if batch is not None:
        row = number(batch.read_rows + 1)
        click.echo(_("The import of this file was cut off: it goes on from row %(row)s.", row=row), err=True)
    return batch


def _begun(name: str, source: BinaryIO, principal: Principal, mapping: Mapping, sheet: str) -> ImportBatch:
    batch = services.receive_log(principal.id, name, source, utc_now(), sheet=sheet, mapping=mapping)
    services.start_import(batch, mapping)
    return batch


def _run(batch: ImportBatch, source: BinaryIO) -> None:
    """Import and commit piece by piece."""
    total, done, batch_id = batch.total_rows, batch.read_rows, batch.id
    batch.error = None
    db.session.commit()
    try:
        with click.progressbar(length=total, label=_("Rows"), file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            bar.update(done)
            for progress in services.import_log(batch_id, source, utc_now()):
                db.session.commit()
                bar.update(progress.read - done)
                done = progress.read
    except KeyboardInterrupt:
        db.session.rollback()
        services.note_import_failed(batch_id, "interrupted", utc_now())
        db.session.commit()
        stop(batch_words("interrupted"))


def _finish(batch: ImportBatch, rejects: Path | None) -> None:
    """Say what came of it, write the refused rows, and end with 3 if there are any."""
    click.echo(
        _(
            "%(read)s rows read: %(added)s added (%(late)s late), %(known)s already there, %(rejected)s refused."
            " %(warned)s kept with something left out.",
            read=batch.read_rows,
            added=batch.added,
            late=batch.late,
            known=batch.known,
            rejected=batch.rejected,
            warned=batch.warned,
        )
    )
    if batch.left_out:
        click.echo(left_out_words(batch.left_out))
    if rejects is not None:
        write_rejects(batch, rejects)
    if batch.rejected:
        sys.exit(DONE_WITH_REJECTS)


def write_rejects(batch: ImportBatch, path: Path) -> None:
    """Write the refused rows of ``batch`` as CSV, row by row."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.writelines(rejects_csv(batch.columns, batch.separator, note_rows(batch.id, "reject"), batch.id))
