"""Target agreements: written, changed by another version, signed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from contacts.models import Site
from contacts.vocabulary import CHANNELS
from foundation.database import db
from foundation.ledger import services as ledger
from satisfaction.cadences import CADENCES
from satisfaction.models import TargetAgreement, TargetVersion
from satisfaction.targets import TARGETS
from satisfaction.verdicts import DECISIONS
from surveys.models import Programme

#: Under so many answers no figure is shown at all, so that no agreement asks for fewer.
FEWEST_ANSWERS = 5
LEVELS = (0.9, 0.95, 0.99)


class TargetRefused(Exception):
    """An agreement that may not be so; ``code`` says why, and ``field`` what of it."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code, field)
        self.code = code
        self.field = field


@dataclass(frozen=True)
class Terms:
    """What an agreement says, as ``satisfaction.models.targets.TargetVersion`` keeps it."""

    title: str
    indicator: str
    target: float
    first_day: date
    last_day: date | None = None
    programme_id: int | None = None
    tolerance: float = 0.0
    decision: str = "proven"
    confidence_level: float = 0.95
    minimum_answers: int = 30
    minimum_response: float | None = None
    population_name: str | None = None
    cadence: str = "period"
    site: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signed for each side, and on which day."""

    signed_for_principal: str
    signed_for_provider: str
    signed_on: date


def write_agreement(
    principal_id: int, terms: Terms, now: datetime, actor_id: int | None = None
) -> TargetAgreement:  # fmt: skip
    """Write the first version of a commitment; it holds once it is signed. Raises TargetRefused.

    ``target-out-of-range``, ``tolerance-out-of-range``, ``too-few-answers``, ``response-out-of-range``,
    ``days-out-of-order``, ``programme-missing``, ``population-missing``, ``channel-of-register``, ``unknown``.
    """
    _check(principal_id, terms)
    agreement = TargetAgreement(principal_id=principal_id, created_at=now, version=1)
    db.session.add(agreement)
    db.session.flush()
    _add_version(agreement, terms, "written", now, actor_id)
    return agreement


def change_agreement(
    agreement_id: int, seen: int, terms: Terms, now: datetime, actor_id: int | None = None
) -> TargetAgreement:  # fmt: skip
    """Write the next version of a commitment whose last one is ``seen``; what was signed holds until this is too.

    Raises TargetRefused as ``write_agreement`` does, and ``changed-meanwhile``. No verdict is ever given again.
    """
    agreement = _locked(agreement_id, seen)
    _check(agreement.principal_id, terms)
    agreement.version += 1
    _add_version(agreement, terms, "changed", now, actor_id)
    return agreement


def sign_agreement(
    agreement_id: int, seen: int, signature: Signature, now: datetime, actor_id: int | None = None
) -> TargetVersion:  # fmt: skip
    """Record that the last version, ``seen``, was signed: it is the rule of all periods that begin from now on.

    Raises TargetRefused ``changed-meanwhile``, ``already-signed``, ``signatory-missing`` or ``signed-later``.
    """
    agreement = _locked(agreement_id, seen)
    version = next(one for one in agreement.versions if one.number == agreement.version)
    if version.signed_at is not None:
        raise TargetRefused("already-signed")
    for name in ("signed_for_principal", "signed_for_provider"):
        if not getattr(signature, name).strip():
            raise TargetRefused("signatory-missing", name)
    if signature.signed_on > now.date():
        raise TargetRefused("signed-later", "signed_on")
    for name, value in asdict(signature).items():
        setattr(version, name, value)
    version.signed_at, version.signed_by = now, actor_id
    facts = _facts(agreement, version) | {"signed_on": signature.signed_on.isoformat()}
    names = {name: getattr(signature, name) for name in ("signed_for_principal", "signed_for_provider")}
    ledger.record("satisfaction.target-signed", _subject(agreement), facts, now, actor_id, personal=names)
    return version


def _locked(agreement_id: int, seen: int) -> TargetAgreement:
    agreement = db.session.get_one(TargetAgreement, agreement_id, with_for_update=True, populate_existing=True)
    if agreement.version != seen:
        raise TargetRefused("changed-meanwhile", "version")
    return agreement


def _check(principal_id: int, terms: Terms) -> None:
    target = TARGETS.get(terms.indicator)
    if target is None:
        raise TargetRefused("unknown", "indicator")
    programme = db.session.get(Programme, terms.programme_id) if terms.programme_id else None
    known_site = terms.site in ("", "*") or db.session.query(Site.id).filter_by(key=terms.site).first() is not None
    room = target.highest - target.lowest
    faults = {
        ("unknown", "decision"): terms.decision not in DECISIONS or terms.cadence not in CADENCES,
        ("unknown", "confidence_level"): terms.confidence_level not in LEVELS,
        ("unknown", "site"): not known_site,
        ("unknown", "channel"): terms.channel not in ("", "*", *CHANNELS),
        ("programme-missing", "programme_id"): target.of_survey
        and (programme is None or programme.principal_id != principal_id),
        ("population-missing", "population_name"): target.of_survey != bool(terms.population_name),
        ("channel-of-register", "channel"): not target.of_survey and bool(terms.channel),
        ("target-out-of-range", "target"): not target.lowest <= terms.target <= target.highest,
        ("tolerance-out-of-range", "tolerance"): not 0 <= terms.tolerance < room,
        ("too-few-answers", "minimum_answers"): terms.minimum_answers < (FEWEST_ANSWERS if target.of_survey else 1),
        ("response-out-of-range", "minimum_response"): terms.minimum_response is not None
        and not (target.of_survey and 0 < terms.minimum_response <= 1),
        ("days-out-of-order", "last_day"): terms.last_day is not None and terms.last_day < terms.first_day,
    }
    for (code, field), found in faults.items():
        if found:
            raise TargetRefused(code, field)


def _add_version(agreement: TargetAgreement, terms: Terms, act: str, now: datetime, actor_id: int | None) -> None:
    target = TARGETS[terms.indicator]
    said = asdict(terms) | {"programme_id": terms.programme_id if target.of_survey else None}
    version = TargetVersion(
        agreement_id=agreement.id, number=agreement.version, recorded_at=now, recorded_by=actor_id,
        direction=target.direction, formula=target.formula, **said,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    ledger.record(f"satisfaction.target-{act}", _subject(agreement), _facts(agreement, version), now, actor_id)
    db.session.refresh(agreement)


def _facts(agreement: TargetAgreement, version: TargetVersion) -> dict[str, Any]:
    """What the ledger keeps of a version, besides who signed."""
    names = (
        *("number", "title", "indicator", "formula", "programme_id", "direction", "target", "tolerance", "decision"),
        *("confidence_level", "minimum_answers", "minimum_response", "population_name", "cadence", "site", "channel"),
    )
    days = {name: getattr(version, name) for name in ("first_day", "last_day")}
    return (
        {"principal_id": agreement.principal_id}
        | {name: getattr(version, name) for name in names}
        | {name: day and day.isoformat() for name, day in days.items()}
    )


def _subject(agreement: TargetAgreement) -> str:
    return f"target-agreement:{agreement.id}"
