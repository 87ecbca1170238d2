"""What forbids publishing a definition, and what to look at twice. Everything is found at once, with its place."""

from surveys.publication.checks import problems
from surveys.publication.choices import CHOICE_NAME
from surveys.publication.document import FORMAT
from surveys.publication.problem import FORBIDS, WARNS, Problem, forbidding
from surveys.publication.values import NAME

__all__ = ["CHOICE_NAME", "FORBIDS", "FORMAT", "NAME", "WARNS", "Problem", "forbidding", "problems"]
