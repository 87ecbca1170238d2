"""What a source says it had, given with its import: ``flask contacts import --expect``."""

from pathlib import Path

import click
from flask_babel import gettext as _
from flask_babel import ngettext

from contacts import services
from contacts.cli.group import stop
from contacts.forms.wording import fault_words, field_words, file_words
from contacts.gaps import Cell
from contacts.lists import MissingColumns
from contacts.models import Principal
from contacts.queries.parties import sites
from contacts.queries.reconciliation import unexplained
from contacts.reading import UnreadableFile
from foundation.database import db
from foundation.web.clock import utc_now

expect_option = click.option(
    "--expect",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="COUNTS",
    help="What the source says it had: a file with the columns site, channel, day, contacts.",
)


def counts_told(principal: Principal, expect: Path | None, source: str) -> list[Cell]:
    """Keep what the file says of this source, and return the cells it is about; stops where a row cannot be read."""
    if expect is None:
        return []
    try:
        taken = services.import_counts(principal.id, expect.read_bytes(), sites(), source, utc_now())
    except UnreadableFile as refusal:
        stop(file_words(refusal))
    except MissingColumns as missing:
        names = ", ".join(field_words(name) for name in missing.names)
        stop(_("The file has no column for: %(names)s.", names=names))
    if taken.rejects:
        db.session.rollback()
        stop(*(_line(reject.line, reject.faults) for reject in taken.rejects))
    db.session.commit()
    return taken.cells


def _line(line: int, faults: list) -> str:  # type: ignore[type-arg]
    words = " ".join(f"{field_words(fault.field)}: {fault_words((fault.field, fault.code))}" for fault in faults)
    return _("Line %(line)s: %(words)s", line=line, words=words)


def say_gaps(principal: Principal, cells: list[Cell]) -> None:
    """Say how many of these cells were counted otherwise than the source says."""
    if not cells:
        return
    days = [cell.day for cell in cells]
    waiting = [gap for gap in unexplained(principal.id, min(days), max(days), utc_now()) if gap.cell in cells]
    if not waiting:
        click.echo(_("As many contacts were counted as the source says."))
        return
    click.echo(
        ngettext(
            "%(num)s gap to what the sources say is not explained.",
            "%(num)s gaps to what the sources say are not explained.",
            len(waiting),
        )
    )
