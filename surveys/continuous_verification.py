"""A continuous draw decided again from what was kept of it, and what differs: by the name of the contact."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from surveys.continuous import Decided, History, Plan, is_hit, read_rate
from surveys.continuous_frames import Line, OtherLine, OwnLine, fixed_lines, frame_lines, read_moment
from surveys.frames import ELIGIBLE
from surveys.refusals import SurveyRefused
from surveys.sampling import StratumSize, commitment
from surveys.verification import Difference, Share, changed_lines, in_invitations, in_shares, in_sizes

#: Two computers may round the last digits of a probability otherwise.
AS_GOOD_AS_EQUAL = 1e-9


@dataclass(frozen=True)
class KeptContinuousDraw:
    """What was kept: the lines of the frame in their order, what was asked, and what came out.

    ``invited``, ``recorded``, ``shares`` and ``adrift``: see ``verification.KeptDraw``; the shares are the rates.
    """

    lines: Sequence[Line]
    plan: Plan
    seed: bytes
    commitment: str
    frame_hash: str
    strata: Mapping[str, StratumSize]
    fingerprints: bytes = b""
    invited: Mapping[str, str] | None = None
    recorded: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)
    adrift: Sequence[str] = ()

    @property
    def own(self) -> list[OwnLine]:
        return [line for line in self.lines if isinstance(line, OwnLine)]

    @property
    def taken(self) -> frozenset[str]:
        return frozenset(line.public_id for line in self.own if line.taken)


def differences(kept: KeptContinuousDraw) -> list[Difference]:
    """What deciding again finds otherwise than it was kept; an empty list when all is identical.

    Codes: those of a batch, and ``decision``, ``probability`` and ``order`` of a contact.
    """
    found = [Difference("ledger", name, *sides) for name, sides in kept.recorded.items()]
    if kept.commitment != (again := commitment(kept.seed)):
        found.append(Difference("seed", "", kept.commitment, again))
    found += _in_frame(kept)
    try:
        found += _in_decisions(kept)
    except SurveyRefused as refusal:
        return [*found, Difference("refused", "", "", refusal.code)]
    strata = {line.public_id: line.stratum for line in kept.own}
    rates: dict[str, Share] = {
        line.public_id: kept.plan.rate(line.stratum) for line in kept.own if line.standing == ELIGIBLE
    }
    return [
        *found,
        *in_sizes(kept.strata, _sizes(kept.own)),
        *in_shares(kept.shares, rates),
        *(Difference("adrift", public_id) for public_id in kept.adrift),
        *in_invitations(kept.taken, kept.invited, strata),
    ]


def _sizes(lines: Sequence[OwnLine]) -> dict[str, StratumSize]:
    """Taken of those who could be, of each stratum in which somebody could."""
    counts: dict[str, StratumSize] = {}
    for line in lines:
        if line.standing == ELIGIBLE:
            taken, could = counts.get(line.stratum, (0, 0))
            counts[line.stratum] = StratumSize(taken + line.taken, could + 1)
    return counts


def _in_frame(kept: KeptContinuousDraw) -> Iterator[Difference]:
    again = fixed_lines(kept.lines)
    if again.frame_hash == kept.frame_hash:
        return
    yield Difference("frame", "", kept.frame_hash, again.frame_hash)
    yield from changed_lines(kept.fingerprints, zip(frame_lines(kept.own), kept.own, strict=True))


def _in_decisions(kept: KeptContinuousDraw) -> Iterator[Difference]:
    lives: dict[object, History] = defaultdict(History)
    last: dict[object, str] = {}
    for line in kept.lines:
        who: object = line.public_id if isinstance(line, OwnLine) and line.cluster is None else line.cluster
        if isinstance(line, OtherLine):
            lives[who].add(_given(line))
        elif line.standing != ELIGIBLE:
            if line.taken:
                yield Difference("decision", line.public_id, "taken", "not taken")
            continue
        else:
            if line.at < last.get(who, ""):
                yield Difference("order", line.public_id, last[who], line.at)
            yield from _in_decision(kept, line, lives[who])
        last[who] = line.at


def _in_decision(kept: KeptContinuousDraw, line: OwnLine, life: History) -> Iterator[Difference]:
    rate = kept.plan.rate(line.stratum)
    hit = is_hit(kept.seed, line.public_id, rate)
    again = life.decide(read_moment(line.at), rate, kept.plan.quarantine, hit)
    if again.taken != bool(line.taken):
        yield Difference("decision", line.public_id, _said(bool(line.taken)), _said(again.taken))
    if line.pi is None or not math.isclose(again.pi, line.pi, rel_tol=AS_GOOD_AS_EQUAL, abs_tol=1e-15):
        yield Difference("probability", line.public_id, line.pi, again.pi)


def _said(taken: bool) -> str:
    return "taken" if taken else "not taken"


def _given(line: OtherLine) -> Decided:
    quarantine = timedelta(days=line.quarantine_days)
    return Decided(read_moment(line.at), read_rate(line.rate), quarantine, line.pi, bool(line.taken))
