"""``flask contacts watch``."""

import click
from flask_babel import gettext as _

from contacts import services
from contacts.cli.group import contacts, language_option, principal_named, principal_option, stop
from contacts.cli.mappings import map_option, named_mapping, settings_option
from contacts.engines import written_beside
from contacts.forms.watching import folder_words, watched_line
from contacts.forms.wording import problem_words
from contacts.mapping import BadMapping
from contacts.queries.imports import saved_mapping
from contacts.queries.watching import watched_folders
from contacts.watching import DAYS, HOUR
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.web.clock import utc_now
from foundation.web.i18n import speaking


@contacts.command("watch")
@click.argument("folder", required=False)
@map_option
@settings_option
@click.option("--sheet", default="", metavar="NAME", help="Sheet of its workbooks; else the first that is not empty.")
@click.option("--expect", "hour", default="", metavar="HH:MM", help="When each day's file must be there (local time).")
@click.option("--days", default="1234567", show_default=True, help="The days it must come: 1 is Monday, 7 Sunday.")
@click.option("--stop", "is_stopped", is_flag=True, help="Watch FOLDER no more.")
@principal_option
@language_option
def watch(
    folder: str | None,
    map_name: str | None,
    settings: tuple[str, ...],
    sheet: str,
    hour: str,
    days: str,
    is_stopped: bool,
    principal_key: str | None,
    language: str,
) -> None:
    """Watch FOLDER, below SATISFECIT_WATCH_DIR, for logs; without FOLDER, look now and take what is whole.

    The worker looks every ten seconds. A file that has kept its size for twenty is imported by the mapping of its
    folder, and moved to “done” or “failed” beside it, with its refused rows. Exit code: 0 done, 2 wrong use.
    """
    with speaking(language):
        if folder is None:
            _look()
        elif is_stopped:
            _stop(folder)
        else:
            _watch(folder, map_name, settings, sheet, (hour, days), principal_key)
        db.session.commit()
        for line in map(watched_line, watched_folders(EVERYTHING, utc_now())):
            click.echo(line)


def _stop(folder: str) -> None:
    try:
        if not services.stop_watching(folder):
            stop(_("The folder %(folder)s is not watched.", folder=folder))
    except services.FolderRefused as refusal:
        stop(folder_words(refusal))


def _look() -> None:
    """What the worker does by itself, once and at once."""
    ready = services.look(utc_now())
    db.session.commit()
    for file_id in ready:
        for _progress in services.take_file(file_id, utc_now(), written_beside):
            db.session.commit()


def _watch(
    folder: str,
    map_name: str | None,
    settings: tuple[str, ...],
    sheet: str,
    expected: tuple[str, str],
    principal_key: str | None,
) -> None:
    hour, days = expected
    if map_name is None:
        raise click.UsageError("Say with --map how the files of the folder are read.")
    if (hour and not HOUR.fullmatch(hour)) or not DAYS.fullmatch(days):
        raise click.UsageError("--expect is a time of day such as 06:00, --days some of 1234567.")
    principal = principal_named(principal_key)
    try:
        mapping = named_mapping(map_name, principal, settings)
        saved = saved_mapping(principal.id, mapping.source)
        services.save_mapping(principal.id, mapping, saved.columns if saved else [], utc_now())
        services.watch_folder(principal.id, folder, mapping.source, utc_now(), sheet=sheet, expected=expected)
    except BadMapping as bad:
        stop(*(problem_words(problem) for problem in bad.problems))
    except services.FolderRefused as refusal:
        stop(folder_words(refusal))
