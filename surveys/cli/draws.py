"""``flask surveys draw`` and ``flask surveys verify-draw``."""

import sys
from datetime import datetime
from itertools import groupby
from pathlib import Path

import click

from foundation.database import db, reading
from foundation.web.clock import utc_now
from surveys import continuous_verification
from surveys.cli.group import surveys
from surveys.cli.wording import in_english, usage_error
from surveys.models import Draw, Programme
from surveys.pages import reason_words, refusal_words, stratum_words
from surveys.queries.continuous import kept_continuous_draw
from surveys.queries.draw_files import draw_files
from surveys.queries.draws import draw_ladder, kept_draw, site_names
from surveys.queries.programmes import programme_by_key
from surveys.refusals import SurveyRefused
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.services.seeds import mix_value
from surveys.verification import Difference, difference_words, differences

#: Of each kind of difference, so many are named.
MOST_NAMED = 20
DAY = click.DateTime(["%Y-%m-%d"])


@surveys.command("draw")
@click.argument("key")
@click.option("--from", "first_day", required=True, type=DAY, help="First day of the closed period, YYYY-MM-DD.")
@click.option("--to", "last_day", required=True, type=DAY, help="Last day, inclusive.")
@click.option("--size", type=click.IntRange(min=1), help="How many to draw; the programme's own number by default.")
@in_english
def draw(key: str, first_day: datetime, last_day: datetime, size: int | None) -> None:
    """Draw the sample of the programme KEY from a closed period.

    The seed is the one committed for these days; without one it is committed now, and the draw is marked late.
    """
    programme = programme_by_key(key)
    if programme is None:
        raise click.UsageError(f"There is no programme {key}.")
    draw_id = _requested(programme, first_day, last_day, size)
    _carry_out(draw_id)
    found = db.session.get_one(Draw, draw_id, populate_existing=True)
    if found.refusal:
        raise click.UsageError(refusal_words(found.refusal["code"], found.refusal["facts"]))
    _report(found)


def _requested(programme: Programme, first_day: datetime, last_day: datetime, size: int | None) -> int:
    try:
        asked = request_draw(programme, first_day.date(), last_day.date(), size, utc_now())
    except SurveyRefused as refusal:
        if refusal.code == "already-requested":  # somebody was interrupted: finish it
            return int(str(refusal.facts["draw_id"]))
        raise usage_error(refusal) from refusal
    db.session.commit()
    return asked.id


def _carry_out(draw_id: int) -> None:
    """Carry out the draw, showing how far it is where somebody is looking."""
    try:
        for _piece in carry_out(draw_id, utc_now()):
            db.session.commit()
            _show_progress(db.session.get_one(Draw, draw_id))
    except SurveyRefused as refusal:
        raise usage_error(refusal) from refusal


def _show_progress(found: Draw) -> None:
    if sys.stderr.isatty() and found.population:
        click.echo(f"\r{found.progress:,} of {found.population:,} contacts", nl=found.state == "drawn", err=True)


def _report(found: Draw) -> None:
    with reading():
        rungs, sites = draw_ladder(found).overall, site_names()
    click.echo(f"Draw {found.id}{' (seed committed late)' if found.late else ''}")
    click.echo(f"population {rungs.population}")
    for label, reasons in (("ineligible", rungs.ineligible), ("suppressed", rungs.suppressed)):
        for reason, count in sorted(reasons.items()):
            click.echo(f"  {label} {count}: {reason_words(reason)}")
    click.echo(f"eligible {rungs.eligible}")
    click.echo(f"drawn {rungs.drawn}")
    for stratum in found.strata:
        name = stratum_words(found.allocation["strata"], stratum.field_values, sites)
        click.echo(f"  {stratum.drawn} of {stratum.eligible}: {name}")
    click.echo(f"frame hash {found.frame_hash}")


@surveys.command("mix-seed")
@click.argument("key")
@click.option("--from", "first_day", required=True, type=DAY, help="First day of the closed period, YYYY-MM-DD.")
@click.option("--to", "last_day", required=True, type=DAY, help="Last day, inclusive.")
@click.option("--value", required=True, help="What the auditor gives; 6 characters or more.")
@in_english
def mix_seed(key: str, first_day: datetime, last_day: datetime, value: str) -> None:
    """Keep the value that an auditor gives for the programme KEY, to be mixed with the seed of a closed period."""
    programme = programme_by_key(key)
    if programme is None:
        raise click.UsageError(f"There is no programme {key}.")
    try:
        kept = mix_value(programme, first_day.date(), last_day.date(), value, utc_now())
    except SurveyRefused as refusal:
        raise usage_error(refusal) from refusal
    db.session.commit()
    click.echo(f"Kept: the draw will follow from the seed committed as {kept.commitment} and this value.")


@surveys.command("export-draw")
@click.argument("draw_id", type=int, metavar="ID")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def export_draw(draw_id: int, folder: Path) -> None:
    """Write into DIR what a stranger needs to draw the draw ID again, with the script that does it."""
    with reading():
        found = _drawn(draw_id)
        files = draw_files(found)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    click.echo(f"{len(files)} files in {folder}. Try: python3 {folder / 'verify.py'}")


def _drawn(draw_id: int) -> Draw:
    found = db.session.get(Draw, draw_id)
    if found is None or found.state != "drawn":
        raise click.UsageError(f"There is no finished draw {draw_id}.")
    return found


@surveys.command("verify-draw")
@click.argument("draw_id", type=int, metavar="ID")
def verify_draw(draw_id: int) -> None:
    """Draw again from the stored frame and the revealed seed; say what differs (exit 3) or that nothing does."""
    with reading():
        taken, all_, names, different = _again(_drawn(draw_id))
    if not different:
        click.echo(f"Identical: {taken} of {all_} contacts, drawn again from the revealed seed.")
        return
    for code, some in groupby(different, key=lambda one: one.code):
        of_kind = list(some)
        for difference in of_kind[:MOST_NAMED]:
            click.echo(difference_words(difference, names))
        if len(of_kind) > MOST_NAMED:
            click.echo(f"{code}: {len(of_kind) - MOST_NAMED} more")
    sys.exit(3)


def _again(found: Draw) -> tuple[int, int, dict[str, str], list[Difference]]:
    """How many were drawn, of how many, the stratum of each contact, and what a second draw finds otherwise."""
    if found.kind == "continuous":
        lines = kept_continuous_draw(found)
        strata = {line.public_id: line.stratum for line in lines.own}
        return len(lines.taken), len(lines.own), strata, continuous_verification.differences(lines)
    kept = kept_draw(found)
    strata = {one.public_id: one.stratum for one in kept.entries}
    return len(kept.drawn), len(kept.entries), strata, differences(kept)
