from hypothesis import given
from hypothesis import strategies as st

from contacts.reading import read_table
from contacts.rejects import ADDED_COLUMNS, import_of, own_columns, rejects_csv
from foundation.cells import raw_cell, safe_cell

COLUMNS = ["id", "note"]


def test_a_row_goes_back_with_line_field_and_reason():
    text = "".join(rejects_csv(COLUMNS, ";", [(7, ["A1", "a;b"], "site", "Ce site est inconnu.")]))
    assert text == 'id;note;reject_line;reject_field;reject_reason\r\nA1;"a;b";7;site;Ce site est inconnu.\r\n'


def test_columns_of_an_earlier_round_are_replaced():
    columns = ["id", "note", "reject_line", "reject_field", "reject_reason"]
    text = "".join(rejects_csv(columns, ",", [(2, ["A1", "x", "9", "old", "old"], "site", "new")]))
    assert text == "id,note,reject_line,reject_field,reject_reason\r\nA1,x,2,site,new\r\n"


def test_a_row_of_another_width_loses_nothing():
    lines = list(rejects_csv(COLUMNS, ",", [(2, ["A1"], "row", "short"), (3, ["A2", "b", "c"], "row", "long")]))
    assert lines[1:] == ["A1,,2,row,short\r\n", "A2,b,3,row,long,c\r\n"]


def test_a_spreadsheet_is_given_text_and_no_formula():
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("+33612345678") == "+33612345678"
    assert safe_cell("plain") == "plain"


@given(st.text(max_size=20))
def test_what_is_guarded_comes_back_as_it_was(cell):
    assert raw_cell(safe_cell(cell)) == cell


PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@given(cells=st.lists(PRINTABLE.filter(str.strip), min_size=2, max_size=2))
def test_a_file_of_rejects_can_be_sent_again(cells):
    text = "".join(rejects_csv(COLUMNS, ";", [(2, cells, "site", "unknown")]))
    table = read_table(text.encode())
    assert [row[:2] for _, row in table.rows()] == [[raw_cell(safe_cell(cell)) for cell in cells]]


@given(cells=st.lists(PRINTABLE.filter(str.strip), min_size=2, max_size=2), number=st.integers(1, 10**8))
def test_a_file_of_rejects_names_its_import_and_one_without_names_none(cells, number):
    table = read_table("".join(rejects_csv(COLUMNS, ";", [(2, cells, "site", "unknown")], number)).encode())
    assert own_columns(table.columns) == COLUMNS
    assert [import_of(table.columns, row) for _, row in table.rows()] == [number]
    assert import_of(COLUMNS, cells) is None and import_of(ADDED_COLUMNS, ["", "", "", "no number"]) is None
