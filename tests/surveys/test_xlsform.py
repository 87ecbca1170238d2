# ruff: noqa: E501  (the rows of a table)
"""XLSForms, written here from the documentation of the format: what each row becomes."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.formats.reading import read_file
from surveys.formats.report import NotReadable
from surveys.questionnaires import problems

FORM = """\
| survey |
| | type | name | label::English (en) | label::Français (fr) | hint::English (en) | hint::Français (fr) | required | relevant | constraint | appearance | choice_filter | calculation | parameters |
| | start | begun | | | | | | | | | | | |
| | begin group | intro | Intro | Intro | | | | | | field-list | | | |
| | note | hello | Hello **you** | Bonjour | | | | | | | | | |
| | select_one yn | Solved | Solved? | Résolu ? | Think | Pensez | yes | | | | | | |
| | end group | | | | | | | | | | | | |
| | select_multiple why or_other | why | Why, ${Solved}? | Pourquoi ? | | | | ${Solved} = 'no' | count-selected(.) <= 2 | minimal | x = 1 | | randomize=true |
| | integer | age | Age | Âge | | | true() | selected(${why}, 'Price') | . >= 18 and . <= 99 | | | | |
| | decimal | share | Share | Part | | | ${age} > 20 | ${age} + 1 > 2 | . < 3 | | | | |
| | range | r | R | R | | | | | | | | | start=0 end=10 step=1 |
| | date | day | Day | Jour | | | | | . >= date('2026-01-01') | | | | |
| | rank why | order | Rank | Rang | | | | | | | | | |
| | acknowledge | ok | Agree | Oui | | | | | | | | | |
| | text | words | Words | Mots | | | | | | multiline | | | |
| | calculate | c | | | | | | | | | | 1+1 | |
| | geopoint | g | Where | Où | | | | | | | | | |
| | begin repeat | rep | Kids | Enfants | | | | | | | | | |
| | text | kid | Kid | Enfant | | | | | | | | | |
| | end repeat | | | | | | | | | | | | |
| choices |
| | list_name | name | label::English (en) | label::Français (fr) | zone |
| | yn | no | No | Non | |
| | yn | yes | Yes | Oui | |
| | why | Price | Price | Prix | a |
| | why | Time | Time | Délai | b |
| settings |
| | form_title | form_id | version | default_language |
| | Essai | Essai 2 | 3 | Français (fr) |
"""


def by_id(imported):
    return {question["id"]: question for question in imported.definition["questions"]}


def test_every_row_becomes_what_is_like_it_with_its_bounds_and_conditions():
    imported = read_file(FORM.encode(), "form.md")
    asked = by_id(imported)
    assert {name: each["type"] for name, each in asked.items()} == {
        "hello": "statement", "solved": "yes_no", "why": "multiple", "age": "number", "share": "number", "r": "number",
        "day": "date", "order": "ranking", "ok": "statement", "words": "comment",
    }  # fmt: skip
    assert imported.definition["languages"] == ["fr", "en"]
    assert (imported.definition["key"], imported.definition["title"]["fr"]) == ("essai_2", "Essai")
    assert asked["solved"] | {"choices": [], "title": {}} == {
        "id": "solved", "type": "yes_no", "title": {}, "hint": {"fr": "Pensez", "en": "Think"}, "choices": [],
        "required": True, "page": "intro",
    }  # fmt: skip
    assert [choice["id"] for choice in asked["solved"]["choices"]] == ["yes", "no"]
    assert asked["why"]["visible_if"] == "{solved} = 'no'"
    assert (asked["why"]["most"], asked["why"]["random_order"]) == (2, True)
    assert asked["why"]["title"]["en"] == "Why, {solved}?"
    assert (asked["age"]["least"], asked["age"]["most"], asked["age"]["required"]) == (18, 99, True)
    assert asked["age"]["visible_if"] == "{why} contains 'price'"
    assert asked["share"]["required_if"] == "{age} > 20"
    assert (asked["r"]["least"], asked["r"]["most"]) == (0, 10)
    assert asked["day"]["least"] == "2026-01-01"
    assert asked["ok"]["consent"] == {"fr": "OK", "en": "OK"}
    assert [problem.code for problem in problems(imported.definition) if problem.severity == "forbids"] == []


def test_whatever_has_no_place_is_named_with_its_row():
    imported = read_file(FORM.encode(), "form.md")
    assert [(note.where, note.code) for note in imported.dropped if note.code != "lowered"] == [
        ("languages.Français (fr)", "language-changed"),
        ("languages.English (en)", "language-changed"),
        ("survey.2", "unknown-type"),
        ("survey.3.label", "unknown-property"),
        ("survey.7.type", "other-answer"),
        ("survey.7.appearance", "appearance"),
        ("survey.7.choice_filter", "choice-filter"),
        ("survey.9.relevant", "bad-condition"),
        ("survey.9.constraint", "constraint"),
        ("survey.15", "unknown-type"),
        ("survey.16", "unknown-type"),
        ("survey.17", "repeat"),
        ("survey.17.label", "unknown-property"),
        ("survey.18", "repeat"),
        ("settings.version", "unknown-property"),
        ("choices.zone", "unknown-property"),
    ]
    states = {fate.source.name: fate.state for fate in imported.fates}
    assert [states[name] for name in ("begun", "Solved", "why", "kid")] == ["dropped", "kept", "changed", "dropped"]


def workbook(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


SMALL = {
    "survey": [["type", "name", "label"], ["select_one c", "Why", "Why?"], ["integer", "n", "How many?"]],
    "choices": [["list_name", "name", "label"], ["c", 1, "One"], ["c", 2.5, "Two"]],
}


def test_a_workbook_is_found_by_its_content_and_named_after_its_file():
    imported = read_file(workbook(SMALL), "Mon enquête.json")
    assert imported.definition["key"] == "mon_enquete"
    assert [choice["id"] for choice in by_id(imported)["why"]["choices"]] == ["1", "2_5"]
    assert ("languages.default", "language-changed") in {(note.where, note.code) for note in imported.dropped}


def test_csv_and_the_older_names_of_columns_are_read():
    content = (
        '"survey",,,,\n,"type","name","label:french","bind:relevant"\n,"int","a","Un ?",\n'
        ',"select one from l","b","Deux ?","${a} > 3"\n"choices",,,,\n,"list name","name","label:french",\n'
        ',"l","x","X",\n,"l","y","Y",\n'
    )
    imported = read_file(content.encode(), "form.csv")
    assert by_id(imported)["b"]["visible_if"] == "{a} > 3"
    assert imported.definition["languages"] == ["fr"]


def test_rows_without_type_lists_nobody_uses_and_messages_are_named_and_whole_numbers_have_neighbours():
    survey = [["type", "name", "label", "constraint", "constraint_message"],
              ["integer", "n", "N?", ". > 0 and . < 10", "Too many"], ["", "x", "X?"]]  # fmt: skip
    imported = read_file(workbook(SMALL | {"survey": survey}), "x")
    (asked,) = imported.definition["questions"]
    assert (asked["least"], asked["most"]) == (1, 9)
    assert [(note.where, note.code) for note in imported.dropped][1:] == [
        ("survey.2.jr:constraintMsg", "unknown-property"),
        ("survey.3", "unknown-type"),
        ("choices.c", "table"),
    ]


def zipped(entries):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return content.getvalue()


def poisoned():
    """A real workbook whose sheet declares an entity that refers to itself many times."""
    content, made = io.BytesIO(workbook(SMALL)), []
    with zipfile.ZipFile(content) as archive:
        made = [(name, archive.read(name)) for name in archive.namelist()]
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    return zipped([(name, bomb + data.partition(b"?>")[2] if "sheet1" in name else data) for name, data in made])


@pytest.mark.parametrize(
    "make, code",
    [
        (lambda: b"x" * 4_000_001, "file-too-large"),
        (lambda: zipped([("xl/workbook.xml", b"\0" * 20_000_001)]), "unpacks-too-large"),
        (lambda: zipped([(f"{n}", b"") for n in range(501)]), "unpacks-too-large"),
        (lambda: zipped([("letter.txt", b"hello")]), "not-an-xlsform"),
        (lambda: zipped([("xl/workbook.xml", b"<x/>")]), "not-an-xlsform"),
        (lambda: workbook({"Sheet1": [["a", "b"], [1, 2]]}), "not-an-xlsform"),
        (lambda: workbook(SMALL)[:400], "not-an-xlsform"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old-spreadsheet"),
        (lambda: b"", "not-a-questionnaire"),
        (lambda: b"\xff\xfe\x00", "not-a-questionnaire"),
        (lambda: b"hello, world", "not-a-questionnaire"),
        (lambda: b'{"a": ' + b"[" * 100_000, "not-a-questionnaire"),
    ],
    ids=["large", "bomb", "many", "letter", "empty", "table", "cut", "xls", "nothing", "bytes", "words", "deep"],
)
def test_files_that_may_do_harm_or_are_no_form_are_refused(make, code):
    with pytest.raises(NotReadable) as refused:
        read_file(make(), "x")
    assert refused.value.code == code


def test_a_workbook_with_entities_is_refused():
    with pytest.raises(NotReadable) as refused:
        read_file(poisoned(), "x.xlsx")
    assert refused.value.code in ("not-an-xlsform", "dangerous-xml")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(FORM)), st.text(alphabet="|{}$'()<>=.: \n\\aé\0", max_size=6), st.integers(0, 20))
def test_a_form_with_anything_written_over_it_is_read_or_refused(place, written, over):
    content = FORM[:place] + written + FORM[place + over :]
    try:
        imported = read_file(content.encode(), "form.md")
    except NotReadable:
        return
    problems(imported.definition)


def test_the_command_says_what_became_of_each_question(app, tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(SMALL))
    said = app.test_cli_runner().invoke(args=["surveys", "import", str(path)])
    assert said.exit_code == 3, said.output
    assert "survey.2, Why: changed (why)" in said.output
    assert "survey.3, n: as it was (n)" in said.output
    refused = tmp_path / "x.xls"
    refused.write_bytes(b"\xd0\xcf\x11\xe0")
    assert "Save it as .xlsx." in app.test_cli_runner().invoke(args=["surveys", "import", str(refused)]).output


def test_the_page_says_what_became_of_each_question_and_why_a_file_is_refused(app, sign_in, submit):
    client = sign_in("quality")
    page = submit("/surveys/questionnaires/import", client=client, file=(io.BytesIO(FORM.encode()), "f.md"), model="")
    assert "Ce que chaque question est devenue" in page.text
    assert "rien n’est calculé ici" not in page.text  # the row is left out as a whole
    assert "l’apparence dépend ici du type" in page.text
    bomb = (io.BytesIO(b"<!DOCTYPE x [<!ENTITY a 'b'>]><document>&a;</document>"), "f.lss")
    assert "déclare des entités" in submit("/surveys/questionnaires/import", client=client, file=bomb, model="").text
