"""Bounds of an answer as XLSForms state them: a constraint (``. >= 0 and . <= 10``), or the parameters of a range."""

import re
from typing import Any

from surveys.comparisons import Comparison
from surveys.conditions import BadCondition
from surveys.connectives import All
from surveys.formats.foreign_conditions import Variable
from surveys.formats.foreign_expressions import parse_foreign
from surveys.publication.values import is_day, is_number, is_whole

HERE, COUNT = ".", "count-selected(.)"
KEYS = {">=": "least", "<=": "most"}
PARAMETER = re.compile(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)")


def bounds_of(constraint: str, kind: str, whole: bool) -> dict[str, Any] | None:
    """``least`` and ``most`` of a question of our type ``kind``, both inclusive; None if the constraint is no bound.

    ``whole``: its answers are whole numbers, so that "< 10" is "at most 9".
    """
    name = COUNT if kind in ("multiple", "ranking") else HERE
    right = {"number": is_number, "date": is_day, "multiple": is_whole, "ranking": is_whole}.get(kind)
    if not constraint or right is None:
        return None
    try:
        root = parse_foreign("xpath", constraint, {name: Variable(name, numeric=kind != "date")}).root
    except BadCondition:
        return None
    bounds: dict[str, Any] = {}
    for each in root.parts if isinstance(root, All) else (root,):
        bound = _bound(each, whole or name == COUNT) if isinstance(each, Comparison) else None
        if bound is None or bound[0] in bounds or not right(bound[1]):
            return None
        bounds[bound[0]] = bound[1]
    return bounds


def _bound(comparison: Comparison, whole: bool) -> tuple[str, Any] | None:
    """``< 5`` is at most 4 for whole numbers, and nothing we can say for others."""
    operand: Any = comparison.operand
    if comparison.operator in KEYS:
        return KEYS[comparison.operator], operand
    if comparison.operator in ("<", ">") and is_whole(operand) and whole:
        return ("most", operand - 1) if comparison.operator == "<" else ("least", operand + 1)
    return None


def range_of(parameters: str) -> dict[str, Any] | None:
    """The bounds and decimals of ``start=0 end=10 step=1``; None if they are not all there."""
    said = {name: float(value) for name, value in PARAMETER.findall(parameters)}
    if not {"start", "end"} <= set(said):
        return None
    step = said.get("step", 1.0)
    decimals = 0 if step.is_integer() else 2
    return {"least": _plain(said["start"]), "most": _plain(said["end"]), "decimals": decimals}


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() else number
