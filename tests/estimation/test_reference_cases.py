"""The public functions against reference cases computed in R and in Python.

The cases stand beside this file (see statistics_cases.md there for where they come from and how numbers are compared);
``REFERENCE_CASES`` names another file of the same form.
"""

import json
import math
import os
from pathlib import Path

import pytest

from estimation import EstimationError
from tests.estimation.reference_kinds import KINDS

CASES_FILE = Path(os.environ.get("REFERENCE_CASES") or Path(__file__).with_name("statistics_cases.json"))
CASES = json.loads(CASES_FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case):
    assert case["kind"] in KINDS, f"no function answers {case['kind']}"
    answer = KINDS[case["kind"]]
    if "error" in case["expected"]:
        with pytest.raises(EstimationError):
            answer(case["input"])
    else:
        assert differences(case["expected"], answer(case["input"]), case["tolerance"]) == []


def differences(expected, got, tolerance, where="result"):
    """Every place where ``got`` is not what is expected; more fields than expected are no difference."""
    if isinstance(expected, dict):
        missing = [f"{where}.{key} is missing" for key in expected if key not in got]
        pairs = [(expected[key], got[key], f"{where}.{key}") for key in expected if key in got]
    elif isinstance(expected, list) and isinstance(got, list | tuple):
        missing = [] if len(expected) == len(got) else [f"{where} has {len(got)} elements, not {len(expected)}"]
        pairs = [(*pair, f"{where}[{place}]") for place, pair in enumerate(zip(expected, got, strict=False))]
    else:
        return [] if agrees(expected, got, tolerance) else [f"{where}: expected {expected!r}, got {got!r}"]
    return missing + [line for pair in pairs for line in differences(*pair[:2], tolerance, pair[2])]


def agrees(expected, got, tolerance):
    if expected is None or isinstance(expected, bool):
        return got is expected
    if expected == "Infinity":
        return got == math.inf
    if isinstance(expected, str):
        return got == expected
    plain = type(got) in (int, float)
    return plain and abs(got - expected) <= tolerance * max(1, abs(expected))
