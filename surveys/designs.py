"""What a programme says of its design beside method and size, and what of it enters a draw."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from surveys.allocation import Past, Plan

#: Methods that share a number given; the others find one.
SHARING = ("proportional", "equal", "neyman")


@dataclass(frozen=True)
class Design:
    """Integers only: thousandths of a share, percents of confidence. What is at its usual value is not stored."""

    completes: int = 0
    """Answers expected of each stratum at least: so many more are asked where fewer answer."""
    margin: int | None = None
    """Half-width wanted of a share over the whole, in thousandths."""
    site_margin: int | None = None
    """The same within each site."""
    expected_response: int | None = None
    """Response expected, in thousandths, while there is no past."""
    expected_share: int = 500
    """The share expected; 500 asks for most answers."""
    confidence: int = 95
    question: str = ""
    """Whose past answers say how much strata differ (Neyman); empty: the first question of satisfaction."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Design":
        return cls(**{each.name: stored[each.name] for each in fields(cls) if each.name in stored})

    def to_json(self) -> dict[str, Any]:
        usual = asdict(Design())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def inputs(self, method: str, strata: Sequence[str], past: Past) -> dict[str, Any]:
        """What a draw keeps of it and of the past, so that a stranger allocates the same; {} where nothing counts."""
        kept: dict[str, Any] = {}
        if self.completes:
            kept["completes"] = self.completes
        if self.completes or method == "precision":
            kept["response"] = dict(past.response) or self._expected()
        if method == "neyman":
            kept["spread"] = dict(past.spread)
        if method == "precision":
            kept |= {"margin": self.margin, "site_margin": self.site_margin, "share": self.expected_share}
            kept |= {"confidence": self.confidence, "site_at": strata.index("site") if "site" in strata else None}
        return kept

    def _expected(self) -> dict[str, list[int]]:
        return {"": [self.expected_response, 1000]} if self.expected_response else {}


def plan_from(allocation: Mapping[str, Any]) -> Plan:
    """The plan that a draw keeps in its ``allocation``."""
    past = Past(allocation.get("response", {}), allocation.get("spread", {}))
    said = ("margin", "site_margin", "site_at", "share", "confidence")
    more = {name: allocation[name] for name in said if name in allocation}
    asked = (allocation["method"], allocation["size"], allocation["minimum"], allocation["fixed"])
    return Plan(*asked, completes=allocation.get("completes", 0), past=past, **more)
