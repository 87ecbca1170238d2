"""A draw done again from what was kept of it, and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.allocation import Plan
from surveys.frames import ELIGIBLE, FrameEntry, frame_hash
from surveys.refusals import SurveyRefused
from surveys.sampling import StratumSize, Unit, commitment, sample


@dataclass(frozen=True)
class KeptDraw:
    """What was kept of a draw: the frame as it was before the lot, and what came out."""

    entries: Sequence[FrameEntry]
    plan: Plan
    seed: bytes
    commitment: str
    frame_hash: str
    strata: Mapping[str, StratumSize]
    drawn: frozenset[str]
    set_aside: frozenset[str]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was kept: a code and the facts."""

    code: str
    kept: object
    found: object


def differences(kept: KeptDraw) -> list[Difference]:
    """What a second draw finds otherwise than it was kept; an empty list when all is identical."""
    found = [
        Difference("seed", kept.commitment, commitment(kept.seed)),
        Difference("frame", kept.frame_hash, frame_hash(kept.entries)),
    ]
    units = [
        Unit(entry.public_id, entry.stratum, entry.cluster) for entry in kept.entries if entry.standing == ELIGIBLE
    ]
    try:
        again = sample(kept.seed, units, kept.plan)
    except SurveyRefused as refusal:
        return [difference for difference in found if difference.kept != difference.found] + [
            Difference("refused", "", refusal.code)
        ]
    found += [
        Difference("strata", dict(kept.strata), again.strata),
        Difference("drawn", sorted(kept.drawn - again.drawn), sorted(again.drawn - kept.drawn)),
        Difference("set-aside", sorted(kept.set_aside - again.set_aside), sorted(again.set_aside - kept.set_aside)),
    ]
    return [difference for difference in found if difference.kept != difference.found]
