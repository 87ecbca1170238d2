"""What Home shows: the results of a period by programme and site, what truly changed, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contacts.models import Principal
from estimation import sample_size_for_share
from foundation.accounts.scope import Scope
from satisfaction.changes import Change, Pair, pairs_of, proven_changes
from satisfaction.commitments import Group, Pending, grouped
from satisfaction.findings import UNRELIABLE_BELOW, Period
from satisfaction.indicators import IN_TIME
from satisfaction.queries import programmes
from satisfaction.queries.field import fields_of
from satisfaction.queries.verdicts import Chance, VerdictCard, chance_of, programme_keys
from satisfaction.services.commitments import given, parties_of, pending
from satisfaction.services.reporting import report, survey_of
from satisfaction.standing import Field, Line, Thin, about_data, lines_of, sites_of, together
from surveys.models import Programme

Span = tuple[date, date]
#: A range wider than this either way says little; it is what a thin month is measured by.
MARGIN = 0.05


@dataclass(frozen=True)
class Board:
    """Home. ``fields`` are those still open, of the whole of each programme; ``compared``: differences looked at."""

    report: dict[str, Any]
    lines: list[Line]
    sites: list[str]
    fields: dict[str, Field]
    changes: list[Change]
    compared: int
    about: list[tuple[str, tuple[str, ...]]]
    thin: list[Thin]
    cards: list[VerdictCard]
    pending: list[Pending]
    #: Whose each commitment is, by its id.
    parties: dict[int, str]
    #: The keys of the programmes of the verdicts, by id.
    programmes: dict[int, str]

    @property
    def groups(self) -> list[Group]:
        """The verdicts of these days by what came of them."""
        return grouped(self.cards)

    @property
    def chance(self) -> Chance:
        """How many verdicts were tried, and how many of them chance alone would make wrong, at most."""
        return chance_of(self.cards)

    def verdict_on(self, line: Line, site: str) -> VerdictCard | None:
        """The verdict on one cell of the board: that of its indicator and programme, at all sites or at one."""
        by, keys = ({"site": site} if site else {}), self.programmes
        return next(
            (
                card for card in self.cards
                if card.by == by
                and card.version.indicator == line.indicator
                and keys.get(card.version.programme_id or 0) == line.survey
            ),
            None,
        )  # fmt: skip

    @property
    def all_lines(self) -> list[Line]:
        """Every headline of every programme that was drawn."""
        drawn = {each["survey"] for each in self.coverage}
        return lines_of((row for row in self.report["results"] if row["survey"] in drawn), every=True)

    @property
    def in_time(self) -> list[dict[str, Any]]:
        """Complaints answered in time, of all sites of the principal shown."""
        return [row for row in self.report["results"] if row["indicator"] == IN_TIME and not row["by"]]

    @property
    def coverage(self) -> list[dict[str, Any]]:
        """Of the programmes that were drawn."""
        return [each for each in self.report["coverage"] if each["drawn"]]


def board(span: Span, now: datetime, scope: Scope, principal: Principal | None) -> Board:
    """Everything that Home says of the closed periods within ``span``, as far as ``scope`` sees."""
    key = principal.key if principal else None
    found = report(first_day=span[0], last_day=span[1], now=now, scope=scope, principal_key=key, by=("site",))
    drawn = {each["survey"] for each in found["coverage"] if each["drawn"]}
    rows = [row for row in found["results"] if row["survey"] in drawn]
    lines = lines_of(rows)
    changes, compared = changes_of(span, now, scope, drawn)
    cards = given(span, scope, principal)
    open_ones = [each for each in fields_of(now, scope, span) if each.survey in drawn]
    fields = _open_fields(open_ones)
    owners = [principal] if principal else programmes.principals(scope)
    return Board(
        found, lines, sites_of(lines), fields, changes, compared, about_data(rows), _thin(lines, found["coverage"]),
        cards, pending(span, now, scope, owners, fields, {card.agreement_id for card in cards}),
        parties_of(scope), programme_keys({card.version.programme_id for card in cards if card.version.programme_id}),
    )  # fmt: skip


def _open_fields(fields: Sequence[Field]) -> dict[str, Field]:
    by_survey = {each.survey: together([one for one in fields if one.survey == each.survey]) for each in fields}
    return {key: whole for key, whole in by_survey.items() if whole and whole.still_open}


def changes_of(span: Span, now: datetime, scope: Scope, surveys: set[str]) -> tuple[list[Change], int]:
    """What is proven to have changed since the period drawn before, and how many differences were looked at."""
    pairs: list[Pair] = []
    for principal in programmes.principals(scope):
        for programme in programmes.programmes(scope, principal.id):
            if programme.key in surveys:
                pairs += _pairs(principal, programme, span, now, scope)
    return proven_changes(pairs)


def _pairs(principal: Principal, programme: Programme, span: Span, now: datetime, scope: Scope) -> list[Pair]:
    before = next((one for one in programmes.drawn_periods(programme.id) if one[1] < span[0]), None)
    if before is None:
        return []
    one, other = (survey_of(programme, Period(*days), scope, now, principal.zone)[0] for days in (span, before))
    return pairs_of(principal.key, programme.key, one, other)


def _thin(lines: Sequence[Line], coverage: Sequence[dict[str, Any]]) -> list[Thin]:
    """The programmes with so few answers that the headline is unreliable, and what the next draw would need."""
    asked = {each["survey"]: each for each in coverage}
    found = []
    for line in lines:
        row, reach = line.whole, asked[line.survey]
        if row["unit"] != "share" or row["estimate"] is None or row["n"] >= UNRELIABLE_BELOW:
            continue
        share = min(max(row["estimate"], 0.1), 0.9)  # a share of 0 or 1 would ask for nobody
        size = sample_size_for_share(share, MARGIN, expected_response_rate=row["n"] / reach["drawn"])
        found.append(Thin(line.survey, row["n"], MARGIN, size.n_required, size.invitations_required))
    return found
