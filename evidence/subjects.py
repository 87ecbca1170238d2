"""What a binder is about, and which codes say that something is missing."""

from dataclasses import dataclass
from datetime import date


class EvidenceRefused(Exception):
    """A binder that cannot be built; ``code``: unknown-principal, unknown-survey or bad-period."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class BinderInconsistent(Exception):
    """The numbers of a binder do not follow from its own files; ``faults`` name them."""

    code = "inconsistent"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Subject:
    """A principal, days (both inclusive, in its zone), and one programme or all of them."""

    principal_id: int
    principal_key: str
    principal_name: str
    zone: str
    first_day: date
    last_day: date
    survey_key: str | None = None

    def about(self) -> dict[str, object]:
        """What the manifest says of it."""
        return {
            "principal": self.principal_key,
            "period": {"from": self.first_day.isoformat(), "to": self.last_day.isoformat()},
            "survey": self.survey_key,
            "edition": "auditor",
            "confidential": True,
        }

    def file_name(self) -> str:
        """The name under which the binder is handed out."""
        parts = ["evidence", self.principal_key, self.survey_key, str(self.first_day), str(self.last_day)]
        return "-".join(part for part in parts if part) + "-confidential.zip"


@dataclass(frozen=True)
class Holding:
    """How much of each thing there is for a binder, and what is missing, as codes."""

    periods: int
    incomplete: bool
    draws: int
    late_draws: int
    answers: int
    complaints: int
    appeals: int
    entries: int
    unsealed: int

    @property
    def missing(self) -> list[str]:
        """Codes of what an auditor would ask after; the binder can be built all the same."""
        found = {
            "no-closed-period": not self.periods,
            "period-incomplete": bool(self.periods) and self.incomplete,
            "no-draw": not self.draws,
            "no-answers": bool(self.draws) and not self.answers,
            "seed-late": bool(self.late_draws),
            "unsealed": bool(self.unsealed),
            "not-signed": True,
        }
        return [code for code, holds in found.items() if holds]
