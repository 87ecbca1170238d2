"""The words for codes: what pages and commands say of a reason, a disposition, a refusal, a field or a fault."""

from surveys.pages.problems import place_words, problem_words
from surveys.pages.refusals import refusal_words, refused
from surveys.pages.terms import TERMS, term_words
from surveys.pages.words import (
    CHANNELS,
    COLLECTIONS,
    DIRECTIONS,
    DISPOSITIONS,
    DRAW_KINDS,
    FIELDS,
    MESSAGES,
    METHODS,
    OUTCOMES,
    POPULATION_NAMES,
    PROMISES,
    REASONS,
    STATES,
    field_words,
    language_words,
    reason_words,
    step_reason,
    stratum_words,
    value_words,
)

__all__ = [
    "CHANNELS",
    "COLLECTIONS",
    "DIRECTIONS",
    "DISPOSITIONS",
    "DRAW_KINDS",
    "FIELDS",
    "MESSAGES",
    "METHODS",
    "OUTCOMES",
    "POPULATION_NAMES",
    "PROMISES",
    "REASONS",
    "STATES",
    "TERMS",
    "field_words",
    "language_words",
    "place_words",
    "problem_words",
    "reason_words",
    "refusal_words",
    "refused",
    "step_reason",
    "stratum_words",
    "term_words",
    "value_words",
]
