"""The verifier of the binder computes figures again whose answers weigh each for itself, and finds what was changed."""

import csv
import io
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest

from evidence import services
from evidence.queries import subject_of
from foundation.cells import csv_file
from foundation.database import reading
from foundation.ledger.services import seal_round
from tests.evidence.test_binder import faults_in, members_of, rebuilt, verdict
from tests.satisfaction.test_weighed_figures import AFTER, BEFORE, UTC, let_answer, october
from tests.surveys.continuous_factories import arrive, closed, continuous_programme, entry, opened
from tests.surveys.factories import create_principal, create_site


def few_of_a_site(principal):
    """A continuous draw by site of customers who call again; of Lyon so few that it is joined with Lille."""
    programme = continuous_programme(principal, "1/2", quarantine_days=9, strata=["site"])
    sites = {"lille": create_site("lille"), "lyon": create_site("lyon")}
    draw = opened(programme, BEFORE)
    for day in range(1, 31):
        at = datetime(2026, 12, day, 9, tzinfo=UTC)
        calls = [("lille", n) for n in range(30) if n % 5 == day % 5] + [("lyon", 90)] * (day % 6 == 0)
        arrive(principal, [entry(sites[site], at, f"+3361{n:07d}") for site, n in calls], at)
    draw = closed(draw, AFTER + timedelta(days=1), despite_gaps=True)
    let_answer(draw, _Scores())


class _Scores:
    def __getitem__(self, contact_id):
        return 1 + contact_id * contact_id % 5


def binder(principal, first, last):
    seal_round(AFTER)
    with reading():
        return services.compose(subject_of(principal, first, last, None), AFTER).content


@pytest.fixture(params=["inverse-probability", "multiplicity"])
def content(app, request):
    principal = create_principal()
    if request.param == "multiplicity":
        october(principal, create_site("lille"))
        return binder(principal, date(2026, 10, 1), date(2026, 10, 31))
    few_of_a_site(principal)
    return binder(principal, date(2026, 12, 1), date(2026, 12, 31))


def _lines(members):
    return list(csv.DictReader(io.StringIO(members["weights.csv"].decode())))


def _with(members, lines):
    written = csv_file(tuple(lines[0]), ([*line.values()] for line in lines))
    return faults_in(rebuilt(members, weights_csv=written))


def _unlike(lines):
    """Two answers to one question in one stratum of which both weight and value differ: exchanging moves a figure."""
    return next(
        (i, j)
        for (i, a), (j, b) in combinations(enumerate(lines), 2)
        if all(a[name] == b[name] for name in ("question", "stratum"))
        and a["value"] != b["value"] and (int(a["value"]) > 3) != (int(b["value"]) > 3)
        and float(a["weight"]) != float(b["weight"])
    )  # fmt: skip


def test_a_stranger_computes_the_whole_again(content, tmp_path):
    status, said = verdict(tmp_path, content)
    assert (status, "All is consistent." in said) == (0, True), said
    done, published = map(int, said.partition("Computed again: ")[2].split(" published")[0].split(" of "))
    assert 2 <= done <= published, said


def test_a_changed_weight_an_exchanged_answer_and_a_divided_customer_are_each_found(content):
    members = members_of(content)
    lines = _lines(members)
    assert _with(members, lines) == []
    heavier = [lines[0] | {"weight": "7.5"}, *lines[1:]]
    assert any("a weight that no contact drawn has" in fault for fault in _with(members, heavier))
    assert any("have other answers" in fault for fault in _with(members, lines[1:]))
    one, other = _unlike(lines)
    exchanged = [dict(line) for line in lines]
    exchanged[one]["weight"], exchanged[other]["weight"] = lines[other]["weight"], lines[one]["weight"]
    assert any("does not give row" in fault for fault in _with(members, exchanged))
    merged = [line | {"customer": "1"} if int(line["customer"]) < 9 else line for line in lines]
    assert any("does not give row" in fault for fault in _with(members, merged))


def test_customers_are_numbered_anew_so_that_weights_name_nobody(content):
    numbers = [int(line["customer"]) for line in _lines(members_of(content))]
    assert set(numbers) == set(range(1, max(numbers) + 1))
    assert numbers[0] == 1 and all(n <= max(numbers[: i + 1]) for i, n in enumerate(numbers))
