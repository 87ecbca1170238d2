"""``flask notifications``: the outbox at a glance."""

import json

import click
from flask.cli import AppGroup

from foundation.accounts.scope import EVERYTHING
from foundation.database import reading
from foundation.web.clock import utc_now
from notifications.queries import inbox, outbox
from notifications.queries.troubles import troubles
from notifications.states import STATES

notifications = AppGroup("notifications", help="Messages to people: what waits, what went out, what did not.")


@notifications.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the same figures as JSON.")
def status(as_json: bool) -> None:
    """Say how many messages are in each state, what waits and why, and what did not arrive in 30 days."""
    with reading():
        figures = _figures()
    if as_json:
        click.echo(json.dumps(figures, default=str, indent=2))
        return
    for name, value in figures.items():
        click.echo(f"{name}: {value}" if not isinstance(value, dict) else f"{name}:")
        for key, count in value.items() if isinstance(value, dict) else ():
            click.echo(f"  {key}: {count}")


def _figures() -> dict[str, object]:
    now = utc_now()
    counts = outbox.counts_by_state(EVERYTHING)
    backlog = outbox.backlog(EVERYTHING, now)
    failed = {f"{state} {code or ''}".strip(): count for state, code, count in outbox.reasons(EVERYTHING, now)}
    return {
        "states": {state: sum(counts[state].values()) for state in STATES if state in counts},
        "backlog": backlog.count,
        "oldest": backlog.oldest.isoformat() if backlog.oldest else None,
        "held": {why or "other": count for why, count, _soonest in outbox.held_back(EVERYTHING, now)},
        "paused": {
            f"{pause.channel} {pause.sender}".strip(): f"{pause.pause_code} until {pause.paused_until.isoformat()}"
            for pause in outbox.pauses(now)
        },
        "failed": failed,
        "inbox": inbox.open_count(EVERYTHING),
        "troubles": {trouble.code: trouble.count for trouble in troubles(now)},
    }
