import io

import pytest

from contacts.entries import ReadRow
from contacts.mapping import BadMapping, from_json
from contacts.opening import open_table
from contacts.sources import aircall
from contacts.sources.grouping import grouped
from contacts.sources.registry import SOURCES, mapping_in, told
from tests.contacts.sources.readers import outcomes, table
from tests.contacts.sources.test_aircall import call

ENOUGH = {"zone": "UTC", "site": "lyon", "columns": "historyid,time-start,time-answered,from-no"}


def enough(name):
    asked = {setting.name for setting in SOURCES[name].settings}
    return {key: value for key, value in ENOUGH.items() if key in asked}


def codes(refused):
    return [(problem.code, problem.name) for problem in refused.value.problems]


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_source_gives_a_mapping_that_comes_back_from_its_json(name):
    mapping = SOURCES[name].mapping(enough(name))
    assert from_json(mapping.as_json()) == mapping
    assert (mapping.source, mapping.ready, mapping.country) == (name, name, "FR")


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_source_asks_for_a_site(name):
    given = {key: value for key, value in enough(name).items() if key != "site"}
    for act in (SOURCES[name].mapping, lambda settings: SOURCES[name].read(io.BytesIO(b"x"), settings)):
        with pytest.raises(BadMapping) as refused:
            act(given)
        assert codes(refused) == [("setting-missing", "site")]
    assert SOURCES[name].mapping({**given, "site.a": "lyon"})


def test_the_columns_of_every_source_are_its_own():
    assert len({tuple(source.columns) for source in SOURCES.values()}) == len(SOURCES)


@pytest.mark.parametrize(
    "setting, value, problem",
    [
        ("zone", "Paris", ("zone-unknown", "Paris")),
        ("country", "XX", ("country-unknown", "XX")),
        ("site_by", "colour", ("setting-wrong", "site_by")),
        ("extension_digits", "4.5", ("setting-wrong", "extension_digits")),
        ("source", "s" * 61, ("setting-wrong", "source")),
        ("colour", "red", ("setting-unknown", "colour")),
        ("site.", "lyon", ("setting-unknown", "site.")),
    ],
)
def test_a_wrong_setting_is_named(setting, value, problem):
    with pytest.raises(BadMapping) as refused:
        SOURCES["asterisk-cdr"].mapping({**ENOUGH, "columns": "", setting: value})
    assert codes(refused) == [problem]


def test_what_is_told_later_takes_the_place_of_what_was_and_the_source_stays():
    first = SOURCES["aircall"].mapping({"site": "lyon", "source": "standard-lyon"})
    later = told(first, {"site": "lille"})
    assert (later.source, later.settings["site"]) == ("standard-lyon", "lille")
    assert told(first, {}).settings == first.settings


def test_a_mapping_by_hand_has_no_settings():
    with pytest.raises(BadMapping) as refused:
        told(from_json({"source": "x", "fields": {}}), {"zone": "UTC"})
    assert codes(refused) == [("setting-unknown", "zone")]


def test_a_source_nobody_knows_is_refused():
    with pytest.raises(BadMapping) as refused:
        told(from_json({"source": "x", "fields": {}, "ready": "odigo"}), {"site": "lyon"})
    assert codes(refused) == [("ready-unknown", "odigo")]


def test_a_table_is_read_again_from_the_beginning_each_time():
    read = table("aircall", [call(), call(2)])
    assert list(read.rows()) == list(read.rows())
    assert open_table(b"a;b\n1;2\n").columns == ["a", "b"]


class Pieces(list):
    add = list.append


def test_a_call_is_given_out_once_the_window_is_past_and_memory_stays_flat():
    keys = ["late", *"abcdefgh", "late"]
    calls = list(grouped(((key, key) for key in keys), lambda _piece: Pieces(), window=4))
    assert [len(call) for call in calls if call[0] == "late"] == [1, 1]
    calls = list(grouped(((key, key) for key in keys), lambda _piece: Pieces(), window=9))
    assert [len(call) for call in calls if call[0] == "late"] == [2]


def test_a_call_that_comes_back_beyond_the_window_is_refused_not_counted_again(monkeypatch):

    monkeypatch.setattr(aircall, "grouped", lambda pieces, begin: grouped(pieces, begin, window=1))
    found = outcomes("aircall", [call(), call(2), call(3), call()])
    assert [isinstance(row, ReadRow) for row in found].count(True) == 3
    assert [row.faults[0].code for row in found if not isinstance(row, ReadRow)] == ["duplicate-in-file"]


def test_a_file_may_name_a_ready_made_mapping_and_its_settings():
    mapping = mapping_in({"ready": "aircall", "settings": {"site": "lyon"}})
    assert mapping == SOURCES["aircall"].mapping({"site": "lyon"})
    assert mapping_in(mapping.as_json()).fields == mapping.fields


@pytest.mark.parametrize(
    "document, problem",
    [
        ({"ready": "aircall", "settings": ["x"]}, ("mapping-form", "settings")),
        ({"ready": "aircall", "settings": {"site": 1}}, ("mapping-form", "settings")),
        ({"ready": "aircall", "settings": {"site": "x"}, "zone": "UTC"}, ("mapping-form", "zone")),
        ({"ready": ["x"], "settings": {"site": "x"}}, ("ready-unknown", "['x']")),
        (["ready"], ("mapping-form", "fields")),
    ],
    ids=["list", "number", "surplus", "name", "no-object"],
)
def test_a_file_that_names_one_wrongly_is_refused(document, problem):
    with pytest.raises(BadMapping) as refused:
        mapping_in(document)
    assert codes(refused) == [problem]


def test_what_was_saved_once_reads_the_columns_of_today():
    saved = SOURCES["aircall"].mapping({"site": "lyon"}).as_json()
    del saved["fields"]["language"]
    assert told(from_json(saved), {}).fields == SOURCES["aircall"].mapping({"site": "lyon"}).fields
