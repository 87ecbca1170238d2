"""Copies of a case's state in its own columns, where lists can sort and filter by them."""

from complaints.models import Case, Clock, Stage
from complaints.replay import CaseState, ClockState
from foundation.database import db


def write_caches(case: Case, state: CaseState) -> None:
    """Make the columns of ``case``, its stages and its clocks say what its events say."""
    due = state.next_due
    case.state = state.state
    case.level = state.stage.level
    case.category = state.category
    case.site_id = state.site_id
    case.handler_id = state.stage.handler_id
    case.acknowledged_at = state.acknowledged_at
    case.due_at = due.promise.due_at if due else None
    case.due_kind = due.promise.kind if due else None
    case.ended_at = state.ended_at
    case.version = state.version
    stages = _write_stages(case, state)
    _write_clocks(case, state, stages)
    db.session.flush()


def _write_stages(case: Case, state: CaseState) -> dict[int, Stage]:
    stages = {stage.level: stage for stage in case.stages}
    for found in state.stages:
        stage = stages.setdefault(found.level, Stage(level=found.level))
        for name, value in vars(found).items():
            setattr(stage, name, value)
        if stage not in case.stages:
            case.stages.append(stage)
    return stages


def _write_clocks(case: Case, state: CaseState, stages: dict[int, Stage]) -> None:
    clocks = {clock.kind: clock for clock in case.clocks}
    for kind, found in state.clocks.items():
        clock = clocks.get(kind) or _new_clock(case, found, stages[found.level])
        clock.met_at, clock.void_at = found.met_at, found.void_at


def _new_clock(case: Case, found: ClockState, stage: Stage) -> Clock:
    clock = Clock(**vars(found.promise), start_event=found.start_event, stage=stage)
    case.clocks.append(clock)
    return clock
