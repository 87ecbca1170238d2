"""Agreements and what became of them: what is due to be looked at, and what was said."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from contacts.models import Contact, Period, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from satisfaction.cadences import Span, spans
from satisfaction.models import TargetAgreement, TargetLook, TargetVersion, Verdict
from satisfaction.queries.answers import STILL_OPEN
from satisfaction.verdicts import PROVEN, Judgement, answers_needed, expected_wrong, is_good_side
from surveys.models import Draw, FrameUnit, Invitation, Programme
from surveys.queries.withdrawals import withdrawn_of_period

#: Days after the close after which nothing is waited for any more: what was never drawn is not measured.
PATIENCE = timedelta(days=90)


@dataclass(frozen=True)
class VerdictCard:
    """What was said of one place, with everything a page prints of it.

    ``by`` names the place, {} being the whole. ``finding`` is the figure of then, in the shape of docs/report.md; its
    numbers are missing for readers of some sites where they would tell what is withheld of others. ``needed``:
    answers that would prove it next time, None where nothing more would.
    """

    id: int
    agreement_id: int
    version: TargetVersion
    span: Span
    looked_at: datetime
    by: dict[str, str]
    state: str
    reason: str
    misses: bool
    response: float | None
    finding: dict[str, Any]
    needed: int | None
    #: Answers of these days that were withdrawn since: what was said stays.
    withdrawn: int = 0

    @property
    def is_good_side(self) -> bool:
        return is_good_side(self.state, self.version.direction)

    @property
    def judgement(self) -> Judgement:
        return Judgement(self.state, self.reason)


@dataclass(frozen=True)
class Chance:
    """How many proven verdicts were given, and how many of them chance alone would make wrong, at most."""

    verdicts: int
    wrong: float


def agreements(
    scope: Scope = EVERYTHING, principal_id: int | None = None, agreement_id: int | None = None
) -> list[TargetAgreement]:
    """The commitments to principals in scope, the newest first."""
    wanted = scoped(select(TargetAgreement), scope, principal=TargetAgreement.principal_id)
    if principal_id is not None:
        wanted = wanted.where(TargetAgreement.principal_id == principal_id)
    if agreement_id is not None:
        wanted = wanted.where(TargetAgreement.id == agreement_id)
    return list(db.session.scalars(wanted.order_by(TargetAgreement.id.desc())))


def rule_of(agreement: TargetAgreement, span: Span, zone: str) -> TargetVersion | None:
    """The version that was signed last before the first of these days began, where it covers all of them; else None."""
    began = datetime.combine(span[0], time(), ZoneInfo(zone))
    signed = [one for one in agreement.versions if one.signed_at is not None and one.signed_at <= began]
    last = max(signed, key=lambda one: (one.signed_at, one.number), default=None)
    if last is None or last.first_day > span[0] or (last.last_day is not None and last.last_day < span[1]):
        return None
    return last


def looks_due(now: datetime) -> Iterator[tuple[TargetAgreement, TargetVersion, Span]]:
    """The agreements whose days are closed and whose field is over, and that nobody has looked at; in order."""
    for agreement in agreements():
        zone, periods = _zone_and_periods(agreement.principal_id)
        known = set(db.session.execute(_looked(agreement.id)).tuples())
        closed = {(one.first_day, one.last_day): one for one in periods if one.closed_at}
        for cadence in {one.cadence for one in agreement.versions}:
            for span in spans(cadence, closed):
                version = None if span in known else rule_of(agreement, span, zone)
                inside = [one for days, one in closed.items() if span[0] <= days[0] and days[1] <= span[1]]
                if version and version.cadence == cadence and field_is_over(version, inside, now):
                    yield agreement, version, span


def _looked(agreement_id: int) -> Any:
    return select(TargetLook.first_day, TargetLook.last_day).where(TargetLook.agreement_id == agreement_id)


def _zone_and_periods(principal_id: int) -> tuple[str, list[Period]]:
    zone = db.session.get_one(Principal, principal_id).zone
    return zone, list(db.session.scalars(select(Period).filter_by(principal_id=principal_id)))


def field_is_over(version: TargetVersion, periods: Collection[Period], now: datetime) -> bool:
    """Whether nobody drawn from these closed periods may answer any more; the register is whole at the close.

    A period that is not drawn is waited for, as answers of a file are for as long as a link would be valid; after
    PATIENCE nothing is.
    """
    if version.programme_id is None:
        return True
    if all(one.closed_at is not None and one.closed_at + PATIENCE <= now for one in periods):
        return True
    drawn = select(Draw).where(Draw.programme_id == version.programme_id, Draw.state == "drawn")
    draws = list(db.session.scalars(drawn.where(Draw.period_id.in_([one.id for one in periods]))))
    if {draw.period_id for draw in draws} != {one.id for one in periods}:
        return False
    return all(_is_over(draw, now) for draw in draws)


def is_past_patience(principal_id: int, span: Span, now: datetime) -> bool:
    """Whether these days were closed so long ago that nothing is waited for any more."""
    inside = select(func.max(Period.closed_at)).where(
        Period.principal_id == principal_id, Period.first_day >= span[0], Period.last_day <= span[1]
    )
    closed = db.session.scalar(inside)
    return closed is not None and closed + PATIENCE <= now


def _is_over(draw: Draw, now: datetime) -> bool:
    if not draw.drawn:
        return True
    if draw.terms.collection == "file":
        return draw.drawn_at is not None and draw.drawn_at + timedelta(days=draw.terms.validity_days) <= now
    asked = select(Invitation.id).where(Invitation.draw_id == draw.id)
    # Whoever began and ran out of time is settled within minutes, and may count then.
    waiting = asked.where(
        Invitation.disposition.in_(STILL_OPEN),
        or_(Invitation.expires_at.is_(None), Invitation.expires_at > now, Invitation.disposition == "started"),
    )
    return db.session.scalar(asked.limit(1)) is not None and db.session.scalar(waiting.limit(1)) is None


def drawn_by_place(programme_id: int, span: Span) -> list[tuple[str, str, int]]:
    """How many were drawn from these days, by site key and channel."""
    statement = (
        select(Site.key, Contact.channel, func.count())
        .select_from(FrameUnit)
        .join(Draw, Draw.id == FrameUnit.draw_id)
        .join(Period, Period.id == Draw.period_id)
        .join(Contact, Contact.id == FrameUnit.contact_id)
        .join(Site, Site.id == Contact.site_id)
        .where(Draw.programme_id == programme_id, Draw.state == "drawn", FrameUnit.drawn)
        .where(Period.first_day >= span[0], Period.last_day <= span[1])
        .group_by(Site.key, Contact.channel)
    )
    return [tuple(row) for row in db.session.execute(statement)]


def verdicts(
    scope: Scope,
    *,
    principal_id: int | None = None,
    span: Span | None = None,
    agreement_id: int | None = None,
    verdict_id: int | None = None,
) -> list[VerdictCard]:
    """What was said at official looks, by commitment, then the latest days first, then by place.

    A reader of some sites sees what was said of these, and not of all sites together.
    """
    statement = scoped(
        select(Verdict, TargetLook, Site.key)
        .join(TargetLook, TargetLook.id == Verdict.look_id)
        .outerjoin(Site, Site.id == Verdict.site_id)
        .options(joinedload(TargetLook.version)),
        scope,
        principal=TargetLook.principal_id,
        site=Verdict.site_id,
    )
    if scope.site_ids is not None:
        statement = statement.where(Verdict.site_id.is_not(None))
    if span is not None:
        statement = statement.where(TargetLook.first_day == span[0], TargetLook.last_day == span[1])
    wanted = {TargetLook.principal_id: principal_id, TargetLook.agreement_id: agreement_id, Verdict.id: verdict_id}
    for column, value in wanted.items():
        statement = statement if value is None else statement.where(column == value)
    order = (TargetLook.agreement_id, TargetLook.first_day.desc(), Site.key, Verdict.channel)
    rows = db.session.execute(statement.order_by(*order)).all()
    withdrawn = {look.id: _withdrawn(look, scope) for look in {look for _verdict, look, _site in rows}}
    return [_card(*row, scope, withdrawn[row[1].id]) for row in rows]


def _card(verdict: Verdict, look: TargetLook, site: str | None, scope: Scope, withdrawn: int) -> VerdictCard:
    finding, needed = dict(verdict.finding), None
    if verdict.state not in ("met", "not_met", "not_measured"):
        needed = answers_needed(look.version.rule, finding)
    by = {name: value for name, value in (("site", site), ("channel", verdict.channel)) if value}
    card = VerdictCard(
        verdict.id, look.agreement_id, look.version, (look.first_day, look.last_day), look.looked_at, by,
        verdict.state, verdict.reason, verdict.misses, verdict.response, finding, needed, withdrawn,
    )  # fmt: skip
    return _without_numbers(card) if look.withholds and scope.site_ids is not None else card


def _withdrawn(look: TargetLook, scope: Scope) -> int:
    if look.version.programme_id is None:
        return 0
    days = look.first_day, look.last_day
    return withdrawn_of_period(look.principal_id, *days, scope, look.looked_at, look.version.programme_id).answers


def _without_numbers(card: VerdictCard) -> VerdictCard:
    hidden = ("estimate", "lower", "upper", "n", "n_effective", "covered", "coverage_loss")
    finding = card.finding | dict.fromkeys(hidden) | {"flags": ["suppressed"], "detail": {}}
    return replace(card, finding=finding, needed=None, response=None)


def chance_of(cards: Collection[VerdictCard]) -> Chance:
    """What the matrix prints under these verdicts; those by observed value are not among them, for they prove nothing.

    Verdicts that were tried and stayed open count too: each had its chance to be wrong.
    """
    tried = [card for card in cards if card.version.decision == PROVEN and card.judgement.is_measured]
    return Chance(len(tried), sum(expected_wrong(1, card.version.confidence_level) for card in tried))


def programme_keys(ids: Collection[int]) -> dict[int, str]:
    """The keys of programmes by id."""
    rows = db.session.execute(select(Programme.id, Programme.key).where(Programme.id.in_(ids)))
    return {row.id: row.key for row in rows}
