"""``flask notifications status``: what the page shows first, in words or as JSON."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from foundation.accounts.scope import EVERYTHING
from foundation.database import reading
from foundation.web.clock import utc_now
from foundation.web.filters import moment, number, short_date
from foundation.web.i18n import LANGUAGES, speaking
from notifications import pages
from notifications.queries.controls import SenderState
from notifications.queries.watching import Overview, overview

SOMEBODY_MUST_ACT = 3
Line = tuple[Any, ...]


def _language() -> str:
    """The language of the terminal: French unless it says English."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if said.startswith("en") else "fr"


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the same figures as JSON.")
@click.option("--language", type=click.Choice(LANGUAGES), default=_language, help="Default: the terminal's, else fr.")
@with_appcontext
def status(as_json: bool, language: str) -> None:
    """Say what is due, what goes out, what is held back and why, and what did not arrive in 30 days.

    Exit status 3 when something will not mend itself: no worker, a sender that
    waits, a message that only a person can settle, an incoming one given to nobody.
    """
    with reading(), speaking(language):
        seen = overview(EVERYTHING, utc_now())
        click.echo(json.dumps(document(seen), default=_plain, indent=2) if as_json else "\n".join(_written(seen)))
    if seen.for_a_person:
        raise SystemExit(SOMEBODY_MUST_ACT)


def document(seen: Overview) -> dict[str, Any]:
    """Return the figures as plain values; moments are aware and in UTC."""
    summary = {"asked": seen.asked, "due": seen.due, "oldest": seen.oldest, "for_a_person": seen.for_a_person}
    return asdict(seen) | summary | {"troubles": {trouble.code: trouble.count for trouble in seen.troubles}}


def _plain(value: datetime | date) -> str:
    """Write a moment or day as ISO 8601 has it, a T between day and hour."""
    return value.isoformat()


def _written(seen: Overview) -> Iterator[str]:
    for code in seen.for_a_person:
        yield f"! {pages.FOR_A_PERSON[code]}"
    yield from _table(
        _("Due now"),
        [(pages.LANES[row.lane], pages.CHANNELS[row.channel], row.count, _moment(row.oldest)) for row in seen.backlog],
    )
    yield from _table(_("Going out now"), [_sender(row) for row in seen.busy])
    yield from _table(
        _("Held back until its moment"), [(pages.HELD[row.why], row.count, _moment(row.soonest)) for row in seen.held]
    )
    since = short_date(seen.first_day)
    yield from _table(
        _("What became of the %(count)s messages asked for since %(day)s", count=number(seen.asked), day=since),
        [(pages.STATES[state], *_by_channel(counts)) for state, counts in seen.states.items()],
    )
    yield from _table(
        _("Why some of these %(count)s did not arrive", count=number(seen.asked)),
        [(pages.STATES[row.state], pages.reason(row.code) if row.code else "", row.count) for row in seen.reasons],
    )
    yield from _table(_("What does the work"), _machinery(seen))


def _sender(row: SenderState) -> Line:
    allowed = _("no limit") if row.allowed is None else number(row.allowed, 2)
    name = row.sender or _("the account’s own sender")
    at_most = _("allowed in a second: %(rate)s", rate=allowed)
    return pages.CHANNELS[row.channel], name, _sent(row), at_most, _standing(row)


def _sent(row: SenderState) -> str:
    minute, hour = number(row.rate.minute_messages), number(row.rate.hour_messages)
    if row.channel != "sms":
        return _("last minute: %(minute)s, last hour: %(hour)s", minute=minute, hour=hour)
    return _(
        "last minute: %(minute)s (%(minute_parts)s parts), last hour: %(hour)s (%(hour_parts)s parts)",
        minute=minute, minute_parts=number(row.rate.minute_parts),
        hour=hour, hour_parts=number(row.rate.hour_parts),
    )  # fmt: skip


def _standing(row: SenderState) -> str:
    if not row.waits:
        return _("sends")
    if row.by_hand:
        return _("waits, by hand: %(why)s", why=row.pause_note)
    return _("waits until %(until)s: %(why)s", until=_moment(row.paused_until), why=pages.reason(row.pause_code))


def _by_channel(counts: dict[str, int]) -> list[str]:
    return [f"{pages.CHANNELS[channel]} {number(count)}" for channel, count in sorted(counts.items(), reverse=True)]


def _machinery(seen: Overview) -> list[Line]:
    health = seen.health
    return [
        (_("Worker"), _("in operation") if health.lives else _("not running"), _moment(health.heard_at)),
        (_("Engine"), health.engine),
        (_("Last sweep"), _moment(health.swept_at)),
        (_("In doubt, being looked up"), seen.in_doubt["in_doubt"]),
        (_("In doubt, for a person"), seen.in_doubt["needs_human"]),
        (_("Came in, given to no one yet"), health.unrouted),
        (_("Came in, for a person to read"), seen.inbox),
        (_("Jobs that failed"), health.jobs_failed),
    ]


def _moment(at: Any) -> str:
    return "–" if at is None else moment(at)


def _table(title: str, lines: Sequence[Line]) -> Iterator[str]:
    """A heading and its lines, each column as wide as its longest cell."""
    yield ""
    yield title
    cells = [[number(cell) if isinstance(cell, int) else str(cell) for cell in line] for line in lines]
    widths = [
        max(len(line[column]) for line in cells if column < len(line))
        for column in range(max(map(len, cells), default=0))
    ]
    for line in cells:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False)).rstrip()
    if not cells:
        yield "  –"
