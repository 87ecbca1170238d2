"""The findings of one programme: each indicator for the whole and for each place, as far as they may be shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from estimation.disclosure import Key, hidden_keys
from satisfaction import findings as rules
from satisfaction.adjusted_estimates import adjusted_finding
from satisfaction.adjusting import needs_adjusting
from satisfaction.breaks import Break
from satisfaction.cells import Sample, is_estimable
from satisfaction.estimates import estimated_finding
from satisfaction.findings import Finding, Period
from satisfaction.indicators import Reading
from satisfaction.silence import silence_of


@dataclass(frozen=True)
class Survey:
    """One programme over the closed periods that lie within the days asked for.

    ``refusal`` forbids every figure, ``broken`` those of some questions; ``caveats`` go with every figure shown.
    ``numbers``: how often each question was asked anew, counted from 1.
    ``by_sms``: customers are asked by SMS first, so that questions of the web alone miss those who stayed there.
    """

    readings: tuple[Reading, ...]
    sample: Sample
    caveats: tuple[str, ...] = ()
    refusal: str | None = None
    broken: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict)
    breaks: Sequence[Break] = ()
    by_sms: bool = False
    weighting: str = "design"
    population_name: str | None = None

    def is_adjusted(self, question: str) -> bool:
        """Whether strata join or weights meet totals; where answers weigh each for itself they do so by themselves."""
        return not self.sample.weighing and needs_adjusting(self.sample, question)


def survey_figures(survey: Survey, names: Iterable[str], asked: Period, level: float = 0.95) -> list[Finding]:
    """Every indicator of the whole, then of each group that ``names`` (of site, channel) make, crossed."""
    questions = {reading.asked.question for reading in survey.readings}
    hidden = {question: hidden_figures(survey.sample, question) for question in questions}
    return [
        _finding(survey, reading, by, hidden[reading.asked.question], asked, level)
        for by in [{}, *groups(survey.sample, list(names))]
        for reading in survey.readings
    ]


def figures_of(
    survey: Survey, readings: Iterable[Reading], by: Mapping[str, str], asked: Period, level: float = 0.95
) -> list[Finding]:
    """What ``readings`` say of the one place ``by``, under the same rules as all figures."""
    return [
        _finding(survey, reading, by, hidden_figures(survey.sample, reading.asked.question), asked, level)
        for reading in readings
    ]


def groups(sample: Sample, names: list[str]) -> list[dict[str, str]]:
    """The combinations of ``names`` that the frame holds, in order."""
    if not names:
        return []
    found = {tuple(getattr(place, name) for name in names) for place in sample.places}
    found = {values for values in found if all(values)}  # anonymous answers may not say their place
    return [dict(zip(names, values, strict=True)) for values in sorted(found)]


def hidden_figures(sample: Sample, question: str) -> frozenset[Key]:
    """The figures of ``question`` that may not be shown.

    What one draw hides stays hidden where several are taken together: a quarter less two of its months is the third.
    """
    hidden = [_hidden_together(sample, question)]
    draws = sample.by_draw()
    if len(draws) > 1:
        hidden += [_hidden_together(draw, question) for draw in draws]
    return frozenset().union(*hidden)


def _hidden_together(sample: Sample, question: str) -> frozenset[Key]:
    """What is hidden in one report, judged three ways, because each may be laid beside the others.

    Over everybody; over what this reader sees, whose total is another one; and without the strata that cannot be
    estimated, whose total stands in for the whole.
    """
    answers = sample.answers_by_place(question)
    views = [answers]
    if sample.seen is not None:
        views.append({place: n for place, n in answers.items() if sample.sees(place)})
    sizes = sample.stratum_sizes
    alone = [key for key, n in sample.respondents(question).items() if not is_estimable(n, sizes[key])]
    if alone:
        views.append(sample.without(alone).answers_by_place(question))
    return frozenset().union(*(hidden_keys(view) for view in views))


def _finding(
    survey: Survey, reading: Reading, by: Mapping[str, str], hidden: frozenset[Key], asked: Period, level: float
) -> Finding:
    question = reading.asked.question
    blank = Finding(
        reading.indicator.code, reading.indicator.unit, asked, by, level=level, weighting=survey.weighting,
        population_name=survey.population_name,
        question=question, series=reading.asked.series, series_number=survey.numbers.get(question),
    )  # fmt: skip
    refusal = survey.refusal or (rules.SERIES_BREAK if question in survey.broken else None)
    if refusal:
        return replace(blank, flags=(refusal,))
    tally = survey.sample.tally(question, by)
    if (by.get("site"), by.get("channel")) in hidden:
        return replace(blank, population=tally.population, flags=(rules.SUPPRESSED,))
    caveats = (*survey.caveats, rules.WEB_ONLY) if _misses_sms(survey, reading) else survey.caveats
    caveats = (*caveats, rules.PLACE_IN_PART) if _is_in_part(survey.sample, by) else caveats
    if survey.is_adjusted(question):
        found = adjusted_finding(blank, reading, tally, survey.sample)
    else:
        found = estimated_finding(blank, reading, tally)
    found = _with_caveats(found, caveats)
    silent = silence_of(found, reading.asked.scale, tally)
    return replace(found, silence=silent.as_json() if silent else None)


def _is_in_part(sample: Sample, by: Mapping[str, str]) -> bool:
    """Whether contacts of the place may be among those whose place anonymous answers do not tell."""
    if not any("" in place for place in sample.places):
        return False
    said = [{name: getattr(place, name) for name in by} for place in sample.places]
    return any("" in one.values() and all(one[name] in ("", by[name]) for name in by) for one in said)


def _misses_sms(survey: Survey, reading: Reading) -> bool:
    """Whether some who answered by SMS were never shown the question."""
    if not (survey.by_sms and reading.asked.web_only):
        return False
    answers = {each.asked.question: survey.sample.answers(each.asked.question) for each in survey.readings}
    return answers[reading.asked.question] < max(answers.values())


def _with_caveats(finding: Finding, caveats: tuple[str, ...]) -> Finding:
    if finding.value is None and finding.covered is None:
        return finding
    if rules.LOW_RESPONSE_RATE in caveats:
        finding = replace(finding, lower=None, upper=None, covered=_without_interval(finding))
    return replace(finding, flags=(*finding.flags, *caveats))


def _without_interval(finding: Finding) -> rules.Covered | None:
    return replace(finding.covered, lower=None, upper=None) if finding.covered else None


def figure(survey: Survey, reading: Reading, by: Mapping[str, str], asked: Period, level: float = 0.95) -> Finding:
    """One indicator of one place, whose number of answers the caller has judged: nothing is hidden here."""
    return _finding(survey, reading, by, frozenset(), asked, level)
