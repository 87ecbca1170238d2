"""What a programme waits for: the next step, as a code the page finds words for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PeriodState:
    """A period of the programme's principal and what the programme made of it. ``draw_state`` None: no draw.

    ``completed`` None: answered anonymously by so few that it is not told how many.
    """

    first_day: date
    last_day: date
    closed: bool
    draw_id: int | None = None
    draw_state: str | None = None
    unsent: int = 0
    invited: int = 0
    completed: int | None = 0


@dataclass(frozen=True)
class NextStep:
    """``code`` is open, close, draw, drawing, refused, send, import-answers or wait; ``period`` None: there is none."""

    code: str
    period: PeriodState | None = None


def next_step(periods: Iterable[PeriodState], sends_messages: bool, is_continuous: bool = False) -> NextStep:
    """The oldest thing somebody must do, else the newest period that is under way, else wait for a period to close."""
    in_order = sorted(periods, key=lambda period: period.first_day)
    for period in in_order:
        if code := _to_do(period, sends_messages, is_continuous):
            return NextStep(code, period)
    running = [period for period in in_order if period.draw_state == "running"]
    if is_continuous:
        return NextStep("running", running[-1]) if running else NextStep("open")
    drawn = [period for period in in_order if period.draw_state == "drawn"]
    return NextStep("wait", drawn[-1]) if drawn else NextStep("close")


def _to_do(period: PeriodState, sends_messages: bool, is_continuous: bool) -> str:
    if period.draw_state is None:
        return "draw" if period.closed and not is_continuous else ""
    if period.draw_state == "drawn":
        if not period.unsent:
            return ""
        return "send" if sends_messages else "import-answers"
    if period.draw_state == "refused" and is_continuous:  # withdrawn: done with
        return ""
    return {"requested": "drawing", "refused": "refused"}.get(period.draw_state, "")
