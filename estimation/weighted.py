"""Means, shares and net scores of answers with unequal weights, several of which may be of one person.

The population is told by class (usually the strata of the frame): how many contacts each holds. An answer comes with
its *base weight*, one over the probability with which its contact was drawn. Inside a class the answers stand for all
its contacts: w = base weight x contacts of the class / base weights of its answers (weighting classes against the
frame: Brick & Kalton 1996; with equal base weights this is N_h / n_h). A mean is then the Hájek mean of each class,
weighted with the size of the class.

The variance is that of the linearised mean between persons: what the answers of one person add up to is one draw,
whatever holds them together (Särndal, Swensson & Wretman 1992, sections 5.5 and 5.7; Lumley 2010, chapter 3). From each
square w^2 e^2 the part w e^2 is taken that chance did not decide (1 - 1/w is the finite population correction of a
Poisson sample: Särndal et al., eq. 3.5.3). With one answer a person and equal weights in a class everything here is the
stratified estimate of Cochran (1977), to the last digit.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from estimation.effective_sizes import EffectiveSizes, bounded
from estimation.errors import EmptyStratum, InvalidInput, NoAnswers, SingleUnitStratum
from estimation.means import MeanEstimate, t_limits
from estimation.nps import NetScore, net_score, nps_sign
from estimation.shares import Share, share_intervals
from estimation.weights import design_effect_of_weights

FEWEST_IN_A_CLASS = 10


class WeightedAnswer(NamedTuple):
    """One answer: its class, whose it is, its base weight and value. ``member``: whether it is of the domain."""

    label: str
    person: Hashable
    weight: float
    value: float
    member: bool = True


@dataclass(frozen=True, slots=True)
class WeightedMean(MeanEstimate):
    """A weighted mean of ``n`` answers of ``persons``; ``n_effective`` is Kish's, for unequal weights alone."""

    persons: int
    n_effective: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """Answers with their weights after the classes were set against the frame, ready for a formula."""

    sizes: Mapping[str, int]
    labels: np.ndarray
    people: np.ndarray
    weights: np.ndarray
    values: np.ndarray
    members: np.ndarray

    @property
    def inside(self) -> float:
        """How many contacts the members stand for."""
        return float(self.weights[self.members].sum())

    @property
    def persons(self) -> int:
        """Different persons among the members."""
        return len(np.unique(self.people[self.members]))

    @property
    def df(self) -> int:
        """Persons among the members less the classes they are of."""
        return self.persons - len(np.unique(self.labels[self.members]))

    def mean(self, values: np.ndarray) -> float:
        return float((self.weights * values)[self.members].sum()) / self.inside


def weighted_mean(
    classes: Mapping[str, int], answers: Sequence[WeightedAnswer], *, fpc: bool = True, confidence_level: float = 0.95
) -> WeightedMean:
    """The mean over the contacts of ``classes`` (label → contacts of the population), Student's t on the persons.

    Raises EmptyStratum for classes without an answer, SingleUnitStratum for those with one person of several contacts,
    NoAnswers without members, InvalidInput for a weight that is not positive.
    """
    weighed = weigh(classes, answers)
    mean = weighed.mean(weighed.values)
    error, df = math.sqrt(variance(weighed, weighed.values, mean, fpc)), weighed.df
    lower, upper = t_limits(mean, error, df, confidence_level)
    n = int(weighed.members.sum())
    kish = design_effect_of_weights(weighed.weights[weighed.members].tolist()).n_effective
    return WeightedMean(n, mean, error, df, lower, upper, confidence_level, weighed.persons, kish)


def weighted_proportion(
    classes: Mapping[str, int],
    answers: Sequence[WeightedAnswer],
    successes: Collection[float] = (1,),
    *,
    fpc: bool = True,
    confidence_level: float = 0.95,
) -> Share:
    """The share of answers among ``successes``, with the intervals of a stratified share; see ``weighted_mean``.

    ``wilson_design`` stands on the smaller of p(1-p)/v, after the penalty for estimating v, and what the weights and
    persons give when every class agrees and each person says one thing: (sum w)^2 / sum over persons.
    """
    weighed = weigh(classes, answers)
    hits = np.isin(weighed.values, list(successes)).astype(float)
    share = min(max(weighed.mean(hits), 0.0), 1.0)
    spread, design = variance(weighed, hits, share, fpc), design_size(weighed, fpc)
    n, df = int(weighed.members.sum()), weighed.df
    sizes = EffectiveSizes(n, df, share * (1 - share), spread, design, confidence_level)
    return Share(
        *(n, share, math.sqrt(spread), df, confidence_level),
        *(sizes.effective, sizes.adjusted, bounded(design), bounded(sizes.star)),
        share_intervals(share, sizes),
    )


def weighted_nps(
    classes: Mapping[str, int], answers: Sequence[WeightedAnswer], *, fpc: bool = True, confidence_level: float = 0.95
) -> NetScore:
    """The net promoter score of weighted answers, on -100..100; see ``weighted_mean``."""
    weighed = weigh(classes, answers)
    signs = np.array([nps_sign(value) for value in weighed.values])
    shares = (weighed.mean((signs == 1).astype(float)), weighed.mean((signs == -1).astype(float)))
    spread = variance(weighed, signs, weighed.mean(signs), fpc)
    n = int(weighed.members.sum())
    return net_score(n, weighed.df, shares, spread, design_size(weighed, fpc), confidence_level)


def horvitz_thompson_mean(population: int, drawn: Iterable[tuple[float, float]]) -> float:
    """sum(value / probability) / population over all units drawn: unbiased when every one of them answered.

    ``drawn``: (value, probability). Source: Horvitz & Thompson (1952), J. Am. Stat. Assoc. 47:663.
    """
    if population < 1:
        raise NoAnswers
    return math.fsum(value / pi for value, pi in drawn) / population


def merged_classes(
    classes: Mapping[str, int], respondents: Mapping[str, int], fewest: int = FEWEST_IN_A_CLASS
) -> dict[str, str]:
    """Which class each one is put to: neighbours in the order given are joined until each has ``fewest`` respondents.

    What is left over at the end joins the last that had enough. A joined class takes the name of its first. The order
    is to be declared before anybody answers. Source of the threshold: Brick & Kalton (1996).
    """
    groups: list[list[str]] = []
    short: list[str] = []
    for label, size in classes.items():
        if size:
            short.append(label)
        if sum(respondents.get(one, 0) for one in short) >= fewest:
            groups.append(short)
            short = []
    if short and groups:
        groups[-1] += short
    elif short:
        groups.append(short)
    return {label: group[0] for group in groups for label in group}


def weigh(classes: Mapping[str, int], answers: Sequence[WeightedAnswer]) -> Weighed:
    """The answers with w = base weight x contacts of the class / base weights of its answers."""
    sizes = {label: size for label, size in classes.items() if size > 0}
    if any(not answer.weight > 0 for answer in answers) or {one.label for one in answers} - sizes.keys():
        raise InvalidInput("weights")
    if empty := sorted(sizes.keys() - {answer.label for answer in answers}):
        raise EmptyStratum(*empty)
    if not any(answer.member for answer in answers):
        raise NoAnswers
    names = list(sizes)
    labels = _numbered((answer.label for answer in answers), names)
    people = _numbered((answer.person for answer in answers), [])
    base = np.array([answer.weight for answer in answers], dtype=float)
    factor = np.array([sizes[name] for name in names]) / np.bincount(labels, base, minlength=len(names))
    values = np.array([answer.value for answer in answers], dtype=float)
    members = np.array([answer.member for answer in answers], dtype=bool)
    return Weighed(sizes, labels, people, base * factor[labels], values, members)


def _numbered(things: Iterable[Hashable], known: Sequence[Hashable]) -> np.ndarray:
    numbers = {thing: number for number, thing in enumerate(known)}
    return np.array([numbers.setdefault(thing, len(numbers)) for thing in things], dtype=np.int64)


def variance(weighed: Weighed, values: np.ndarray, centre: float, fpc: bool) -> float:
    """Of the linearised mean ``centre`` of ``values``, between persons; others than members count as zeros."""
    pairs = np.unique(np.stack([weighed.labels, weighed.people]), axis=1)
    persons = np.bincount(pairs[0], minlength=len(weighed.sizes))
    alone = [label for label, m in zip(weighed.sizes, persons, strict=True) if m == 1 and weighed.sizes[label] > 1]
    if alone:
        raise SingleUnitStratum(*alone)
    w = weighed.weights
    z = np.where(weighed.members, values - centre, 0.0)
    residuals = z - (np.bincount(weighed.labels, w * z) / np.bincount(weighed.labels, w))[weighed.labels]
    lost = persons / np.maximum(persons - 1, 1)
    squares = _between(weighed.people, w * residuals * np.sqrt(lost)[weighed.labels])
    certain = np.minimum(w, w**2) * residuals**2 * lost[weighed.labels] if fpc else np.zeros(1)
    return max(squares - float(certain.sum()), 0.0) / weighed.inside**2


def design_size(weighed: Weighed, fpc: bool) -> float:
    """Answers that the weights are worth when classes agree and a person always says the same; infinite: a census."""
    w, people = weighed.weights[weighed.members], weighed.people[weighed.members]
    noise = _between(people, w) - (float(np.minimum(w, w**2).sum()) if fpc else 0.0)
    return weighed.inside**2 / noise if noise > 1e-12 * weighed.inside else math.inf


def _between(people: np.ndarray, parts: np.ndarray) -> float:
    """The sum over persons of the square of what their parts add up to."""
    return float((np.bincount(people, parts) ** 2).sum())
