from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.addresses import Phone
from contacts.agents import Pseudonyms
from contacts.entries import Fault, ReadRow, Reject, Surroundings
from contacts.importing import read_contacts
from contacts.mapping import from_json

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AGENTS = Pseudonyms("secret", 1)
AROUND = Surroundings(sites={"lyon": 1, "lyon part-dieu": 1, "lille": 2}, language="fr", now=NOW, agents=AGENTS)
COLUMNS = ["id", "at", "site", "channel", "way", "outcome", "phone", "email", "language", "topic"]
MAPPING = from_json(
    {
        "source": "calls",
        "fields": {
            "external_id": {"column": "id"},
            "started_at": {"column": "at"},
            "site": {"column": "site"},
            "channel": {"column": "channel"},
            "direction": {"column": "way", "values": {"E": "in", "S": "out"}},
            "outcome": {"column": "outcome"},
            "phone": {"column": "phone"},
            "email": {"column": "email"},
            "language": {"column": "language"},
            "reason": {"column": "topic"},
        },
        "zone": "Europe/Paris",
        "facts": ["topic"],
    }
)
GOOD = {
    "id": "A1",
    "at": "05/01/2026 09:00",
    "site": "Lyon",
    "channel": "Téléphone",
    "way": "E",
    "outcome": "",
    "phone": "0612345678",
    "email": "",
    "language": "",
    "topic": "Facture",
}


def read(*rows, columns=COLUMNS, mapping=MAPPING):
    cells = [row if isinstance(row, list) else list({**GOOD, **row}.values()) for row in rows]
    return list(read_contacts(enumerate(cells, start=2), columns, mapping, AROUND))


def test_a_good_row_becomes_a_contact():
    (row,) = read({})
    assert isinstance(row, ReadRow)
    entry = row.entry
    assert (entry.external_id, entry.started_at) == ("A1", datetime(2026, 1, 5, 8, 0, tzinfo=UTC))
    assert (entry.site_id, entry.channel, entry.direction, entry.outcome) == (1, "phone", "in", "unknown")
    assert (entry.phone, entry.language, entry.facts) == (Phone("+33612345678", True), "fr", {"topic": "Facture"})
    assert row.warnings == []


@pytest.mark.parametrize(
    "change, field, code",
    [
        ({"id": " "}, "external_id", "empty"),
        ({"id": "x" * 201}, "external_id", "too-long"),
        ({"at": ""}, "started_at", "empty"),
        ({"at": "soon"}, "started_at", "date-unreadable"),
        ({"at": "05/01/2026"}, "started_at", "time-missing"),
        ({"at": "29/03/2026 02:30"}, "started_at", "time-skipped"),
        ({"at": "23/11/2026 10:01"}, "started_at", "in-the-future"),
        ({"site": ""}, "site", "empty"),
        ({"site": "Brest"}, "site", "site-unknown"),
        ({"channel": "pigeon"}, "channel", "value-unknown"),
        ({"channel": ""}, "channel", "empty"),
        ({"way": "sideways"}, "direction", "value-unknown"),
        ({"outcome": "maybe"}, "outcome", "value-unknown"),
        ({"topic": "x" * 201}, "reason", "too-long"),
    ],
)
def test_a_row_that_is_no_contact_says_which_field_and_why(change, field, code):
    (row,) = read(change)
    assert isinstance(row, Reject)
    assert row.faults == [Fault(field, code)]


def test_a_row_names_all_its_faults_at_once():
    (row,) = read({"site": "Brest", "at": "soon"})
    assert row.faults == [Fault("started_at", "date-unreadable"), Fault("site", "site-unknown")]


def test_the_present_moment_is_not_in_the_future():
    (row,) = read({"at": "23/11/2026 10:00"})
    assert isinstance(row, ReadRow)


@pytest.mark.parametrize(
    "change, field, code",
    [
        ({"phone": "not a phone"}, "phone", "phone-unreadable"),
        ({"phone": "06 12"}, "phone", "phone-invalid"),
        ({"email": "marie@"}, "email", "email-invalid"),
        ({"language": "klingon"}, "language", "language-unknown"),
        ({"at": "25/10/2026 02:30"}, "started_at", "time-shown-twice"),
    ],
)
def test_a_contact_with_a_wrong_address_stays_in_the_population(change, field, code):
    (row,) = read(change)
    assert isinstance(row, ReadRow)
    assert row.warnings == [Fault(field, code)]


def test_the_second_row_with_the_same_id_is_refused():
    first, second = read({"topic": "first"}, {"topic": "second"})
    assert isinstance(first, ReadRow)
    assert second.faults == [Fault("external_id", "duplicate-in-file")]


def test_a_refused_row_does_not_take_the_id_of_a_good_one():
    first, second = read({"site": "Brest"}, {})
    assert isinstance(first, Reject)
    assert isinstance(second, ReadRow)


@pytest.mark.parametrize("cells", [["A1"], [*GOOD.values(), "more"]])
def test_a_row_of_another_width_is_refused(cells):
    (row,) = read(cells)
    assert row.faults == [Fault("row", "cell-count")]


def test_empty_cells_beyond_the_last_column_do_no_harm():
    (row,) = read([*GOOD.values(), "", " "])
    assert isinstance(row, ReadRow)


GOOD_CELLS = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[A-Z]{2}[0-9]{1,6}", fullmatch=True),
        "at": st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 22)).map(lambda at: f"{at:%Y-%m-%dT%H:%M}Z"),
        "site": st.sampled_from(["lyon", "LILLE", "Lyon Part-Dieu"]),
        "channel": st.sampled_from(["phone", "Courriel", "SMS", "e-mail"]),
        "way": st.sampled_from(["E", "s", "inbound"]),
        "outcome": st.sampled_from(["", "Answered", "abandonné"]),
        "phone": st.text(max_size=20),
        "email": st.text(max_size=20),
        "language": st.text(max_size=5),
        "topic": st.text(max_size=30),
    }
)
BAD = st.sampled_from([{"at": "2026-01-05 09:00 no zone"}, {"site": "nowhere"}, {"id": ""}, {"channel": "smoke"}])
ROWS = st.lists(st.tuples(GOOD_CELLS, st.none() | BAD), max_size=20)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_every_good_row_is_read_and_every_bad_one_refused(rows):
    cells = [[{**good, **(bad or {})}[name] for name in COLUMNS] for good, bad in rows]
    outcomes = list(read_contacts(enumerate(cells, start=2), COLUMNS, MAPPING, AROUND))
    assert [outcome.line for outcome in outcomes] == list(range(2, len(rows) + 2))
    seen = set()
    for outcome, (good, bad) in zip(outcomes, rows, strict=True):
        expected = bad is None and good["id"] not in seen
        assert isinstance(outcome, ReadRow) is expected
        seen |= {good["id"]} if expected else set()


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.text(max_size=40), max_size=12))
def test_any_cells_are_read_or_refused_but_never_break_the_import(cells):
    (outcome,) = read_contacts([(2, cells)], COLUMNS, MAPPING, AROUND)
    assert isinstance(outcome, ReadRow | Reject)


@pytest.mark.parametrize("written", ["1.0E+10", "1,23457E+15", "3E+5"])
def test_an_identifier_that_a_spreadsheet_shortened_is_kept_with_a_warning(written):
    (row,) = read({"id": written})
    assert row.entry.external_id == written
    assert row.warnings == [Fault("external_id", "number-shortened")]


@pytest.mark.parametrize("written", ["007", "E+10", "1E10", "A1.0E+10", "+33612345678"])
def test_other_identifiers_are_kept_as_they_stand(written):
    (row,) = read({"id": written})
    assert (row.entry.external_id, row.warnings) == (written, [])
