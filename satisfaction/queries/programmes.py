"""Which principals, programmes, sites and draws a report is about."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from contacts.models import Period, Principal, Site
from foundation.accounts.queries import scoped
from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.declared import Declared
from surveys.anonymity import ANONYMOUS
from surveys.eligibility import DELAYABLE, SAME_CUSTOMER
from surveys.models import Draw, Programme, ProgrammeVersion, QuestionnaireVersion
from surveys.terms import POPULATION_NAMES
from surveys.weighting import Weighting


@dataclass(frozen=True)
class DrawFacts:
    """What a report must know of one draw.

    ``one_per_customer``: contacts were set aside for another of theirs, and nothing makes up for it.
    ``weighing``: how answers are weighed one by one, ``inverse_probability`` or ``multiplicity``; empty where all of a
    stratum weigh the same. ``population_name``: see docs/report.md.
    """

    id: int
    first_day: date
    last_day: date
    late: bool
    one_per_customer: bool
    collection: str
    version: QuestionnaireVersion
    weighing: str = ""
    population_name: str = POPULATION_NAMES["batch"]
    #: Everybody who could be drawn was: chance decides only who answers.
    asked_everyone: bool = False
    #: Contacts left out for a reason that depends on an answer or a complaint.
    score_unknown: int = 0
    #: What the version declares of weighting, and the fields its strata are made of.
    declared: Declared = field(default_factory=Declared)

    @property
    def definition(self) -> dict[str, Any]:
        """What was asked."""
        return self.version.definition


def principals(scope: Scope, key: str | None = None) -> list[Principal]:
    """The principals in scope, by name; only the one called ``key`` when it is given."""
    statement = scoped(select(Principal), scope, principal=Principal.id).order_by(Principal.name, Principal.id)
    return list(db.session.scalars(statement.where(Principal.key == key) if key else statement))


def programmes(scope: Scope, principal_id: int | None = None, key: str | None = None) -> list[Programme]:
    """The programmes in scope, by name."""
    statement = scoped(select(Programme), scope, principal=Programme.principal_id)
    if principal_id is not None:
        statement = statement.where(Programme.principal_id == principal_id)
    if key is not None:
        statement = statement.where(Programme.key == key)
    return list(db.session.scalars(statement.order_by(Programme.name, Programme.id)))


def site_names(scope: Scope) -> dict[str, str]:
    """The names of the sites in scope, by key."""
    rows = db.session.execute(scoped(select(Site.key, Site.name).order_by(Site.name), scope, site=Site.id))
    return {row.key: row.name for row in rows}


def sites_by_id(scope: Scope) -> dict[int, str]:
    """The names of the sites in scope, by id."""
    return {row.id: row.name for row in db.session.execute(scoped(select(Site.id, Site.name), scope, site=Site.id))}


def site_keys(scope: Scope) -> frozenset[str] | None:
    """The keys of the sites in scope, None when it sees all."""
    return None if scope.site_ids is None else frozenset(site_names(scope))


def closed_periods(principal_id: int, first_day: date | None = None, last_day: date | None = None) -> list[Period]:
    """The closed periods of a principal that lie wholly within the days given (inclusive), in order."""
    statement = select(Period).where(Period.principal_id == principal_id, Period.closed_at.is_not(None))
    if first_day is not None:
        statement = statement.where(Period.first_day >= first_day)
    if last_day is not None:
        statement = statement.where(Period.last_day <= last_day)
    return list(db.session.scalars(statement.order_by(Period.first_day)))


def drawn_periods(programme_id: int) -> list[tuple[date, date]]:
    """The first and last day of each closed period drawn for a programme, the latest first."""
    statement = (
        select(Period.first_day, Period.last_day)
        .join(Draw, Draw.period_id == Period.id)
        .where(Draw.programme_id == programme_id, Draw.state == "drawn", Period.closed_at.is_not(None))
        .order_by(Period.first_day.desc())
    )
    return [(row.first_day, row.last_day) for row in db.session.execute(statement)]


def draws_within(programme_id: int, first_day: date, last_day: date) -> list[DrawFacts]:
    """The draws made from closed periods that lie wholly within the days given, in order of their days."""
    statement = (
        select(Draw, Period.first_day, Period.last_day, ProgrammeVersion, QuestionnaireVersion)
        .join(Period, Period.id == Draw.period_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == ProgrammeVersion.version_id)
        .where(Draw.programme_id == programme_id, Draw.state == "drawn", Period.closed_at.is_not(None))
        .where(Period.first_day >= first_day, Period.last_day <= last_day)
        .order_by(Period.first_day)
    )
    return [
        _facts(draw, first, last, terms, version) for draw, first, last, terms, version in db.session.execute(statement)
    ]


def _facts(draw: Draw, first: date, last: date, terms: ProgrammeVersion, version: QuestionnaireVersion) -> DrawFacts:
    weighing = weighing_of(draw, terms)
    alone = _set_aside(draw) and not weighing
    facts = DrawFacts(draw.id, first, last, draw.late, alone, terms.collection, version, weighing, draw.population_name)
    unknown = sum(draw.exclusions["suppressed"].get(reason, 0) for reason in DELAYABLE)
    return replace(
        facts,
        asked_everyone=draw.kind == "batch" and draw.drawn == draw.eligible,
        score_unknown=unknown,
        declared=Declared(tuple(terms.strata), Weighting.from_json(terms.weighting)),
    )


def weighing_of(draw: Draw, terms: ProgrammeVersion) -> str:
    """How the answers of a draw weigh, one by one; empty where all of a stratum weigh the same."""
    if draw.kind == "continuous":
        return "inverse_probability"
    # An answer that was cut from its contact has no weight of its own any more: there figures speak of customers.
    by_contact = draw.weighs_contacts and terms.promise != ANONYMOUS and _set_aside(draw)
    return "multiplicity" if by_contact else ""


def named_draws(principal_id: int, first_day: date, last_day: date) -> list[int]:
    """The draws of all programmes of a principal whose answers are not anonymous, from closed periods in these days."""
    statement = (
        select(Draw.id)
        .join(Period, Period.id == Draw.period_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .where(Draw.principal_id == principal_id, Draw.state == "drawn", Period.closed_at.is_not(None))
        .where(Period.first_day >= first_day, Period.last_day <= last_day, ProgrammeVersion.promise != ANONYMOUS)
    )
    return list(db.session.scalars(statement))


def published_versions(questionnaire_id: int) -> list[QuestionnaireVersion]:
    """Every published version of a questionnaire, in order."""
    statement = select(QuestionnaireVersion).filter_by(questionnaire_id=questionnaire_id)
    published = statement.where(QuestionnaireVersion.published_at.is_not(None))
    return list(db.session.scalars(published.order_by(QuestionnaireVersion.number)))


def _set_aside(draw: Draw) -> bool:
    return bool(draw.exclusions["suppressed"].get(SAME_CUSTOMER))
