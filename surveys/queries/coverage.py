"""The ladder of a programme over its draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from contacts.models import Period
from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from surveys.anonymity import ANONYMOUS
from surveys.ladder import Ladder
from surveys.ladders import summed
from surveys.models import Draw, Programme
from surveys.queries.draws import ladder_in_scope


@dataclass(frozen=True)
class DrawCoverage:
    """One draw of a programme: its days and its ladder."""

    draw: Draw
    first_day: date
    last_day: date
    ladder: Ladder


@dataclass(frozen=True)
class Coverage:
    """The draws of a programme in order of their days, and all of them together."""

    draws: Sequence[DrawCoverage]
    #: Anonymous draws that tell nothing of the sites seen alone.
    untold: Sequence[Draw] = ()

    @property
    def together(self) -> Ladder:
        return summed(one.ladder for one in self.draws)

    @property
    def draw_ids(self) -> list[int]:
        return [one.draw.id for one in self.draws]

    @property
    def is_anonymous(self) -> bool:
        return any(one.draw.terms.promise == ANONYMOUS for one in self.draws)


def made_draws(programme: Programme, first_day: date | None = None, last_day: date | None = None) -> list[tuple]:
    """(draw, first day, last day) of the finished draws whose period lies within the days given, in their order."""
    rows = select(Draw, Period.first_day, Period.last_day).join(Period, Period.id == Draw.period_id)
    rows = rows.where(Draw.programme_id == programme.id, Draw.state == "drawn")
    if first_day is not None:
        rows = rows.where(Period.first_day >= first_day)
    if last_day is not None:
        rows = rows.where(Period.last_day <= last_day)
    return [tuple(row) for row in db.session.execute(rows.order_by(Period.first_day, Draw.id))]


def programme_coverage(
    programme: Programme, first_day: date | None = None, last_day: date | None = None, scope: Scope = EVERYTHING
) -> Coverage:
    """The ladders of the programme's finished draws whose period lies within the days given (inclusive)."""
    made = [(row, ladder_in_scope(row[0], scope)) for row in made_draws(programme, first_day, last_day)]
    told = [DrawCoverage(*row, ladder) for row, ladder in made if ladder is not None]
    return Coverage(told, [row[0] for row, ladder in made if ladder is None])
