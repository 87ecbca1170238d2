"""Everything an operator looks at first, read once for the page, the command and the metrics."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from foundation.accounts.scope import Scope
from notifications.listing import DAYS
from notifications.queries import controls, figures, inbox
from notifications.queries.health import Health, health
from notifications.queries.troubles import Trouble, troubles


@dataclass(frozen=True)
class Overview:
    """The state of the messages that somebody may see, as of ``at``.

    ``states`` and ``reasons`` are about what was asked for since ``first_day``;
    everything else is about now.
    """

    at: datetime
    first_day: date
    backlog: list[figures.Waiting]
    held: list[figures.Held]
    senders: list[controls.SenderState]
    states: dict[str, dict[str, int]]
    reasons: list[figures.Ended]
    in_doubt: dict[str, int]
    inbox: int
    health: Health
    troubles: list[Trouble]

    @property
    def asked(self) -> int:
        """How many messages ``states`` is about."""
        return sum(sum(counts.values()) for counts in self.states.values())

    @property
    def due(self) -> int:
        return sum(waiting.count for waiting in self.backlog)

    @property
    def busy(self) -> list[controls.SenderState]:
        """The senders that sent in the last hour or wait; a house may have hundreds."""
        return [sender for sender in self.senders if sender.waits or sender.rate.hour_messages]

    @property
    def oldest(self) -> datetime | None:
        """Since when the longest-waiting message that may go out has been waiting."""
        return min((waiting.oldest for waiting in self.backlog), default=None)

    @property
    def for_a_person(self) -> list[str]:
        """Codes of what will not mend itself."""
        found = {
            "stuck": any(trouble.code == "waiting" for trouble in self.troubles),
            "no-worker": not self.health.lives,
            "round-failed": bool(self.health.failing),
            "sender-paused": any(sender.waits for sender in self.senders),
            "in-doubt": bool(self.in_doubt["needs_human"]),
            "unrouted": bool(self.health.unrouted),
            "to-read": bool(self.inbox),
        }
        return [code for code, holds in found.items() if holds]


def overview(scope: Scope, now: datetime) -> Overview:
    """Return the state of the messages ``scope`` may see."""
    first_day = now.astimezone(ZoneInfo(current_app.config["TIMEZONE"])).date() - timedelta(days=DAYS)
    return Overview(
        at=now,
        first_day=first_day,
        backlog=figures.backlog(scope, now),
        held=figures.held_back(scope, now),
        senders=controls.senders(scope, now),
        states=figures.counts_by_state(scope, first_day),
        reasons=figures.reasons(scope, first_day),
        in_doubt=figures.in_doubt(scope),
        inbox=inbox.open_count(scope),
        health=health(now),
        troubles=troubles(now),
    )
