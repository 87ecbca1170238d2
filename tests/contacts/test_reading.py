import codecs
import random

import pytest

from contacts.reading import UnreadableFile, read_table

FRENCH = "Identifiant;Motif;Agent\nA1;Réclamation à traiter après l'été;Hélène\nA2;Problème de livraison;Zoé\n"


def refusal(content):
    with pytest.raises(UnreadableFile) as refused:
        table = read_table(content)
        list(table.rows())
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_the_encodings_that_offices_write(encoding):
    table = read_table(FRENCH.encode(encoding))
    assert table.columns == ["Identifiant", "Motif", "Agent"]
    assert [cells for _, cells in table.rows()] == [
        ["A1", "Réclamation à traiter après l'été", "Hélène"],
        ["A2", "Problème de livraison", "Zoé"],
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found(separator):
    table = read_table(f'id{separator}note\n1{separator}"a;b,c\td"\n'.encode())
    assert (table.separator, list(table.rows())) == (separator, [(2, ["1", "a;b,c\td"])])


def test_decimal_commas_do_not_pass_for_separators():
    assert read_table(b"id;price\n1;1,50\n2;2,75\n").separator == ";"


def test_rows_carry_the_line_they_begin_on():
    table = read_table(b'id,note\n1,"two\nlines"\n\n2,one\n')
    assert list(table.rows()) == [(2, ["1", "two\nlines"]), (5, ["2", "one"])]


def test_a_column_without_name_is_called_by_its_place():
    assert read_table(b"id;;note;\n1;2;3;\n").columns == ["id", "#2", "note", "#4"]


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "empty-file"),
        (codecs.BOM_UTF8, "empty-file"),
        (b"\n \n", "empty-file"),
        (b"id;note\n", "no-rows"),
        (b"id|note\n1|2\n", "separator-unknown"),
        (b"just one line of words", "separator-unknown"),
        (b"id;id\n1;2\n", "duplicate-column"),
        (b"id;note\n1;a\0b\n", "unreadable-encoding"),
        (b"\xff\xfei", "unreadable-encoding"),
        (b"PK\x03\x04" + random.Random(1).randbytes(2000), "workbook-unreadable"),
        (b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(2000), "unreadable-encoding"),
    ],
)
def test_what_is_no_log_says_why(content, code):
    assert refusal(content).code == code


def test_a_quote_left_open_names_its_line():
    refused = refusal(b'id,note\n1,fine\n2,"never closed\n3,lost\n')
    assert (refused.code, refused.line) == ("broken-quotes", 3)


def test_the_column_that_is_there_twice_is_named():
    assert refusal(b"id;note;note\n1;2;3\n").names == ("note",)
