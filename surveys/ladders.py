"""The ladder of a programme: the sum of those of its draws, whole and by stratum.

What one draw does not tell is told by no sum it is part of, so that nothing follows by subtraction.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from surveys.ladder import Ladder, Rungs


def summed(ladders: Iterable[Ladder]) -> Ladder:
    """The ladder of several draws together. A contact of two draws is counted in both: it was asked about twice."""
    these = list(ladders)
    names = sorted({name for one in these for name in one.strata})
    strata = {name: _sum(one.strata[name] for one in these if name in one.strata) for name in names}
    return Ladder(_sum(one.overall for one in these), strata)


def of_strata(whole: Ladder, names: Collection[str]) -> Ladder | None:
    """The ladder of some strata alone; None where it tells none of them."""
    strata = {name: rungs for name, rungs in whole.strata.items() if name in names}
    return Ladder(_sum(strata.values()), strata) if strata else None


def _sum(parts: Iterable[Rungs]) -> Rungs:
    rungs = list(parts)
    hushed = any(one.is_hushed for one in rungs)
    return Rungs(
        population=sum(one.population for one in rungs),
        ineligible=sum((one.ineligible for one in rungs), Counter()),
        suppressed=sum((one.suppressed for one in rungs), Counter()),
        eligible=sum(one.eligible for one in rungs),
        drawn=sum(one.drawn for one in rungs),
        sent=_step(one.sent for one in rungs),
        delivered=_step(one.delivered for one in rungs),
        started=_step(one.started for one in rungs),
        completed=_step(one.completed for one in rungs),
        dispositions=Counter() if hushed else sum((one.dispositions for one in rungs), Counter()),
        is_hushed=hushed,
    )


def _step(counts: Iterable[int | None]) -> int | None:
    """The sum, or None where one part is not told, or has no such step (answers by file are not sent)."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total
