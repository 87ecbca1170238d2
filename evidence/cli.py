"""``flask evidence``: the binder on the command line."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from evidence import queries, services
from evidence.subjects import BinderInconsistent, EvidenceRefused
from foundation.database import db, reading
from foundation.ledger.services import seal_round
from foundation.web.clock import utc_now

evidence = AppGroup("evidence", help="What the auditor takes away.")
DAY = click.DateTime(["%Y-%m-%d"])
REFUSALS = {
    "bad-period": "The last day comes before the first.",
    "unknown-principal": "There is no principal {principal}.",
    "unknown-survey": "This principal has no programme {survey}.",
}


@evidence.command("build")
@click.option("--principal", "principal_key", metavar="KEY", required=True)
@click.option("--from", "first_day", type=DAY, required=True, help="First day, included.")
@click.option("--to", "last_day", type=DAY, required=True, help="Last day, included.")
@click.option("--survey", "survey_key", metavar="KEY", help="A programme; without it, all of them.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE.zip")
def build(principal_key: str, first_day: datetime, last_day: datetime, survey_key: str | None, out: Path) -> None:
    """Write one ZIP with figures, frame, draw, answers, registers, ledger extract and verify.py.

    It holds answers line by line: keep it to auditors and to those in charge of quality.
    """
    now = utc_now()
    seal_round(now)
    db.session.commit()
    try:
        with (
            reading(),
            click.progressbar(length=services.STEPS, label="Building", file=click.get_text_stream("stderr")) as bar,
        ):
            services.one_snapshot()
            about = queries.subject(principal_key, first_day.date(), last_day.date(), survey_key)
            built = services.compose(about, now, lambda done, _total: bar.update(done - bar.pos))
    except EvidenceRefused as refusal:
        raise click.UsageError(REFUSALS[refusal.code].format(**refusal.facts)) from refusal
    except BinderInconsistent as error:
        raise click.ClickException("The figures do not follow from the data: " + "; ".join(error.faults)) from error
    try:
        out.write_bytes(built.content)
    except OSError as error:
        raise click.UsageError(f"{out}: {error.strerror}") from error
    services.note_export(about, built.sha256, now, None, "command")
    db.session.commit()
    click.echo(f"{out}: {len(built.content)} bytes, SHA-256 {built.sha256}")
