"""What happens in the demo centre, in the order of time, whoever planned it: so its ledger reads like a real one."""

from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from flask import Flask

from foundation.database import db
from foundation.jobs.engines import run_until_idle
from foundation.web import clock

#: Rounds that come less often than this (seconds) tidy up what is old, and here nothing is yet.
TIDYING = 1800


class Agenda:
    """Acts with their moments; an act may plan later ones."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._number = count()
        self._planned: list[tuple[datetime, int, str, Callable[[], object], bool]] = []

    def plan(self, moment: datetime, title: str, act: Callable[[], object], settles: bool = True) -> None:
        """Let ``act`` happen at ``moment``; where it ``settles``, the jobs it left are done at once."""
        heappush(self._planned, (moment, next(self._number), title, act, settles))

    def run(self) -> Iterator[str]:
        """Let everything happen, each act at its moment on the clock; yields a title when it is met first."""
        said = set()
        while self._planned:
            moment, _number, title, act, settles = heappop(self._planned)
            if title not in said:
                said.add(title)
                yield title
            if clock.utc_now() < moment:  # of two acts at one moment, the second is not before the first
                clock.start_at(moment)
            act()
            db.session.commit()
            if settles and not self._goes_on(moment):
                run_until_idle(self._app, rarest=TIDYING)

    def _goes_on(self, moment: datetime) -> bool:
        """Whether something that settles comes at the same moment: then it does so for both."""
        return any(at == moment and settles for at, _number, _title, _act, settles in self._planned[:3])
