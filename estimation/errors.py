"""Why a figure is refused: a code and the facts, never a sentence for a page."""


class EstimationError(Exception):
    """A figure that cannot be given honestly. ``code`` names the reason, ``facts`` the places."""

    code: str = "estimation_error"

    def __init__(self, *facts: object) -> None:
        super().__init__(self.code, *facts)
        self.facts = facts


class InvalidInput(EstimationError, ValueError):
    """Numbers that cannot describe a sample: a negative count, more respondents than contacts, a level outside 0..1."""

    code = "invalid_input"


class NoAnswers(EstimationError):
    """Nobody answered, or nobody of the domain did."""

    code = "no_answers"


class EmptyStratum(EstimationError):
    """Strata with contacts in the frame and no respondent; the facts are their labels."""

    code = "empty_stratum"


class SingleUnitStratum(EstimationError):
    """Strata with one respondent of several contacts, hence no variance; the facts are their labels."""

    code = "single_unit_stratum"


class EmptyPoststratum(EstimationError):
    """Post-strata, or margin levels, with a known total and no respondent; the facts are their labels."""

    code = "empty_poststratum"


class EmptyClass(EstimationError):
    """Weighting classes that were sampled and in which nobody answered; the facts are their labels."""

    code = "empty_class"


class NotConverged(EstimationError):
    """An iteration that did not settle within its limit; the fact is the number of rounds."""

    code = "not_converged"


class OrderExhausted(EstimationError):
    """Still short of respondents when everything that may be merged was; the facts are the strata of each class."""

    code = "order_exhausted"


class OverlappingSamples(EstimationError):
    """Two figures from partly the same people, compared as if they were independent; the facts are what they share."""

    code = "overlapping_samples"


class TooFewPeriods(EstimationError):
    """A trend asked of fewer periods than it takes; the facts are how many there are and how many it takes."""

    code = "too_few_periods"
