"""The commitments of a period for Home, and the least number of answers that they ask for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contacts.models import Principal
from foundation.accounts.scope import Scope
from foundation.web.filters import local_date
from satisfaction.commitments import Pending
from satisfaction.models import TargetAgreement, TargetVersion
from satisfaction.queries.programmes import closed_periods, principals
from satisfaction.queries.verdicts import VerdictCard, agreements, programme_keys, rule_of, verdicts
from satisfaction.services.reporting import report
from satisfaction.standing import Field

Span = tuple[date, date]


def given(span: Span, scope: Scope, principal: Principal | None) -> list[VerdictCard]:
    """The verdicts of exactly these days, as far as ``scope`` sees."""
    return verdicts(scope, principal_id=principal.id if principal else None, span=span)


def parties_of(scope: Scope) -> dict[int, str]:
    """The name of the principal of each commitment in scope, by the id of the commitment."""
    names = {each.id: each.name for each in principals(scope)}
    return {each.id: names[each.principal_id] for each in agreements(scope)}


def pending(
    span: Span, now: datetime, scope: Scope, owners: Collection[Principal], fields: dict[str, Field],
    looked: Collection[int],
) -> list[Pending]:  # fmt: skip
    """The commitments that speak of these days and of which nothing was said yet; ``looked``: those already judged."""
    zones = {each.id: each.zone for each in owners}
    found = []
    for agreement in agreements(scope):
        if agreement.principal_id in zones and agreement.id not in looked:
            version = rule_of(agreement, span, zones[agreement.principal_id])
            if version:
                found.append(_pending(agreement.principal_id, version, now, fields))
    return found


def _pending(principal_id: int, version: TargetVersion, now: datetime, fields: dict[str, Field]) -> Pending:
    keys = programme_keys([version.programme_id]) if version.programme_id else {}
    field = fields.get(keys.get(version.programme_id or 0, ""))
    # Of each place by itself no sum tells: that is on the page of the week.
    whole = field if field and not version.dimensions else None
    return Pending(
        agreement_id=version.agreement_id,
        principal_id=principal_id,
        title=version.title,
        least=version.minimum_answers,
        answered=whole.answered if whole else None,
        reached=whole.at_the_close(now) if whole else None,
    )


def least_answers(now: datetime, scope: Scope) -> dict[str, int]:
    """The least number of answers by site that each programme has to bring, by what is signed for today."""
    found: dict[str, int] = {}
    for version in _in_force(now, scope):
        if version.programme_id and "site" in version.dimensions:
            key = programme_keys([version.programme_id]).get(version.programme_id, "")
            found[key] = max(version.minimum_answers, found.get(key, 0))
    return found


def _in_force(now: datetime, scope: Scope) -> Iterator[TargetVersion]:
    today = local_date(now)
    for agreement in agreements(scope):
        signed = [one for one in agreement.versions if one.signed_at is not None]
        last = max(signed, key=lambda one: one.number, default=None)
        if last and last.first_day <= today and (last.last_day is None or today <= last.last_day):
            yield last


@dataclass(frozen=True)
class SoFar:
    """The figures of days on which a commitment will be judged, before it is: no verdict stands on them."""

    span: Span
    rows: list[dict[str, Any]]
    still_open: int


def so_far(agreement: TargetAgreement, scope: Scope, now: datetime) -> SoFar | None:
    """Of the latest closed period that is not judged yet; None where there is none, or nothing is signed for it."""
    principal = next((one for one in principals(scope) if one.id == agreement.principal_id), None)
    if principal is None:
        return None
    judged = {card.span for card in verdicts(scope, agreement_id=agreement.id)}
    spans = [(one.first_day, one.last_day) for one in closed_periods(principal.id)]
    span = next((one for one in reversed(spans) if one not in judged), None)
    version = rule_of(agreement, span, principal.zone) if span else None
    if span is None or version is None:
        return None
    key = programme_keys([version.programme_id]).get(version.programme_id) if version.programme_id else None
    found = report(
        first_day=span[0], last_day=span[1], now=now, scope=scope, survey_key=key, principal_key=principal.key,
        by=version.dimensions,
    )  # fmt: skip
    mine = [row for row in found["results"] if row["indicator"] == version.indicator]
    rows = [row for row in mine if version.speaks_of(row["by"])]
    waiting = sum(each["still_open"] or 0 for each in found["coverage"]) if key else 0
    return SoFar(span, rows, waiting)
