"""Making a programme, and giving it a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.database import db, insert_if_absent
from foundation.ledger.services import record
from surveys.anonymity import ANONYMOUS
from surveys.continuous import check_rates
from surveys.designs import SHARING
from surveys.eligibility import FACT, STRATA_FIELDS
from surveys.models import Programme, ProgrammeVersion, QuestionnaireVersion
from surveys.promises import promise_broken
from surveys.refusals import SurveyRefused
from surveys.terms import MOST_REMINDERS, Terms, changes, terms_hash
from surveys.weighting import check_weighting

MOST_STRATA_FIELDS = 3


@dataclass(frozen=True)
class NewProgramme:
    """A programme to make, with what its first version says."""

    key: str
    name: str
    principal_id: int
    terms: Terms


def create_programme(new: NewProgramme, now: datetime, actor_id: int | None = None) -> Programme:
    """Add a programme; its version 1 is in force at once.

    Raises SurveyRefused: ``key-taken``, ``version-not-published``, ``version-retired``, ``too-many-reminders``,
    ``unknown-strata-field``, ``too-many-strata-fields``, ``size-missing`` (a method that shares a size needs one), or
    what ``promises.promise_broken`` finds.
    """
    _check(new.terms)
    values = {"key": new.key, "name": new.name, "principal_id": new.principal_id}
    inserted = insert_if_absent(Programme, [values | {"created_at": now, "created_by": actor_id}], ["key"])
    if not inserted:
        raise SurveyRefused("key-taken", key=new.key)
    said = new.terms.to_json()
    first = {"programme_id": inserted[0], "number": 1, "in_force_from": now}
    db.session.add(ProgrammeVersion(**first, **said, created_at=now, created_by=actor_id))
    db.session.flush()
    facts = values | said | {"hash": terms_hash(said)} | _asked(new.terms)
    record("programme.created", f"programme:{inserted[0]}", facts, now, actor_id=actor_id)
    return db.session.get_one(Programme, inserted[0])


def change_programme(
    programme: Programme,
    terms: Terms,
    seen: int,
    now: datetime,
    actor_id: int | None = None,
    *,
    in_force_from: datetime | None = None,
    note: str = "",
) -> ProgrammeVersion:
    """Give a programme a new version, in force from ``in_force_from`` on (now when None). Draws made keep theirs.

    ``seen`` is the number of the version that was looked at. Raises SurveyRefused: what ``create_programme`` raises of
    terms, ``programme-changed`` (by somebody else since), ``nothing-changed``, ``in-force-too-early`` (before now, or
    not after the last version), ``collection-stays`` (answers by file or by asking: that is another programme).
    """
    _check(terms)
    before, from_when = programme.latest, in_force_from or now
    said = terms.to_json()
    if before.number != seen:
        raise SurveyRefused("programme-changed", number=before.number)
    if terms_hash(said) == before.digest:
        raise SurveyRefused("nothing-changed")
    if (terms.collection == "file") is before.uses_addresses:
        raise SurveyRefused("collection-stays")
    if from_when < now or from_when <= before.in_force_from:
        raise SurveyRefused("in-force-too-early", last=before.in_force_from)
    row = {"programme_id": programme.id, "number": seen + 1, "in_force_from": from_when, "note": note}
    made = insert_if_absent(
        ProgrammeVersion, [row | said | {"created_at": now, "created_by": actor_id}], ["programme_id", "number"]
    )
    if not made:
        raise SurveyRefused("programme-changed", number=seen + 1)
    facts = row | {"in_force_from": from_when.isoformat()} | _asked(terms)
    hashes = {"before": before.digest, "after": terms_hash(said), "changed": changes(before.values, said)}
    subject = f"programme:{programme.id}"
    record("programme.changed", subject, facts | hashes, now, actor_id=actor_id, principal_id=programme.principal_id)
    db.session.expire(programme, ["versions"])
    return db.session.get_one(ProgrammeVersion, made[0])


def _asked(terms: Terms) -> Mapping[str, Any]:
    """The hash of what is asked, so that the ledger says it without the tables."""
    return {"questionnaire": db.session.get_one(QuestionnaireVersion, terms.version_id).content_hash}


def _check(new: Terms) -> None:
    # Whoever retires it in the same moment waits for this programme, or this programme sees it retired.
    version = db.session.get(QuestionnaireVersion, new.version_id, with_for_update={"read": True})
    if version is None or version.published_at is None:
        raise SurveyRefused("version-not-published")
    if version.retired_at is not None:
        raise SurveyRefused("version-retired", number=version.number)
    if broken := promise_broken(new, version.definition):
        raise SurveyRefused(broken[0], **broken[1])
    if new.draw_kind == "continuous":
        _check_continuous(new)
    if new.reminders > MOST_REMINDERS:
        raise SurveyRefused("too-many-reminders", most=MOST_REMINDERS)
    for name in new.strata:
        if name not in STRATA_FIELDS and not (name.startswith(FACT) and len(name) > len(FACT)):
            raise SurveyRefused("unknown-strata-field", field=name)
    if len(new.strata) > MOST_STRATA_FIELDS:
        raise SurveyRefused("too-many-strata-fields", most=MOST_STRATA_FIELDS)
    if new.method in SHARING and not new.sample_size:
        raise SurveyRefused("size-missing")
    check_weighting(new.weighting, new.strata)


def _check_continuous(new: Terms) -> None:
    """Raise SurveyRefused ``continuous-anonymous``, ``continuous-needs-address``, ``continuous-per-person``,
    ``rate-missing`` or ``bad-rate``.
    """
    if new.promise == ANONYMOUS:  # an answer that is cut from its contact has no weight any more
        raise SurveyRefused("continuous-anonymous")
    if new.collection == "file":
        raise SurveyRefused("continuous-needs-address")
    if new.rules.per_person is not None:  # how often somebody was invited is chance, and would have to enter pi
        raise SurveyRefused("continuous-per-person")
    if new.rules.certified_only:  # what is certified may be written down later, and a contact is decided once
        raise SurveyRefused("continuous-certified")
    check_rates(new.design)
