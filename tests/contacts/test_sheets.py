"""Workbooks: typed cells become the text a mapping understands; what would do harm is refused."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from contacts.reading import UnreadableFile, read_table
from tests.contacts.workbooks import ods, ods_row, ods_text, ods_value, xlsx, xlsx_with

AT = datetime(2026, 10, 5, 9, 12, 58)


def cells_of(content, sheet=""):
    table = read_table(content, sheet)
    return table.columns, list(table.rows())


def refusal(content, sheet=""):
    with pytest.raises(UnreadableFile) as refused:
        read_table(content, sheet)
    return refused.value.code


def test_typed_cells_become_what_a_mapping_reads():
    rows = [
        ["id", "at", "day", "time", "length", "count", "price", "done", "zeros"],
        [4711, AT, date(2026, 10, 5), time(9, 12, 58), timedelta(hours=25, minutes=3), 3, 1.5, True, "00123"],
        ["A2", AT.replace(microsecond=250_000), None, None, timedelta(seconds=7), -2, 0.1 + 0.2, False, " x\ny "],
    ]
    columns, read = cells_of(xlsx({"Appels": rows}))
    assert columns == rows[0]
    assert read == [
        (2, ["4711", "2026-10-05 09:12:58", "2026-10-05", "09:12:58", "25:03:00", "3", "1.5", "true", "00123"]),
        (3, ["A2", "2026-10-05 09:12:58.250", "", "", "0:00:07", "-2", "0.3", "false", " x y "]),
    ]


def test_midnight_keeps_its_time_where_the_column_has_times():
    rows = [["at", "day"], [AT, date(2026, 10, 5)], [datetime(2026, 10, 6), date(2026, 10, 6)]]
    _columns, read = cells_of(xlsx({"Appels": rows}))
    assert read[1] == (3, ["2026-10-06 00:00:00", "2026-10-06"])


def test_a_number_longer_than_a_spreadsheet_keeps_is_shown_as_it_shows_it():
    _columns, read = cells_of(xlsx({"Appels": [["id", "at"], [12345678901234567890, 1], [999_999_999_999_999, 2]]}))
    assert [cells[0] for _line, cells in read] == ["1.23456789012346E+19", "999999999999999"]


def test_empty_rows_and_columns_around_are_left_out_and_lines_are_those_of_the_sheet():
    def shift(workbook):
        workbook.active.insert_rows(1, 2)
        workbook.active.insert_cols(1, 2)
        workbook.active["Z90"].number_format = "0.00"

    columns, read = cells_of(xlsx({"Appels": [["id", "at"], ["A1", "x"], [], ["A2", None]]}, shift))
    assert columns == ["id", "at"]
    assert read == [(4, ["A1", "x"]), (6, ["A2", ""])]


def test_the_first_sheet_with_something_in_it_is_read_unless_one_is_named():
    def hide(workbook):
        workbook["Caché"].sheet_state = "hidden"

    content = xlsx({"Vide": [], "Caché": [["a", "b"], [1, 2]], "Un": [["c", "d"], [3, 4]], "É": [["e"], [5]]}, hide)
    assert cells_of(content)[0] == ["c", "d"]
    assert cells_of(content, "Caché")[0] == ["a", "b"]
    assert cells_of(content, "É") == (["e"], [(2, ["5"])])
    assert refusal(content, "Nulle part") == "sheet-missing"


def test_a_formula_is_read_as_its_value():
    row = '<row r="{0}"><c r="A{0}"><f>1+1</f><v>{1}</v></c><c r="B{0}" t="str"><f>"x"</f><v>{2}</v></c></row>'
    columns, read = cells_of(xlsx_with(row.format(1, 7, "id") + row.format(2, 8, "A1")))
    assert (columns, read) == (["7", "id"], [(2, ["8", "A1"])])


def test_a_libreoffice_file_is_read_with_its_million_of_empty_rows():
    content = ods(
        ods_row(*map(ods_text, ["id", "at", "time", "count"])),
        ods_row(ods_text("007"), ods_value("date", "2026-10-05T09:12:58"), ods_value("time", "PT09H12M58S"),
                ods_value("float", "12")),
        ods_row(ods_text("008"), ods_value("date", "2026-10-06T00:00:00")),
        ods_row('<table:table-cell table:number-columns-repeated="16384"/>', repeated=1_048_570),
    )  # fmt: skip
    columns, read = cells_of(content)
    assert columns == ["id", "at", "time", "count"]
    assert read == [
        (2, ["007", "2026-10-05 09:12:58", "09:12:58", "12"]),
        (3, ["008", "2026-10-06 00:00:00", "", ""]),
    ]


def test_rows_can_be_read_side_by_side():
    table = read_table(xlsx({"Appels": [["id", "n"], *([f"A{number}", number] for number in range(5))]}))
    one, other = table.rows(), table.rows()
    assert [next(one)[0], next(one)[0], next(other)[0], next(one)[0]] == [2, 3, 2, 4]


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def swollen():
    """An archive of some kilobytes that says it unpacks to more than half a gigabyte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
        archive.infolist()[0].file_size = 1 << 30
    return file.getvalue()


@pytest.mark.parametrize(
    "content, codes",
    [
        (lambda: xlsx_with(FAR), {"sheet-too-large"}),
        (lambda: ods(ods_row(ods_text("x", 1024), repeated=1_048_570)), {"sheet-too-large", "workbook-unreadable"}),
        (swollen, {"sheet-too-large"}),
        (lambda: b"PK\x03\x04" + b"x" * 50_000_001, {"sheet-too-large"}),
        (lambda: b"PK\x03\x04" + bytes(range(256)) * 8, {"workbook-unreadable"}),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), {"workbook-old"}),
        (lambda: xlsx({"Vide": []}), {"empty-file"}),
        (lambda: xlsx({"Appels": [["id", "at"]]}), {"no-rows"}),
        (lambda: xlsx({"Appels": [["id", "id"], [1, 2]]}), {"duplicate-column"}),
    ],
    ids=["far cell", "repeated", "bomb", "large", "no archive", "old", "empty", "header only", "twice"],
)
def test_what_cannot_be_read_says_why_and_ends_nothing_else(content, codes):
    assert refusal(content()) in codes
