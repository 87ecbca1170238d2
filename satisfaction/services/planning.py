"""What the next period may be planned from: the last result of a programme, its response and its strata."""

from datetime import date, datetime

from contacts.models import Principal
from foundation.accounts.scope import Scope
from satisfaction.findings import Period
from satisfaction.indicators import SHARE
from satisfaction.planning import Basis
from satisfaction.queries.strata import strata_of
from satisfaction.services.reporting import survey_of
from satisfaction.survey_figures import figures_of
from surveys.models import Programme


def basis_of(programme: Programme, principal: Principal, span: tuple[date, date], scope: Scope, now: datetime) -> Basis:
    """The first share that the programme measures over ``span``; what is not known yet is None, 1 or nothing."""
    asked = Period(*span)
    survey, reach = survey_of(programme, asked, scope, now, principal.zone)
    shares = [reading for reading in survey.readings if reading.indicator.unit == SHARE][:1]
    found = figures_of(survey, shares, {}, asked)
    known = found[0] if found and found[0].value is not None else None
    effect = known.n / known.n_effective if known and known.n and known.n_effective else 1.0
    return Basis(
        expected=known.value if known else None,
        response_rate=reach.response_rate or None,
        design_effect=max(effect, 1.0),
        population=reach.eligible,
        strata=strata_of(programme.id, span, scope),
    )
