"""The week of whoever asks: what was promised, what waits, what is missing, what is behind."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta

from contacts.queries.reconciliation import unexplained
from contacts.queries.watching import watched_folders
from foundation.accounts.scope import Scope
from foundation.web.filters import local_date
from satisfaction.findings import UNRELIABLE_BELOW
from satisfaction.queries import emergencies, programmes
from satisfaction.queries.comment_actions import open_actions
from satisfaction.queries.field import fields_of
from satisfaction.queries.week import cases_due, poster_programmes, running_days, waiting_answers
from satisfaction.services.commitments import least_answers
from satisfaction.week import (
    ACTIONS,
    BEHIND,
    CALL_BACKS,
    CASES,
    DAYS,
    EMERGENCIES,
    GAPS,
    IMPORTS,
    NEEDED,
    PERIODS,
    PROPOSALS,
    Group,
    Item,
    group,
    something,
)
from surveys.queries.programmes import programme_rows

#: Steps of a programme that somebody has to take.
STEPS = frozenset({"open", "draw", "refused", "send", "import-answers"})


def week_of(now: datetime, scope: Scope, permissions: Collection[str]) -> list[Group]:
    """The groups that hold something, in the order of the page; what somebody may not know of is left out."""
    builders: dict[str, Callable[[], Group]] = {
        EMERGENCIES: lambda: group(EMERGENCIES, "/satisfaction/comments", _emergencies(scope)),
        CALL_BACKS: lambda: waiting_answers(CALL_BACKS, True, now, scope),
        PROPOSALS: lambda: waiting_answers(PROPOSALS, False, now, scope),
        CASES: lambda: cases_due(CASES, now, scope),
        ACTIONS: lambda: group(ACTIONS, "/satisfaction/comments/actions", _actions(now, scope)),
        IMPORTS: lambda: group(IMPORTS, "/contacts/import", _imports(now, scope)),
        GAPS: lambda: group(GAPS, "/contacts/reconciliation", _gaps(now, scope)),
        PERIODS: lambda: group(PERIODS, "/surveys", _periods(now, scope)),
        BEHIND: lambda: group(BEHIND, "/satisfaction", _behind(now, scope, least_answers(now, scope))),
    }
    return something(build() for code, build in builders.items() if NEEDED[code] in permissions)


def _emergencies(scope: Scope) -> Iterator[Item]:
    """Comments with words of emergency that nobody has taken in hand."""
    owners, sites = _names(scope)
    for one in emergencies.waiting(scope):
        path, found = f"/satisfaction/comments/{one.comment}", local_date(one.found_at)
        yield Item(owners[one.principal_id], sites.get(one.site_id), path, late=True, facts={"found": found})


def _actions(now: datetime, scope: Scope) -> Iterator[Item]:
    """What somebody is to do because of a comment, by the end of the week."""
    owners, sites = _names(scope)
    today = local_date(now)
    for one in open_actions(scope):
        if one.due_on <= today + timedelta(days=DAYS):
            place = owners[one.principal_id], sites.get(one.site_id)
            yield Item(*place, "/satisfaction/comments/actions", one.due_on, one.due_on < today, {"what": one.what})


def _names(scope: Scope) -> tuple[dict[int, str], dict[int | None, str]]:
    owners = {each.id: each.name for each in programmes.principals(scope)}
    return owners, dict(programmes.sites_by_id(scope))


def _imports(now: datetime, scope: Scope) -> Iterator[Item]:
    """Files that should have come."""
    for one in watched_folders(scope, now):
        if one.missing_since is not None:
            due = local_date(one.missing_since)
            yield Item(one.principal, None, "/contacts/import", due, True, {"folder": one.folder.folder})


def _gaps(now: datetime, scope: Scope) -> Iterator[Item]:
    """Days of the running periods of which nobody can say yet that they are whole, by principal."""
    for principal, first, last in running_days(now, scope):
        if found := unexplained(principal.id, first, last, now, scope):
            facts = {"gaps": len(found)}
            yield Item(principal.name, None, f"/contacts/reconciliation?principal={principal.id}", None, False, facts)


def _periods(now: datetime, scope: Scope) -> Iterator[Item]:
    """Periods that are over and open still, and what each programme waits for."""
    for principal, first, last in running_days(now, scope):
        if last < local_date(now, principal.zone):
            yield Item(principal.name, None, "/contacts/periods", None, True, {"step": "close", "span": (first, last)})
    posters = poster_programmes()
    for row in programme_rows(scope, now):
        # A programme of posters draws nobody: its closed periods wait for nothing.
        if row.next_step.code in STEPS and row.programme.id not in posters:
            period = row.next_step.period
            span = (period.first_day, period.last_day) if period else None
            facts = {"step": row.next_step.code, "programme": row.programme.name, "span": span}
            yield Item(row.principal, None, f"/surveys/programmes/{row.programme.key}", facts=facts)


def _behind(now: datetime, scope: Scope, minimums: Mapping[str, int]) -> Iterator[Item]:
    """Places whose answers, at the pace of the last days, stay below the least that is agreed (or that can be read)."""
    sites = programmes.site_names(scope)
    owners = {each.id: each.name for each in programmes.principals(scope)}
    named = {each.key: each for each in programmes.programmes(scope)}
    for one in fields_of(now, scope):
        least, reached = minimums.get(one.survey, UNRELIABLE_BELOW), one.at_the_close(now)
        if one.still_open and one.survey in named and reached < least:
            programme = named[one.survey]
            facts = {"answered": one.answered, "reached": reached, "least": least, "programme": programme.name}
            until = local_date(one.until) if one.until else None
            path = f"/surveys/programmes/{one.survey}"
            yield Item(owners[programme.principal_id], sites.get(one.site, one.site), path, until, False, facts)
