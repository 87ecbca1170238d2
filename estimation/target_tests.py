"""Many figures against targets of their own: which of them miss, when so many are looked at once."""

from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def missing_by_holm(
    tested: Collection[Name], fails: Callable[[float], Collection[Name]], confidence_level: float = 0.95
) -> frozenset[Name]:
    """Those of ``tested`` that fail, at most (1 - ``confidence_level``) / 2 risk of naming even one wrongly.

    ``fails(level)`` gives those whose two-sided interval of that level lies wholly on the wrong side of its target.
    Step by step, each round tests what is left at the risk divided by how many are left: the same set as ordering the
    p-values and comparing the i-th with the risk over (k - i + 1). Source: Holm (1979), Scand. J. Stat. 6:65.
    """
    left, missing = set(tested), set()
    while left:
        found = left & set(fails(1 - (1 - confidence_level) / len(left)))
        if not found:
            break
        missing |= found
        left -= found
    return frozenset(missing)
