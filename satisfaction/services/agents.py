"""Figures of agents: switched on by the information of staff, computed behind the page, purged after a year."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from contacts.models import Principal
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.ledger import services as ledger
from satisfaction.agents import may_be_shown, oldest_kept
from satisfaction.findings import Period
from satisfaction.indicators import Reading
from satisfaction.models import AgentFigures, AgentNotice
from satisfaction.queries import agents as queries
from satisfaction.queries import programmes
from satisfaction.queries.agents import OF
from satisfaction.services.reporting import survey_of
from satisfaction.survey_figures import Survey, figure
from surveys.anonymity import ANONYMOUS
from surveys.models import Draw, Programme, ProgrammeVersion
from surveys.queries.withdrawals import withdrawn_of_period

#: The rows of the agents of a site that may be shown, and how many may not.
ForSite = tuple[list[Any], int]
INDICATOR = "satisfaction"
#: So long answers to a period come in, and its figures are computed again each day.
STILL_ANSWERED = timedelta(days=60)
EACH = timedelta(hours=20)


class NoticeRefused(ValueError):
    """A notice that cannot be recorded: ``in-future``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def record_notice(site_id: int, informed_on: date, how: str, actor_id: int, now: datetime) -> AgentNotice:
    """Record that the staff of a site were informed; figures speak of periods that begin on that day or later.

    Raises NoticeRefused.
    """
    if informed_on > now.date():
        raise NoticeRefused("in-future")
    row = AgentNotice(site_id=site_id, informed_on=informed_on, how=how.strip(), recorded_by=actor_id, recorded_at=now)
    db.session.add(row)
    db.session.flush()
    facts = {"site_id": site_id, "informed_on": informed_on.isoformat(), "how": row.how}
    ledger.record("agents.informed", f"site:{site_id}", facts, now, actor_id)
    return row


def withdraw_notice(notice: AgentNotice, actor_id: int, now: datetime) -> None:
    """Switch the figures of a site off; they are deleted at once."""
    if notice.withdrawn_at is None:
        notice.withdrawn_by, notice.withdrawn_at = actor_id, now
        db.session.flush()
        if notice.site_id not in queries.informed_sites():
            db.session.execute(delete(AgentFigures).where(AgentFigures.site_id == notice.site_id))
        facts = {"site_id": notice.site_id, "informed_on": notice.informed_on.isoformat()}
        ledger.record("agents.information-withdrawn", f"site:{notice.site_id}", facts, now, actor_id)


def compute(now: datetime) -> Iterator[int]:
    """Purge what is too old, and compute what is missing or still changes; yields the figures of each piece."""
    oldest = oldest_kept(now.date())
    db.session.execute(delete(AgentFigures).where(AgentFigures.last_day < oldest))
    yield 0
    informed = queries.informed_sites()
    for programme in programmes.programmes(EVERYTHING) if informed else ():
        for first_day, last_day in programmes.drawn_periods(programme.id):
            wanted = {site_id for site_id, since in informed.items() if since <= first_day}
            if last_day >= oldest and wanted and _is_due(programme, first_day, last_day, wanted, now):
                yield _compute(programme, Period(first_day, last_day), wanted, now)


def _is_due(programme: Programme, first_day: date, last_day: date, wanted: set[int], now: datetime) -> bool:
    known = queries.computed_at(programme.id, first_day)
    if wanted - known.keys():
        return True
    oldest = min(known[site_id] for site_id in wanted)
    if now.date() - last_day < STILL_ANSWERED and oldest < now - EACH:
        return True
    days = first_day, last_day
    return withdrawn_of_period(programme.principal_id, *days, EVERYTHING, oldest, programme.id).answers > 0


def _compute(programme: Programme, asked: Period, wanted: set[int], now: datetime) -> int:
    zone = db.session.get_one(Principal, programme.principal_id).zone
    survey, _reach = survey_of(programme, asked, EVERYTHING, now, zone)
    reading = next((one for one in survey.readings if one.indicator.code == INDICATOR), None)
    keys, made = queries.site_keys(), 0
    if reading is None or _is_anonymous(programme.id, asked):
        found: dict[str, ForSite] = {}
    else:
        by_agent = queries.sample_by_agent(survey.sample, reading.asked.question)
        found = _figures(replace(survey, sample=by_agent), reading, asked, {keys[one] for one in wanted})
    for site_id in sorted(wanted):
        rows, few = found.get(keys[site_id], ([], 0))
        db.session.merge(
            AgentFigures(
                programme_id=programme.id, first_day=asked.first_day, site_id=site_id, last_day=asked.last_day,
                rows=rows, few=few, computed_at=now,
            )
        )  # fmt: skip
        made += len(rows)
    return made


def _figures(survey: Survey, reading: Reading, asked: Period, wanted: set[str]) -> dict[str, ForSite]:
    """Site → [rows of the agents that may be shown, how many may not]."""
    answers: dict[str, dict[str, int]] = {site: {} for site in wanted}
    for place, count in survey.sample.answers_by_place(reading.asked.question).items():
        site, _of, agent = place.site.partition(OF)
        if site in answers and agent and count:
            answers[site][agent] = count
    found: dict[str, ForSite] = {}
    for site, counts in answers.items():
        shown = sorted(may_be_shown(counts))
        rows = [figure(survey, reading, {"site": f"{site}{OF}{agent}"}, asked).as_json() for agent in shown]
        told = [[agent, row | {"by": {"agent": agent}}] for agent, row in zip(shown, rows, strict=True)]
        found[site] = (told, len(counts) - len(shown))
    return found


def _is_anonymous(programme_id: int, asked: Period) -> bool:
    """Whether a draw of these days promised anonymity: then no answer leads to an agent."""
    ids = [draw.id for draw in programmes.draws_within(programme_id, asked.first_day, asked.last_day)]
    promised = select(Draw.id).join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
    secret = promised.where(Draw.id.in_(ids), ProgrammeVersion.promise == ANONYMOUS)
    return db.session.scalar(secret.limit(1)) is not None
