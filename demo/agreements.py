"""What the demo centre promised its first principal: satisfaction in each site, and complaints answered in time."""

from datetime import date, timedelta

from sqlalchemy import select

from contacts.models import Period, Principal
from foundation.accounts.models import User
from foundation.database import db
from foundation.web import clock
from satisfaction.services.agreeing import Signature, Terms, sign_agreement, write_agreement
from satisfaction.services.looking import take_looks
from surveys.models import Programme
from surveys.terms import POPULATION_NAMES

TITLE = "commitments and verdicts"
WEEK = timedelta(days=7)


def commit_to_targets() -> None:
    """Write and sign both a week before the first period, and take the looks that are due."""
    principal = db.session.scalars(select(Principal).order_by(Principal.id)).first()
    lead = db.session.scalars(select(User).filter_by(role="quality").order_by(User.id)).one()
    assert principal is not None
    programme = db.session.scalars(
        select(Programme).filter_by(principal_id=principal.id).order_by(Programme.id)
    ).first()
    began = db.session.scalars(
        select(Period.first_day).filter_by(principal_id=principal.id).order_by(Period.first_day)
    ).first()
    assert programme is not None and began is not None
    before = clock.utc_now() - (clock.utc_now().date() - began + WEEK)
    for terms in _promised(programme, began):
        written = write_agreement(principal.id, terms, before, lead.id)
        sign_agreement(written.id, 1, Signature("A. Martin", "N. Aubry", before.date()), before, lead.id)
    take_looks(clock.utc_now())


def _promised(programme: Programme, began: date) -> list[Terms]:
    population = POPULATION_NAMES[programme.latest.draw_kind]
    satisfied = Terms("80 % de clients satisfaits, dans chaque site", "satisfaction", 0.80, began,
                      programme_id=programme.id, population_name=population, site="*", minimum_answers=30)  # fmt: skip
    in_time = Terms("90 % des réclamations traitées à temps", "complaints_in_time", 0.90, began, minimum_answers=5)
    kept = Terms("Engagements de date tenus, au moins 75 %", "promises_kept", 0.75, began, minimum_answers=5)
    return [satisfied, in_time, kept]
