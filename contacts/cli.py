"""``flask contacts``: logs and periods, from the command line."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from contacts import services
from contacts.forms.source_words import left_out_words, setting_line
from contacts.forms.wording import batch_words, closed_words, file_words, period_words, problem_words
from contacts.frames import BadPeriod, days_of
from contacts.mapping import BadMapping, Mapping, from_json, problems
from contacts.models import ImportBatch, Principal
from contacts.opening import open_table
from contacts.queries import imports as queries
from contacts.queries.parties import principal_by_key, principals
from contacts.reading import Table, UnreadableFile, read_table
from contacts.rejects import rejects_csv
from contacts.services import PeriodRefused
from contacts.sources.registry import SOURCES, told
from contacts.views.imports import note_rows
from contacts.views.mappings import sample
from foundation.database import db
from foundation.web.clock import utc_now
from foundation.web.i18n import speaking

WRONG_USE, DONE_WITH_REJECTS = 2, 3

contacts = AppGroup("contacts", help="The contact log and its periods.")
principal_option = click.option(
    "--principal", "principal_key", metavar="KEY", help="Key of the principal; not needed when there is only one."
)
language_option = click.option(
    "--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Language of the messages."
)


@contacts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "map_name", metavar="FILE|NAME", help="A mapping file (JSON), a saved or a ready-made mapping.")
@click.option(
    "--set", "given", metavar="NAME=VALUE", multiple=True, help="A setting of a ready-made mapping; may be repeated."
)
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where to write refused rows (CSV).")
@principal_option
@language_option
def import_file(
    file: Path,
    map_name: str | None,
    given: tuple[str, ...],
    rejects: Path | None,
    principal_key: str | None,
    language: str,
) -> None:
    """Import the contact log FILE (CSV), or a file that a ready-made mapping reads (see “sources”).

    Without --map the saved mapping that was made on the same columns is used. Rows that are
    in already are not added again. Exit code: 0 every row is in, 3 some rows were refused,
    2 nothing could be done.
    """
    with speaking(language):
        principal = _principal(principal_key)
        content = file.read_bytes()
        batch_id = _begun(file, content, principal, map_name, _settings(given))
        _run(batch_id, content)
        _finish(db.session.get_one(ImportBatch, batch_id), rejects)


@contacts.command("sources")
@language_option
def sources(language: str) -> None:
    """List the ready-made mappings, each with what it must and may be told."""
    with speaking(language):
        for ready in SOURCES.values():
            click.echo(f"{ready.name}  {ready.title}")
            for setting in ready.settings:
                click.echo(f"    {setting_line(setting)}")


@contacts.command("close")
@click.argument("period")
@principal_option
@language_option
def close(period: str, principal_key: str | None, language: str) -> None:
    """Close PERIOD: its population is fixed.

    PERIOD is YYYY-MM, or FROM/TO with both days inclusive, in the zone of the principal.
    """
    with speaking(language):
        principal = _principal(principal_key)
        try:
            closed = services.close_period(principal.id, *days_of(period), utc_now())
        except (BadPeriod, PeriodRefused) as refusal:
            _stop(period_words(refusal))
        db.session.commit()
        click.echo(closed_words(closed))
        click.echo(f"SHA-256 {closed.frame_hash}")


def _stop(*lines: str) -> NoReturn:
    """Say what is wrong and end with the code for wrong use."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(WRONG_USE)


def _principal(key: str | None) -> Principal:
    known = principals()
    found = principal_by_key(key) if key else known[0] if len(known) == 1 else None
    if found is None:
        keys = ", ".join(principal.key for principal in known) or "none"
        raise click.UsageError(f"Name the principal with --principal KEY. Principals: {keys}.")
    return found


def _settings(given: tuple[str, ...]) -> dict[str, str]:
    """What was said by --set."""
    wrong = next((pair for pair in given if "=" not in pair), None)
    if wrong is not None:
        raise click.UsageError(f"--set takes NAME=VALUE, not {wrong}.")
    return {name.strip(): value for name, _sign, value in (pair.partition("=") for pair in given)}


def _begun(file: Path, content: bytes, principal: Principal, map_name: str | None, settings: dict[str, str]) -> int:
    """The batch, committed, ready to run."""
    try:
        wanted = told(_named(map_name, principal, settings), settings) if map_name else None
        mapping = wanted or told(_saved(principal, read_table(content)), settings)
        table = open_table(content, mapping)
        if found := problems(mapping, table.columns, sample(table)):
            raise BadMapping(found)
        batch = services.receive_log(principal.id, file.name, content, utc_now(), keep=False, mapping=mapping)
    except UnreadableFile as refusal:
        _stop(file_words(refusal))
    except BadMapping as bad:
        _stop(*(problem_words(problem) for problem in bad.problems))
    services.start_import(batch, mapping)
    if map_name is not None:
        services.save_mapping(principal.id, mapping, table.columns, utc_now())
    db.session.commit()
    return batch.id


def _named(name: str, principal: Principal, settings: dict[str, str]) -> Mapping:
    """The mapping saved under that name, else the ready-made one, else the one in that file."""
    saved = queries.saved_mapping(principal.id, name)
    if saved is not None:
        return from_json(saved.definition)
    if name in SOURCES:
        return SOURCES[name].mapping(settings)
    if not Path(name).is_file():
        raise click.UsageError(f"There is no file and no saved mapping called {name}.")
    try:
        return from_json(json.loads(Path(name).read_text(encoding="utf-8-sig")))
    except ValueError as error:
        raise click.UsageError(f"{name} is not JSON: {error}") from error


def _saved(principal: Principal, table: Table) -> Mapping:
    saved = queries.mapping_for(principal.id, table.columns)
    if saved is None:
        raise click.UsageError("No mapping is saved for such columns: give one with --map FILE.")
    return from_json(saved.definition)


def _run(batch_id: int, content: bytes) -> None:
    """Import and commit piece by piece."""
    total = db.session.get_one(ImportBatch, batch_id).total_rows
    db.session.commit()
    done = 0
    try:
        with click.progressbar(length=total, label=_("Rows"), file=sys.stderr) as bar:
            for progress in services.import_log(batch_id, content, utc_now()):
                db.session.commit()
                bar.update(progress.read - done)
                done = progress.read
    except KeyboardInterrupt:
        db.session.rollback()
        services.note_import_failed(batch_id, "interrupted", utc_now())
        db.session.commit()
        _stop(batch_words("interrupted"))


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
        lines = rejects_csv(batch.columns, batch.separator, note_rows(batch.id, "reject"))
        rejects.write_text("".join(lines), encoding="utf-8-sig", newline="")
    if batch.rejected:
        sys.exit(DONE_WITH_REJECTS)
