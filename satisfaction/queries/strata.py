"""The strata of the last draw of a period, by name, with the contacts that could be drawn in each."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.queries import programmes
from surveys.models import Draw, DrawStratum, ProgrammeVersion
from surveys.pages import stratum_words


def strata_of(programme_id: int, span: tuple[date, date], scope: Scope) -> dict[str, int]:
    """Nothing for a reader of some sites only: a stratum may reach over others, and its size would tell of them."""
    draws: Sequence[int] = [each.id for each in programmes.draws_within(programme_id, *span)]
    if not draws or scope.site_ids is not None:
        return {}
    names = programmes.site_names(scope)
    rows = db.session.execute(
        select(ProgrammeVersion.strata, DrawStratum.field_values, DrawStratum.eligible)
        .join(Draw, Draw.id == DrawStratum.draw_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Draw.programme_version_id)
        .where(DrawStratum.draw_id == draws[-1], DrawStratum.eligible > 0)
        .order_by(DrawStratum.stratum)
    )
    return {stratum_words(fields, values, names): eligible for fields, values, eligible in rows}
