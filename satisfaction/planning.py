"""How many answers the next period needs: for a margin, to tell two apart, to prove a target; and by stratum."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from estimation import (
    SampleSize,
    sample_size_for_difference,
    sample_size_for_share,
    sample_size_for_verdict,
    sizes_with_floor,
)

MARGIN, DIFFERENCE, VERDICT = "margin", "difference", "verdict"
GOALS = (MARGIN, DIFFERENCE, VERDICT)
#: Answers that each stratum has at least: fewer are joined with their neighbours.
FLOOR = 10


@dataclass(frozen=True)
class Basis:
    """What is known beforehand: shares 0 to 1. ``design_effect``: answers asked for each answer of a plain draw.

    ``strata``: contacts by stratum in the last draw, empty where the reader sees only a part of them.
    """

    expected: float | None
    response_rate: float | None
    design_effect: float
    population: int
    strata: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StratumPlan:
    """A stratum: its contacts, the answers it should give, and the invitations that takes."""

    contacts: int
    answers: int
    invitations: int


@dataclass(frozen=True)
class Planned:
    """Answers and invitations in all (for a difference, of each of the two), and by stratum.

    ``too_many``: more than there are contacts to be asked.
    """

    size: SampleSize
    strata: Mapping[str, StratumPlan]
    too_many: bool


def planned(
    goal: str, basis: Basis, *, expected: float, response_rate: float, other: float | None = None, margin: float = 0.05
) -> Planned | None:
    """The size for ``goal``; ``other`` is the second share of a difference, or the target of a verdict.

    None where more answers would not prove the target, the expected share not being above it. Raises InvalidInput.
    """
    known = {"design_effect": basis.design_effect, "expected_response_rate": response_rate}
    size: SampleSize | None
    if goal == MARGIN:
        size = sample_size_for_share(expected, margin, population_size=basis.population or None, **known)
    elif goal == DIFFERENCE:
        # A comparison speaks of the process: no correction for a finite population.
        size = sample_size_for_difference(expected, other or 0.0, **known)
    else:
        size = sample_size_for_verdict(expected, other or 0.0, population_size=basis.population or None, **known)
    if size is None:
        return None
    return Planned(size, _by_stratum(basis, size, response_rate), _is_too_many(basis, size))


def _is_too_many(basis: Basis, size: SampleSize) -> bool:
    return bool(basis.population) and size.invitations_required > basis.population


def _by_stratum(basis: Basis, size: SampleSize, response_rate: float) -> dict[str, StratumPlan]:
    """The answers shared by size, at least FLOOR each; invitations never more than there are contacts."""
    if not basis.strata:
        return {}
    contacts = dict(basis.strata)
    answers = sizes_with_floor(
        {label: float(size_h) for label, size_h in contacts.items()}, contacts, size.n_required, FLOOR
    )
    return {
        label: StratumPlan(contacts[label], wanted, min(math.ceil(wanted / response_rate), contacts[label]))
        for label, wanted in answers.items()
    }
