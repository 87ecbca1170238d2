import io
import json

import pytest

from contacts.reading import UnreadableFile
from contacts.sources.lines import LONGEST_LINE, cells_of, lines
from contacts.sources.plain import Broken
from contacts.sources.records import Records


def read(text, inside="list"):
    return list(Records(io.BytesIO(text if isinstance(text, bytes) else text.encode()), inside))


@pytest.mark.parametrize(
    "text, found",
    [
        ('[{"a": 1},\n{"b": [1, {"c": 2}]}]', [(1, {"a": 1}), (2, {"b": [1, {"c": 2}]})]),
        ('{"x": 1, "list": [\n{"a": 1},\n 5, [1]], "total": 9}', [(2, {"a": 1}), (3, 5), (3, [1])]),
        ('{"a": 1}{"b": 2}\n{"c": 3}', [(1, {"a": 1}), (1, {"b": 2}), (2, {"c": 3})]),
        ('{"a": {"list": [1]}}', [(1, {"a": {"list": [1]}})]),
        ('{"list": {"a": 1}}', [(1, {"list": {"a": 1}})]),
        ('\n\n {"x": "\u00e9"}', [(3, {"x": "é"})]),
        ('\ufeff[{"x": 1}]', [(1, {"x": 1})]),
        ('{"list": [{"a": 1}]}{"list": [{"b": 1}]}', [(1, {"a": 1}), (1, {"b": 1})]),
        ("[]", []),
    ],
)
def test_records_with_their_lines_however_they_are_strung_together(text, found):
    assert read(text) == found


def test_what_stands_around_the_list_is_known_at_its_end():
    records = Records(io.BytesIO(b'{"total": 2, "list": [{"a": 1}], "more": {"next": null}}'), "list")
    assert [record for _line, record in records] == [{"a": 1}]
    assert records.around == {"total": 2, "more": {"next": None}}


@pytest.mark.parametrize(
    "text, code, line",
    [("", "empty-file", None), (" \n", "empty-file", None), ('[{"a": 1},\n{"b": ', "json-broken", 2),
     ('{"a": }', "json-broken", 1), ("a;b\n1;2", "json-broken", 1), (b'{"a": "\xe9"}', "json-broken", 1)],
)  # fmt: skip
def test_what_is_no_json_or_was_cut_off_is_refused_with_its_line(text, code, line):
    with pytest.raises(UnreadableFile) as refused:
        read(text)
    assert (refused.value.code, refused.value.line) == (code, line)


def test_a_record_without_end_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr("contacts.sources.records.MOST_PARTS", 1000)
    with pytest.raises(UnreadableFile) as refused:
        read(json.dumps([{"a": 1}, list(range(2000))]))
    assert refused.value.code == "record-too-large"


def test_lines_are_utf_8_or_cp1252_and_blank_ones_are_none():
    file = io.BytesIO("\ufeffé\n\n \n".encode() + "à".encode("cp1252"))
    assert list(lines(file)) == [(1, "é"), (4, "à")]


@pytest.mark.parametrize(
    "content, code", [(b"a\0b", "unreadable-encoding"), (b"x" * (LONGEST_LINE + 1), "line-too-long")]
)
def test_what_is_no_log_is_refused(content, code):
    with pytest.raises(UnreadableFile) as refused:
        list(lines(io.BytesIO(content)))
    assert (refused.value.code, refused.value.line) == (code, 1)


def test_an_open_quote_spoils_its_own_line_and_no_other():
    first, second = cells_of(io.BytesIO(b'a,"b\nc,"d"\n'), ",")
    assert (first, second) == (Broken(1, 'a,"b'), (2, ["c", "d"]))
