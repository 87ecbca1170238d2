"""What a programme declares about weighting before anybody answers: which strata join, and which totals are met.

``merge``: fields of the strata that may be given up where fewer than ten answered, in that order; the channel before
the site joins channels within a site first. ``rake``: known totals of the frame that the weights meet, each one field
or several crossed. Both are kept with the version, so that nothing is chosen after the answers are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.refusals import SurveyRefused

#: What every contact of the frame has beside the fields of its stratum.
PLACE_FIELDS = ("site", "channel")


@dataclass(frozen=True)
class Weighting:
    """What is declared; empty where figures come from the strata as they are."""

    merge: tuple[str, ...] = ()
    rake: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Weighting":
        return cls(tuple(stored.get("merge", ())), tuple(tuple(one) for one in stored.get("rake", ())))

    def to_json(self) -> dict[str, Any]:
        """As a version keeps it: what is empty is left out."""
        said = {"merge": list(self.merge), "rake": [list(one) for one in self.rake]}
        return {name: value for name, value in said.items() if value}

    def __bool__(self) -> bool:
        return bool(self.merge or self.rake)


def check_weighting(stored: Mapping[str, Any], strata: Sequence[str]) -> None:
    """Raise SurveyRefused ``merge-not-a-stratum`` or ``rake-unknown-field`` (field), or ``weighting-repeated``."""
    said = Weighting.from_json(stored)
    for name in said.merge:
        if name not in strata:
            raise SurveyRefused("merge-not-a-stratum", field=name)
    for name in (name for margin in said.rake for name in margin):
        if name not in strata and name not in PLACE_FIELDS:
            raise SurveyRefused("rake-unknown-field", field=name)
    margins = [tuple(sorted(margin)) for margin in said.rake]
    repeated = len(set(said.merge)) < len(said.merge) or len(set(margins)) < len(margins)
    if repeated or any(len(set(margin)) < len(margin) or not margin for margin in said.rake):
        raise SurveyRefused("weighting-repeated")
