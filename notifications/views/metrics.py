"""The state of the messages for a machine that watches, in the format of Prometheus.

Everything is read from the database at the moment of asking, so that all processes say the same.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from foundation.accounts.scope import EVERYTHING
from foundation.jobs.queries import job_counts
from foundation.web.access import public
from foundation.web.clock import utc_now
from notifications.listing import DEFAULT_SENDER
from notifications.queries.health import refused_webhooks
from notifications.queries.watching import Overview, overview

metrics = Blueprint("metrics", __name__)
_FORWARDED = ("X-Forwarded-For", "Forwarded")


@metrics.get("/metrics")
@public("it lets in this machine itself and whoever holds the token of the settings, and shows figures only")
def values() -> Response:
    """Give every figure of the page, as gauges."""
    if not (_has_token() or _is_local()):
        abort(403)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(overview(EVERYTHING, utc_now())))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _has_token() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _is_local() -> bool:
    """Whether the call comes from this machine, and not through a proxy on it that speaks for somebody else."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


class _Figures(Collector):
    def __init__(self, seen: Overview) -> None:
        self.seen = seen

    def collect(self) -> Iterator[Metric]:
        yield from self._messages()
        yield from self._senders()
        yield from self._machinery()

    def _messages(self) -> Iterator[Metric]:
        seen, lane = self.seen, ["lane", "channel"]
        yield _gauge("messages_due", "Messages that may go out now and have not.", lane, [
            ((row.lane, row.channel), row.count) for row in seen.backlog
        ])  # fmt: skip
        yield _gauge("messages_oldest_due_seconds", "How long the oldest of them has been due.", lane, [
            ((row.lane, row.channel), _age(row.oldest, seen.at)) for row in seen.backlog
        ])  # fmt: skip
        yield _gauge("messages_held", "Messages held back until their moment.", ["why"], [
            ((row.why,), row.count) for row in seen.held
        ])  # fmt: skip
        yield _gauge("messages_in_doubt", "Messages that may or may not have gone out.", ["state"], [
            ((state,), count) for state, count in seen.in_doubt.items()
        ])  # fmt: skip
        yield _gauge("messages_30_days", "Messages asked for in the last 30 days, by state.", ["state", "channel"], [
            ((state, channel), count) for state, counts in seen.states.items() for channel, count in counts.items()
        ])  # fmt: skip

    def _senders(self) -> Iterator[Metric]:
        rows = [((row.channel, row.sender or DEFAULT_SENDER), row) for row in self.seen.senders]
        labels = ["channel", "sender"]
        yield _gauge("sent_last_hour_messages", "Messages handed over in the last hour.", labels, [
            (name, row.rate.hour_messages) for name, row in rows
        ])  # fmt: skip
        yield _gauge("sent_last_hour_parts", "The same in parts.", labels, [
            (name, row.rate.hour_parts) for name, row in rows
        ])  # fmt: skip
        yield _gauge("sender_paused", "1 while the sender waits.", labels, [(name, row.waits) for name, row in rows])

    def _machinery(self) -> Iterator[Metric]:
        seen = self.seen
        yield _gauge("worker_up", "1 while a worker is heard.", [], [((), seen.health.lives)])
        waiting = _age(seen.health.waiting_since, seen.at) if seen.health.waiting_since else 0.0
        yield _gauge(
            "jobs_oldest_due_seconds", "How long the oldest job that could run has waited.", [], [((), waiting)]
        )
        yield _gauge("jobs", "Jobs by state.", ["state"], [((state,), count) for state, count in job_counts().items()])
        yield _gauge("round_failing", "1 when what happens by itself last ended with an error.", ["round"], [
            ((row.name,), bool(row.error)) for row in seen.health.rounds
        ])  # fmt: skip
        yield _gauge("round_last_start_timestamp_seconds", "When it last began; noted once a minute.", ["round"], [
            ((row.name,), row.started_at.timestamp()) for row in seen.health.rounds
        ])  # fmt: skip
        yield _gauge("trouble", "What keeps messages from going out or coming in, counted.", ["code"], [
            ((trouble.code,), trouble.count) for trouble in seen.troubles
        ])  # fmt: skip
        yield _gauge("inbound_unrouted", "Incoming messages given to no one yet.", [], [((), seen.health.unrouted)])
        yield _gauge("inbound_to_read", "Incoming messages for a person.", [], [((), seen.inbox)])
        refused = CounterMetricFamily("satisfecit_webhooks_refused", "Webhooks turned away.", labels=["path"])
        for path, count in refused_webhooks().items():
            refused.add_metric([path], count)
        yield refused


def _gauge(name: str, about: str, labels: list[str], samples: list[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(f"satisfecit_{name}", about, labels=labels)
    for values, value in samples:
        family.add_metric(values, float(value))
    return family


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
