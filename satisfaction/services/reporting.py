"""The report: the one computation behind the page, the command, the CSV and the binder."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from contacts.models import Principal
from foundation.accounts.scope import EVERYTHING, Scope
from satisfaction import findings as rules
from satisfaction.asked import common_readings
from satisfaction.blurring import Blur, blurred
from satisfaction.breaks import Break, Edition, series_in
from satisfaction.cells import Sample
from satisfaction.complaint_figures import NO_SITE, Register, Week, complaint_figures
from satisfaction.coverage import Coverage, coverage, hushed
from satisfaction.findings import Finding, Period
from satisfaction.keeping import kept
from satisfaction.queries import answers, case_times, contact_weeks, frames, programmes, register, repeats, singly
from satisfaction.queries.programmes import DrawFacts
from satisfaction.repeats import gap_figures, places_in, repeat_figures
from satisfaction.survey_figures import Survey, survey_figures
from surveys.models import Programme, QuestionnaireVersion
from surveys.queries.withdrawals import withdrawn_of_draws

INVERSE_PROBABILITY, MULTIPLICITY = "inverse_probability", "multiplicity"
DIMENSIONS = ("site", "channel")
SOLVED = "solved"


class ReportRefused(Exception):
    """A report that cannot be given; ``code``: unknown-principal, unknown-survey, bad-period or bad-dimension."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


def report(
    *,
    first_day: date,
    last_day: date,
    now: datetime,
    scope: Scope = EVERYTHING,
    survey_key: str | None = None,
    principal_key: str | None = None,
    by: Sequence[str] = (),
    level: float = 0.95,
) -> dict[str, Any]:
    """Every figure that ``scope`` may see from ``first_day`` to ``last_day``, inclusive, shaped as docs/report.md says.

    Always the whole, and each combination of ``by`` (of site, channel), with intervals of confidence ``level``. Raises
    ReportRefused; what lies out of scope is unknown. Reads only.
    """
    if first_day > last_day:
        raise ReportRefused("bad-period", first_day=first_day, last_day=last_day)
    if not set(by) <= set(DIMENSIONS):
        raise ReportRefused("bad-dimension", by=list(by))
    asked, names = Period(first_day, last_day), [name for name in DIMENSIONS if name in by]
    chosen = _programmes(scope, survey_key)
    owners = _principals(scope, principal_key, chosen if survey_key else None)
    parts = [_of_principal(owner, chosen, asked, names, scope, now, level) for owner in owners]
    return {
        "survey": survey_key,
        "period": asked.as_json(),
        "population_name": ", ".join(owner.name for owner in owners),
        "as_of": now.isoformat(),
        "coverage": [line for part in parts for line in part["coverage"]],
        "series_breaks": [line for part in parts for line in part["series_breaks"]],
        "results": [row for part in parts for row in part["results"]],
    }


def _programmes(scope: Scope, survey_key: str | None) -> list[Programme]:
    found = programmes.programmes(scope, key=survey_key)
    if survey_key is not None and not found:
        raise ReportRefused("unknown-survey", survey=survey_key)
    return found


def _principals(scope: Scope, key: str | None, chosen: list[Programme] | None) -> list[Principal]:
    found = programmes.principals(scope, key)
    if chosen is not None:
        found = [principal for principal in found if principal.id in {programme.principal_id for programme in chosen}]
    if not found and (key is not None or chosen is not None):
        raise ReportRefused("unknown-principal", principal=key)
    return found


def _of_principal(
    principal: Principal, chosen: Iterable[Programme], asked: Period, names: list[str], scope: Scope, now: datetime,
    level: float,
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    coverages: list[dict[str, Any]] = []
    breaks: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    stands = answers.dispositions(programmes.named_draws(principal.id, asked.first_day, asked.last_day))
    logged = repeats_of(principal, asked, names, scope, level)
    results += _rows(logged, principal.key, None)
    for programme in chosen:
        if programme.principal_id == principal.id:
            survey, covered = survey_of(programme, asked, scope, now, principal.zone, stands)
            named = {"principal": principal.key, "survey": programme.key}
            coverages.append(named | covered.as_json())
            breaks += [named | each.as_json() for each in survey.breaks]
            figures = kept(survey_figures, survey, names, asked, level)
            results += _rows([*figures, *gap_figures(_of(SOLVED, figures), logged)], principal.key, programme.key)
    sites = sorted(programmes.site_names(scope)) if "site" in names else []
    found, seen = register_of(principal, asked, scope, now, stands)
    told = complaint_figures(found, [site for site in sites if site in seen], asked, level)
    results += _rows(told, principal.key, None)
    return {"coverage": coverages, "series_breaks": breaks, "results": results}


def survey_of(
    programme: Programme, asked: Period, scope: Scope, now: datetime, zone: str = "UTC",
    stands: Mapping[int, answers.Standing] | None = None,
) -> tuple[Survey, Coverage]:  # fmt: skip
    """The counts of a programme over the closed and drawn periods within ``asked``, and how far it got.

    ``zone`` is that of its principal: the day of a break is told in it. ``stands``: dispositions of draws that whoever
    asks has counted already.

    Without such a period there is nothing to estimate from, and the survey says so.
    """
    draws = programmes.draws_within(programme.id, asked.first_day, asked.last_day)
    versions = [draw.version for draw in draws] or [programme.latest.version]
    readings, broken = common_readings([version.definition for version in versions])
    numbers, breaks = _series(versions, zone, {reading.asked.question for reading in readings})
    ids, seen = [draw.id for draw in draws], programmes.site_keys(scope)
    frame = frames.frame_counts(ids)
    weighing = {draw.id for draw in draws if draw.weighing}
    by_contact = {draw.id for draw in draws if draw.weighing == MULTIPLICITY}
    weighed = singly.singly(weighing, {reading.asked.question for reading in readings}, now)
    blurs = answers.anonymous_draws(ids)
    cells = answers.answer_cells(ids, {reading.asked.question for reading in readings})
    periods = [Period(draw.first_day, draw.last_day) for draw in draws]
    waiting = answers.open_invitations(ids, now, scope)
    reach = coverage(periods, frame, _standing(ids, stands or {}), seen, waiting)
    reach = hushed(reach) if blurs else replace(reach, withdrawn=withdrawn_of_draws(ids, scope).answers)
    if seen is None:
        reach = replace(reach, score_unknown=sum(draw.score_unknown for draw in draws))
    survey = Survey(
        readings=readings,
        sample=Sample(
            blurred(frames.frame_counts(ids, by_contact) if by_contact else frame, blurs),
            *(cells, seen, weighed, frozenset(weighing), frozenset(weighing - by_contact)),
            declared={draw.id: draw.declared for draw in draws},
        ),
        caveats=(*_caveats(draws, reach, periods, asked), *_blurs(blurs.values())),
        refusal=None if periods else rules.NO_CLOSED_PERIOD,
        broken=broken,
        numbers=numbers,
        breaks=breaks,
        by_sms="sms" in {draw.collection for draw in draws},
        weighting=_weighting(draws),
        population_name=_population_name(draws),
    )
    return survey, reach


def _standing(draw_ids: list[int], known: Mapping[int, answers.Standing]) -> answers.Standing:
    found = {**known, **answers.dispositions([draw for draw in draw_ids if draw not in known])}
    return answers.together(found[draw] for draw in draw_ids)


def _series(versions: list[QuestionnaireVersion], zone: str, read: set[str]) -> tuple[dict[str, int], list[Break]]:
    """The series of the questions that figures are read from, in the questionnaire that was asked last."""
    last = versions[-1].questionnaire_id
    editions = [
        Edition(version.number, version.published_at.astimezone(ZoneInfo(zone)).date(), version.definition)
        for version in programmes.published_versions(last)
        if version.published_at
    ]
    asked = [version.number for version in versions if version.questionnaire_id == last]
    numbers, breaks = series_in(editions, asked)
    return numbers, [each for each in breaks if each.question in read]


def register_of(
    principal: Principal,
    asked: Period,
    scope: Scope,
    now: datetime,
    stands: Mapping[int, answers.Standing] | None = None,
) -> tuple[Register, frozenset[str]]:
    """The complaints of a principal within ``asked``, and the keys of the sites where something happened.

    Those received are set against the contacts of the same days, so only days of closed periods count; those due
    depend on the register alone.
    """
    if stands is None:
        stands = answers.dispositions(programmes.named_draws(principal.id, asked.first_day, asked.last_day))
    closed = programmes.closed_periods(principal.id, asked.first_day, asked.last_day)
    periods = [Period(period.first_day, period.last_day) for period in closed]
    weeks = contact_weeks.contact_weeks(closed, scope)
    received = register.complaints_received(principal, [(week.first_day, week.last_day) for week in weeks], scope)
    shares = register.case_shares(principal, asked.first_day, asked.last_day, now, scope)
    times = case_times.case_times(principal, asked.first_day, asked.last_day, now, scope)
    if scope.site_ids is not None:
        # A complaint of no known site may be anybody's: set against the contacts of some sites it would be too much.
        times = [each for each in times if each.site != NO_SITE]
        for counts in (*received, *shares.values()):
            counts.pop(NO_SITE, None)
    found = Register(
        weeks=[Week(week.contacts, came) for week, came in zip(weeks, received, strict=True)],
        from_surveys=register.from_surveys(principal, stands, scope),
        shares=shares,
        times=times,
        caveats=(rules.PERIOD_INCOMPLETE,) if _is_incomplete(periods, asked) else (),
        refusal=None if periods else rules.NO_CLOSED_PERIOD,
    )
    return found, found.sites


def repeats_of(
    principal: Principal, asked: Period, names: list[str], scope: Scope, level: float = 0.95
) -> list[Finding]:
    """Solved at the first contact as the log of closed periods within ``asked`` says, for the whole and each place."""
    closed = programmes.closed_periods(principal.id, asked.first_day, asked.last_day)
    counts, whole = repeats.repeat_counts([period.id for period in closed], scope)
    refusal = rules.NO_CLOSED_PERIOD if not closed else None if whole else rules.TOO_EARLY
    incomplete = _is_incomplete([Period(period.first_day, period.last_day) for period in closed], asked)
    return repeat_figures(
        counts, [{}, *places_in(counts, names)], asked, refusal, (rules.PERIOD_INCOMPLETE,) * incomplete, level
    )


def _of(indicator: str, found: Iterable[Finding]) -> list[Finding]:
    return [each for each in found if each.indicator == indicator]


def _caveats(draws: list[DrawFacts], reach: Coverage, periods: list[Period], asked: Period) -> tuple[str, ...]:
    said = {
        rules.SEED_LATE: any(draw.late for draw in draws),
        rules.ONE_PER_CUSTOMER: any(draw.one_per_customer for draw in draws),
        rules.EVERYONE_ASKED: any(draw.asked_everyone for draw in draws),
        rules.SCORE_UNKNOWN: any(draw.score_unknown for draw in draws),
        rules.POPULATIONS_MIXED: len({draw.population_name for draw in draws}) > 1,
        rules.PERIOD_INCOMPLETE: bool(periods) and _is_incomplete(periods, asked),
        rules.LOW_RESPONSE_RATE: reach.rr1 is not None and reach.rr1 < rules.LOW_RESPONSE,
    }
    return tuple(flag for flag, holds in said.items() if holds)


def _weighting(draws: list[DrawFacts]) -> str:
    """How answers are weighed: the same for all of a stratum, or the finest way that one of the draws asks for."""
    found = {draw.weighing for draw in draws if draw.weighing}
    return next((way for way in (INVERSE_PROBABILITY, MULTIPLICITY) if way in found), "design")


def _population_name(draws: list[DrawFacts]) -> str | None:
    """The population of the draws by its code, several with a plus between; None without a draw."""
    return "+".join(sorted({draw.population_name for draw in draws})) or None


def _blurs(blurs: Collection[Blur]) -> tuple[str, ...]:
    """What anonymity costs these figures."""
    waiting, together = any(one.waiting for one in blurs), any(one.puts_together for one in blurs)
    return (rules.ANSWERS_WAITING,) * waiting + (rules.STRATA_TOGETHER,) * together


def _is_incomplete(periods: list[Period], asked: Period) -> bool:
    """Whether some day of ``asked`` lies in none of ``periods``; those of one principal never overlap."""
    return sum(period.days for period in periods) < asked.days


def _rows(findings: Iterable[Finding], principal: str, survey: str | None) -> list[dict[str, Any]]:
    return [finding.as_json() | {"principal": principal, "survey": survey} for finding in findings]
