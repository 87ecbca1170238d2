"""Making a programme."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from foundation.database import db, insert_if_absent
from foundation.ledger.services import record
from surveys.eligibility import FACT, STRATA_FIELDS, Rules
from surveys.models import Programme, QuestionnaireVersion
from surveys.refusals import SurveyRefused

MOST_STRATA_FIELDS = 3


@dataclass(frozen=True)
class NewProgramme:
    """Everything a programme says. ``sending_window`` is a window document of notifications, or None."""

    key: str
    name: str
    principal_id: int
    version_id: int
    collection: str
    promise: str = "followed_up"
    validity_days: int = 7
    low_score: int | None = 2
    rules: Rules = field(default_factory=Rules)
    strata: Sequence[str] = ("site", "channel")
    method: str = "proportional"
    sample_size: int | None = None
    minimum: int = 2
    fixed_sizes: Mapping[str, int] = field(default_factory=dict)
    quarantine_days: int = 0
    sending_window: Mapping[str, Any] | None = None


def create_programme(new: NewProgramme, now: datetime, actor_id: int | None = None) -> Programme:
    """Add a programme. Its rules are fixed with it, so that every figure says under which rules it came about.

    Raises SurveyRefused: ``key-taken``, ``version-not-published``, ``unknown-strata-field``,
    ``too-many-strata-fields``, ``size-missing`` (a method that shares a size needs one).
    """
    _check(new)
    values = asdict(new) | {
        "rules": new.rules.to_json(),
        "strata": list(new.strata),
        "fixed_sizes": dict(new.fixed_sizes),
        "created_at": now,
        "created_by": actor_id,
    }
    inserted = insert_if_absent(Programme, [values], ["key"])
    if not inserted:
        raise SurveyRefused("key-taken", key=new.key)
    facts = {name: values[name] for name in values if name not in ("created_at", "created_by")}
    record("programme.created", f"programme:{inserted[0]}", facts, now, actor_id=actor_id)
    return db.session.get_one(Programme, inserted[0])


def _check(new: NewProgramme) -> None:
    version = db.session.get(QuestionnaireVersion, new.version_id)
    if version is None or version.published_at is None:
        raise SurveyRefused("version-not-published")
    for name in new.strata:
        if name not in STRATA_FIELDS and not (name.startswith(FACT) and len(name) > len(FACT)):
            raise SurveyRefused("unknown-strata-field", field=name)
    if len(new.strata) > MOST_STRATA_FIELDS:
        raise SurveyRefused("too-many-strata-fields", most=MOST_STRATA_FIELDS)
    if new.method in ("proportional", "equal") and not new.sample_size:
        raise SurveyRefused("size-missing")
