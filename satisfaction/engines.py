"""Work of the figures behind the page."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from flask import current_app
from flask_babel import ngettext

from foundation.database import db
from foundation.web.clock import utc_now
from foundation.web.i18n import in_each_language
from notifications.alerting import COUNTS_OFF
from notifications.services.alerts import NewAlert, end_alerts, raise_alerts
from satisfaction.queries.regular_mails import due_mails
from satisfaction.services import (
    agents,
    counting_weeks,
    emergencies,
    explaining,
    looking,
    regular_mails,
    repeating,
    rolling_up,
)
from surveys.signals import answers_let_go

log = structlog.get_logger()
#: Cells named in the log when they differ; the command tells all of them.
NAMED = 10


class CellsDiffer(RuntimeError):
    """The cells are not what a recount says: told on the page of operation until the next check finds them right."""

    code = "cells-differ"


def subscribe() -> None:
    """Count what is let go when it is let go; connecting twice does nothing."""
    answers_let_go.connect(on_let_go)


def on_let_go(draw_id: int, *, stratum: str | None, said: Sequence[Any], sign: int) -> None:
    rolling_up.count_let_go(draw_id, stratum, said, sign)
    if sign > 0:
        emergencies.look_at_let_go(draw_id, stratum, said, utc_now())


def roll_up_round(now: datetime) -> None:
    """Count what came since the last time; commits after each piece, so that nobody waits for the database."""
    for _piece in rolling_up.roll_up(now):
        db.session.commit()
    for _period in counting_weeks.count_contact_weeks():
        db.session.commit()


def agents_round(now: datetime) -> None:
    """Compute the figures of agents where their information is recorded, and purge those of a year ago."""
    for _figures in agents.compute(now):
        db.session.commit()


def explain_round(now: datetime) -> None:
    """Compute what goes with overall satisfaction in each drawn period; commits after each."""
    for _period in explaining.compute(now):
        db.session.commit()


def emergency_round(now: datetime) -> None:
    """Put comments with words of emergency before a person."""
    emergencies.look(now)
    db.session.commit()


def mail_round(now: datetime) -> None:
    """Write each week and each pack whose moment came, one transaction each."""
    for due in due_mails(now):
        regular_mails.write(due, now, current_app.config["PUBLIC_URL"])
        db.session.commit()


def check_round(now: datetime) -> None:
    """Hold the cells against a recount. A difference is an alert until they agree, and fails the round, by name."""
    found = rolling_up.check()
    rolling_up.retire_gaps()
    _alert_of(len(found), now)
    db.session.commit()
    for one in found[:NAMED]:
        log.error("cells.differ", **one.key._asdict(), rolled=one.rolled, counted=one.counted)
    if found:
        raise CellsDiffer(f"{len(found)} cells differ, the first: {found[0]}")


def _alert_of(cells: int, now: datetime) -> None:
    """Alert administrators, once a day on which they differ."""
    key = f"{COUNTS_OFF}:{now:%Y-%m-%d}"
    if cells:
        words = in_each_language(partial(differ_line, cells))
        raise_alerts([NewAlert(COUNTS_OFF, key, "cells", words, "/jobs", facts={"cells": cells})], now)
    end_alerts(COUNTS_OFF, [key] if cells else [], now)


def differ_line(cells: int) -> str:
    """What an administrator reads of it."""
    return ngettext(
        "%(num)s count behind the figures is not what the answers say. Run “flask satisfaction recount”.",
        "%(num)s counts behind the figures are not what the answers say. Run “flask satisfaction recount”.",
        cells,
    )


def repeats_round(now: datetime) -> None:
    """Count who came back after the periods whose seven days are over; commits after each period."""
    for _period in repeating.count_repeats(now):
        db.session.commit()


def look_round(now: datetime) -> None:
    """Take the official looks that are due: each agreement once, after its days were closed and its field is over."""
    looking.take_looks(now)
