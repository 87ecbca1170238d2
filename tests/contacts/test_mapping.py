import pytest

from contacts.mapping import BadMapping, Mapping, Problem, Source, from_json, problems

CALLS = {
    "source": "calls",
    "fields": {
        "external_id": {"column": "CallId"},
        "started_at": {"columns": ["Date", "Time"]},
        "site": {"constant": "lyon"},
        "channel": {"constant": "phone"},
        "direction": {"constant": "in"},
        "outcome": {"column": "Answered", "values": {"Y": "answered", "N": "unanswered"}},
    },
    "zone": "Europe/Paris",
    "dates": "day-first",
    "country": "FR",
    "facts": ["Topic"],
}
COLUMNS = ["CallId", "Date", "Time", "Answered", "Topic"]
ROW = {"CallId": "1", "Date": "2026-01-05", "Time": "9:00:00", "Answered": "n", "Topic": "Bill"}


def changed(**changes):
    return from_json({**CALLS, **changes})


def with_field(name, spec):
    return changed(fields={**CALLS["fields"], name: spec})


def without_field(name):
    return from_json({**CALLS, "fields": {key: spec for key, spec in CALLS["fields"].items() if key != name}})


def test_the_json_form_comes_back_equal():
    mapping = from_json(CALLS)
    assert from_json(mapping.as_json()) == mapping


def test_columns_are_joined_and_words_translated():
    mapping = from_json(CALLS)
    assert mapping.fields["started_at"].text(ROW) == "2026-01-05 9:00:00"
    assert mapping.fields["outcome"].text(ROW) == "unanswered"
    assert mapping.fields["site"].text(ROW) == "lyon"


def test_an_empty_part_leaves_no_blank():
    assert Source(("Date", "Time")).text({"Date": "2026-01-05", "Time": " "}) == "2026-01-05"


def test_a_whole_mapping_has_no_problem():
    assert problems(from_json(CALLS), COLUMNS, [ROW]) == []


@pytest.mark.parametrize(
    "mapping, problem",
    [
        (changed(source=""), Problem("source-missing")),
        (changed(source="x" * 61), Problem("source-missing")),
        (changed(country="FRANCE"), Problem("country-unknown", "FRANCE")),
        (without_field("site"), Problem("field-missing", "site")),
        (with_field("site", {"constant": ""}), Problem("field-missing", "site")),
        (with_field("colour", {"column": "Topic"}), Problem("field-unknown", "colour")),
        (changed(facts=["Weather"]), Problem("column-missing", "Weather")),
        (
            changed(fields={**CALLS["fields"], "external_id": {"constant": "1"}}),
            Problem("field-constant", "external_id"),
        ),
        (changed(dates="year-last"), Problem("dates-unknown", "year-last")),
        (changed(zone="Europe/Nowhere"), Problem("zone-unknown", "Europe/Nowhere")),
        (changed(zone=""), Problem("zone-missing")),
    ],
)
def test_a_mapping_that_cannot_read_the_file_says_why(mapping, problem):
    assert problems(mapping, COLUMNS, [ROW]) == [problem]


def test_no_zone_is_needed_where_the_times_carry_their_offset():
    assert problems(changed(zone=""), COLUMNS, [{**ROW, "Time": "09:00+01:00"}]) == []


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"source": "calls"},
        {**CALLS, "colour": "red"},
        {**CALLS, "zone": 1},
        {**CALLS, "facts": "Topic"},
        {**CALLS, "fields": {"site": "lyon"}},
        {**CALLS, "fields": {"site": {"column": "A", "constant": "b"}}},
        {**CALLS, "fields": {"site": {"columns": "A"}}},
        {**CALLS, "fields": {"site": {"column": "A", "values": ["b"]}}},
        {**CALLS, "fields": {"site": {"column": 1}}},
    ],
)
def test_another_form_is_refused(document):
    with pytest.raises(BadMapping):
        from_json(document)


def test_a_mapping_knows_the_columns_it_reads():
    assert from_json(CALLS).columns() == {"CallId", "Date", "Time", "Answered", "Topic"}
    assert Mapping("calls", {}).columns() == set()
