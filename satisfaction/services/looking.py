"""The one official look at each agreement: taken after the close, kept, and never taken again."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contacts.models import Principal, Site
from estimation import missing_by_holm
from foundation.database import db, insert_if_absent
from foundation.ledger import services as ledger
from foundation.ledger.chain import canonical
from satisfaction import findings as rules
from satisfaction.cadences import Span
from satisfaction.models import TargetAgreement, TargetLook, TargetVersion, Verdict
from satisfaction.queries import verdicts as kept
from satisfaction.services.reporting import DIMENSIONS, report
from satisfaction.targets import TARGETS
from satisfaction.verdicts import NOT_ASKED, NOT_MET, PROVEN, Judgement, fails, judged

Row = dict[str, Any]
UNRIPE = {rules.ANSWERS_WAITING, rules.TOO_EARLY, rules.NOT_REACHED}


def take_looks(now: datetime) -> int:
    """Take every look that is due; return how many. The caller commits; doing it again changes nothing."""
    return sum(look(agreement, version, span, now) for agreement, version, span in list(kept.looks_due(now)))


def look(agreement: TargetAgreement, version: TargetVersion, span: Span, now: datetime) -> bool:
    """Judge what ``version`` promises of these days, once and for all; False where that was done already.

    Also False while the figure is not ripe: anonymous answers wait for company, or half of the complaints for theirs.
    """
    rows = figures(agreement.principal_id, version, span, now, version.confidence_level)
    unripe = any(UNRIPE & set(row["flags"]) for row in rows)
    if unripe and not kept.is_past_patience(agreement.principal_id, span, now):
        return False
    first = {"agreement_id": agreement.id, "first_day": span[0], "last_day": span[1]}
    withheld = withholds(agreement.principal_id, version, span, now)
    facts = {"version_id": version.id, "principal_id": agreement.principal_id, "looked_at": now, "withholds": withheld}
    inserted = insert_if_absent(TargetLook, [first | facts], list(first))
    if not inserted:
        return False
    given = _verdicts(inserted[0], agreement, version, span, rows, now)
    db.session.add_all(given)
    db.session.flush()
    _tell_ledger(agreement, version, span, given, now)
    return True


def figures(principal_id: int, version: TargetVersion, span: Span, now: datetime, level: float) -> list[Row]:
    """The figures that a version speaks of, by place."""
    found = _figures_by(version.dimensions, principal_id, version, span, now, level)
    return [row for row in found if version.speaks_of(row["by"])] or [_blank(version)]


def withholds(principal_id: int, version: TargetVersion, span: Span, now: datetime) -> bool:
    """Whether some figure of the same question is withheld, at any place that anybody may ask for.

    Not only at the places of the version: the figure of a site, shown to a reader of that site alone, would tell by
    subtraction what is withheld of one of its channels.
    """
    asked: tuple[tuple[str, ...], ...] = (("site",), ("channel",), DIMENSIONS) if version.programme_id else (("site",),)
    return any(
        rules.SUPPRESSED in row["flags"]
        for by in asked
        for row in _figures_by(by, principal_id, version, span, now, version.confidence_level)
    )


def _figures_by(
    by: tuple[str, ...], principal_id: int, version: TargetVersion, span: Span, now: datetime, level: float
) -> list[Row]:
    principal = db.session.get_one(Principal, principal_id)
    programme = kept.programme_keys([version.programme_id]).get(version.programme_id) if version.programme_id else None
    found = report(
        first_day=span[0], last_day=span[1], now=now, survey_key=programme, principal_key=principal.key, by=by,
        level=level,
    )["results"]  # fmt: skip
    return [row for row in found if row["indicator"] == version.indicator]


def _blank(version: TargetVersion) -> Row:
    """The figure of a place, or of a question, that there is not."""
    by = {name: getattr(version, name) for name in version.dimensions if getattr(version, name) != "*"}
    target = TARGETS[version.indicator]
    nothing = ("estimate", "lower", "upper", "n", "n_effective", "events", "exposure", "population", "population_name")
    return dict.fromkeys(nothing) | {
        "by": by, "indicator": version.indicator, "unit": target.unit, "confidence_level": version.confidence_level,
        "flags": [NOT_ASKED], "detail": {}, "weighting": "none", "method": "", "covered": None, "coverage_loss": None,
        "question": None, "series": None, "series_number": None,
    }  # fmt: skip


def _verdicts(
    look_id: int, agreement: TargetAgreement, version: TargetVersion, span: Span, rows: list[Row], now: datetime
) -> list[Verdict]:
    sites = {row.key: row.id for row in db.session.execute(select(Site.key, Site.id))}
    responses = response_by_place(version, span, rows)
    given = [judgement(version, row, responses) for row in rows]
    missing = _missing(agreement.principal_id, version, span, rows, given, now)
    return [
        Verdict(
            look_id=look_id,
            site_id=sites.get(row["by"].get("site", "")),
            channel=row["by"].get("channel", ""),
            state=said.state,
            reason=said.reason,
            finding=row,
            response=responses.get(place_name(row)),
            misses=place_name(row) in missing,
        )
        for row, said in zip(rows, given, strict=True)
    ]


def judgement(version: TargetVersion, row: Row, responses: Mapping[str, float]) -> Judgement:
    """What a version says of a figure, with the formula of today."""
    return judged(version.rule, row, responses.get(place_name(row)), TARGETS[version.indicator].formula)


def place_name(row: Mapping[str, Any]) -> str:
    """One text for each place: its site and channel."""
    return canonical(dict(row["by"]))


def response_by_place(version: TargetVersion, span: Span, rows: Iterable[Row]) -> dict[str, float]:
    """The share of those drawn at each place who answered the question; nothing where no number may be shown."""
    if version.programme_id is None:
        return {}
    drawn = kept.drawn_by_place(version.programme_id, span)
    found = {}
    for row in rows:
        by = row["by"]
        asked = sum(
            many for site, channel, many in drawn
            if by.get("site", site) == site and by.get("channel", channel) == channel
        )  # fmt: skip
        if asked and row["n"] is not None:
            found[place_name(row)] = row["n"] / asked
    return found


def _missing(
    principal_id: int, version: TargetVersion, span: Span, rows: list[Row], given: list[Judgement], now: datetime
) -> frozenset[str]:
    """Those of several places that may be said to miss together: "these sites miss" takes stricter proof than one."""
    if version.decision != PROVEN:
        return frozenset()
    tested = {place_name(row) for row, said in zip(rows, given, strict=True) if said.is_measured}
    if not any(said.state == NOT_MET for said in given):
        return frozenset()

    def failing(level: float) -> set[str]:
        strict = figures(principal_id, version, span, now, level)
        return {place_name(row) for row in strict if row["estimate"] is not None and fails(version.rule, row)}

    return missing_by_holm(tested, failing, version.confidence_level)


def _tell_ledger(
    agreement: TargetAgreement, version: TargetVersion, span: Span, given: list[Verdict], now: datetime
) -> None:
    """What was said of each place, and a digest of the figure it was said of, which the ledger need not repeat."""
    said = [
        {
            "by": verdict.finding["by"],
            "state": verdict.state,
            "reason": verdict.reason,
            "misses": verdict.misses,
            "finding_sha256": hashlib.sha256(canonical(verdict.finding).encode()).hexdigest(),
        }
        for verdict in given
    ]
    facts = {
        "principal_id": agreement.principal_id,
        "version": version.number,
        "first_day": span[0].isoformat(),
        "last_day": span[1].isoformat(),
        "verdicts": said,
    }
    ledger.record("satisfaction.verdicts-given", f"target-agreement:{agreement.id}", facts, now)
