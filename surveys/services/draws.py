"""Asking for a draw. ``services.drawing`` carries it out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from contacts.models import Period
from foundation.database import db, insert_if_absent
from surveys.allocation import Past
from surveys.designs import SHARING, Design
from surveys.models import Draw, Programme, ProgrammeVersion, SeedCommitment
from surveys.queries.past import past_of
from surveys.refusals import SurveyRefused
from surveys.services.seeds import commit_seed
from surveys.terms import POPULATION_NAMES


def request_draw(
    programme: Programme, first_day: date, last_day: date, size: int | None, now: datetime, actor_id: int | None = None
) -> Draw:
    """Ask for the draw of a closed period (both days inclusive); ``size`` replaces the programme's own.

    The version of the programme that is in force at ``now`` holds for the draw and its invitations, for good.
    A period without a committed seed gets one now, which is late. Raises SurveyRefused: ``version-not-published``,
    ``period-open`` (also when there is no such period), ``already-drawn`` and ``already-requested`` (draw_id),
    ``size-with-fixed-sizes``. A refused draw may be asked for again.
    """
    terms = programme.terms_at(now)
    if terms.version.published_at is None:
        raise SurveyRefused("version-not-published")
    if terms.draw_kind == "continuous":
        raise SurveyRefused("draws-continuously")
    period = db.session.scalars(
        select(Period).filter_by(principal_id=programme.principal_id, first_day=first_day, last_day=last_day)
    ).one_or_none()
    if period is None or period.closed_at is None:
        raise SurveyRefused("period-open", first_day=first_day, last_day=last_day)
    seed = seed_for(programme, period, now, actor_id)
    values = {
        "programme_version_id": terms.id,
        "requested": size or terms.sample_size,
        "requested_at": now,
        "requested_by": actor_id,
        "allocation": allocation_of(terms, size, past_of(programme, terms)),
        "one_per_customer": terms.uses_addresses,
        "weighs_contacts": terms.uses_addresses,
        "auditor_value": seed.auditor_value,
        "late": seed.late and seed.auditor_value is None,
        "state": "requested",
        "refusal": None,
        "progress": 0,
    }
    born = {
        "programme_id": programme.id,
        "period_id": period.id,
        "principal_id": programme.principal_id,
        "seed_commitment_id": seed.id,
        "seed_commitment": seed.commitment,
        "kind": "batch",
        "population_name": POPULATION_NAMES["batch"],
    }
    if not insert_if_absent(Draw, [values | born], ["programme_id", "period_id"]):
        _ask_again(programme, period, values)
    return db.session.scalars(select(Draw).filter_by(programme_id=programme.id, period_id=period.id)).one()


def seed_for(programme: Programme, period: Period, now: datetime, actor_id: int | None) -> SeedCommitment:
    """The seed of these days, kept for this transaction: a value given to mix comes before the draw, or not at all."""
    committed = (
        select(SeedCommitment)
        .filter_by(programme_id=programme.id, first_day=period.first_day, last_day=period.last_day)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    seed = db.session.scalars(committed).one_or_none()
    if seed is not None:
        return seed
    try:
        return commit_seed(programme, period.first_day, period.last_day, now, actor_id)
    except SurveyRefused:  # somebody else asked in the same instant
        return db.session.scalars(committed).one()


def allocation_of(terms: ProgrammeVersion, size: int | None, past: Past) -> dict[str, Any]:
    """What is asked, for whoever draws again. A size, where the programme asks everyone, is shared in proportion.

    What earlier draws said enters it as integers, where the method or a minimum of expected answers uses it.
    """
    if size and terms.method == "fixed":
        raise SurveyRefused("size-with-fixed-sizes")
    method = "proportional" if size and terms.method in ("everyone", "precision") else terms.method
    design = Design.from_json(terms.design)
    asked = {
        "method": method,
        "size": (size or terms.sample_size) if method in SHARING else None,
        "minimum": terms.minimum,
        "fixed": terms.fixed_sizes if method == "fixed" else {},
        "strata": terms.strata,
    }
    return asked | design.inputs(method, list(terms.strata), past)


def _ask_again(programme: Programme, period: Period, values: dict[str, Any]) -> None:
    """Turn a refused draw into a request; of two who try, one does."""
    mine = [Draw.programme_id == programme.id, Draw.period_id == period.id]
    revived = db.session.execute(
        update(Draw).where(*mine, Draw.state == "refused", Draw.kind == "batch").values(**values)
    )
    if not revived.rowcount:
        draw = db.session.execute(select(Draw.id, Draw.state).where(*mine)).one()
        if draw.state == "refused":
            raise SurveyRefused("was-withdrawn", draw_id=draw.id)
        raise SurveyRefused("already-drawn" if draw.state == "drawn" else "already-requested", draw_id=draw.id)
