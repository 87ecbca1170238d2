"""``flask notifications log``: the send log as a file, with the statement of what its lines add up to."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from foundation.accounts.scope import EVERYTHING
from foundation.database import db, reading
from foundation.ledger import services as ledger
from foundation.web.clock import utc_now
from notifications.queries import send_log
from notifications.send_log import Statement, csv_lines

DAY = click.DateTime(["%Y-%m-%d"])
DOES_NOT_HOLD = 3


@click.command("log")
@click.option("--from", "first_day", type=DAY, required=True, help="First day, included.")
@click.option("--to", "last_day", type=DAY, required=True, help="Last day, included.")
@click.option("--principal", "principal_key", metavar="KEY", help="One principal; without it, all messages.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE.csv")
@with_appcontext
def log(first_day: datetime, last_day: datetime, principal_key: str | None, out: Path) -> None:
    """Write one line for each message asked for on the days, and FILE.totals.json with what they add up to.

    No text and no address: keyed hashes and masks. Exit status 3 when a message was
    sent twice or outside its hours. That the log was taken is noted in the ledger.
    """
    days = (first_day.date(), last_day.date())
    if days[0] > days[1]:
        raise click.UsageError("The last day comes before the first.")
    principals = {row_id: key for row_id, key, _name in current_app.extensions["principals"](EVERYTHING)}
    principal_id = _principal(principal_key, principals)
    statement, digest = Statement(), hashlib.sha256()
    with reading():
        lines = send_log.lines(EVERYTHING, *days, principal_id, principals=principals, statement=statement)
        _write(out, csv_lines(lines), digest)
    facts = _about(days, principal_key) | statement.document() | {"file": out.name, "sha256": digest.hexdigest()}
    totals = out.with_suffix(".totals.json")
    _write(totals, [json.dumps(facts, indent=1).encode() + b"\n"], hashlib.sha256())
    _note(facts, principal_id)
    click.echo(f"{out}: {facts['messages']} messages, SHA-256 {facts['sha256']}; {totals}")
    if not statement.holds:
        click.echo("A message was sent twice or outside its hours: see the totals.", err=True)
        raise SystemExit(DOES_NOT_HOLD)


def _principal(key: str | None, principals: dict[int, str]) -> int | None:
    if key is None:
        return None
    found = [principal_id for principal_id, known in principals.items() if known == key]
    if not found:
        raise click.UsageError(f"There is no principal {key}.")
    return found[0]


def _about(days: tuple[date, date], principal_key: str | None) -> dict[str, object]:
    return {"from": days[0].isoformat(), "to": days[1].isoformat(), "principal": principal_key}


def _write(path: Path, pieces: Iterable[bytes], digest: "hashlib._Hash") -> None:
    try:
        with path.open("wb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}") from error


def _note(facts: dict[str, object], principal_id: int | None) -> None:
    now = utc_now()
    ledger.record("notifications.log-taken", "notifications:log", facts, now, principal_id=principal_id)
    ledger.log_access("notifications:log", now, None, how="command")
    db.session.commit()
