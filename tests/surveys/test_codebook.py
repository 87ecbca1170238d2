"""The codebook says what every column and code of a file of answers means, and nothing that is not there."""

import csv
import io
import json

import pytest

from foundation.database import db
from surveys.answer_columns import HEADER, answer_cells, column_name, places
from surveys.codebook import COLUMNS, codebook, codebook_table
from surveys.questionnaires import compile_version
from surveys.storage import model_definition
from tests.surveys.answer_factories import create_version
from tests.surveys.test_answer_export import SCORE, SUBJECTS, definition, listed, texts

EVERYTHING = definition(
    {**SCORE, "low_end": texts("non"), "high_end": texts("oui"), "polarity": "lower", "theme": "overall"},
    {
        **SUBJECTS,
        "choices": listed("bill", "delay", "web", web={"visible_if": "{score} > 5"}),
        "visible_if": "{score} > 2",
    },
    {"id": "ranks", "type": "ranking", "choices": listed("bill", "delay")},
    {"id": "amount", "type": "number", "decimals": 2, "least": 0, "most": 1000},
    {"id": "day", "type": "date"},
    {"id": "terms", "type": "statement", "consent": texts("J’accepte")},
    {"id": "comment", "type": "comment", "prefer_not": texts("Sans réponse")},
)


def table(document):
    header, rows = codebook_table(document)
    return [dict(zip(header, row, strict=True)) for row in rows]


def codes(rows, column):
    return [(row["code"], row["kind"], row["label (fr)"]) for row in rows if row["column"] == column]


def test_each_code_of_each_column_has_its_label():
    rows = table(codebook(EVERYTHING, 3, None))
    assert codes(rows, "score")[0] == ("0", "value", "non")
    assert codes(rows, "score")[5] == ("5", "value", "5")
    assert codes(rows, "score")[10:] == [("10", "value", "oui"), ("_na", "declined", "Sans objet")]
    assert [code for code, _, _ in codes(rows, "subjects")] == ["bill", "delay", "web"]
    assert codes(rows, "subjects.web") == [("1", "chosen", "Web"), ("0", "not_chosen", "Web")]
    assert codes(rows, "ranks.delay") == [("1", "rank", "Delay"), ("2", "rank", "Delay")]
    assert codes(rows, "comment") == [("_words", "words", ""), ("_private", "declined", "Sans réponse")]
    assert codes(rows, "terms") == [("yes", "value", "Oui"), ("no", "value", "Non")]


def test_scale_theme_bounds_and_conditions_are_told():
    rows = {(row["column"], row["code"]): row for row in table(codebook(EVERYTHING, 3, None))}
    score, bill, web = rows["score", "0"], rows["subjects", "bill"], rows["subjects", "web"]
    assert (score["polarity"], score["theme"], score["version"], score["asked_when"]) == ("lower", "overall", 3, "")
    assert bill["asked_when"] == "{score} > 2"
    assert web["asked_when"] == "({score} > 2) and ({score} > 5)"
    assert (rows["amount", ""]["least"], rows["amount", ""]["most"], rows["amount", ""]["kind"]) == (0, 1000, "range")


def test_the_columns_are_those_of_a_file_of_answers():
    for asked in (EVERYTHING, model_definition("post_contact")):
        found = list(dict.fromkeys(row["column"] for row in table(codebook(asked, 1, None))))
        assert found == [column_name(place) for place in places([compile_version(asked)])]


def test_whatever_a_finite_answer_exports_stands_in_the_codebook():
    rows = table(codebook(EVERYTHING, 1, None))
    known = {(row["column"], row["code"]) for row in rows}
    for question in compile_version(EVERYTHING).questions:
        for value in question.type.domain(question) or ():
            for column, cell in answer_cells(question, value).items():
                for code in cell.split(";") if column == "" else [cell]:
                    assert code == "" or (column_name((question.id, column)), code) in known


def test_the_command_and_the_page_give_the_same(app, sign_in):
    version = create_version(EVERYTHING)
    key = version.questionnaire.key
    db.session.commit()
    run = app.test_cli_runner().invoke
    as_csv = run(args=["surveys", "codebook", key])
    as_json = run(args=["surveys", "codebook", key, "--number", "1", "--format", "json"])
    assert (as_csv.exit_code, as_json.exit_code) == (0, 0), as_csv.output + as_json.output
    quality = sign_in("quality")
    url = f"/surveys/questionnaires/{key}/1/codebook"
    assert quality.get(f"{url}.csv").data.decode("utf-8-sig").replace("\r\n", "\n") == as_csv.stdout
    assert quality.get(f"{url}.json").json == json.loads(as_json.stdout)
    header = next(csv.reader(io.StringIO(as_csv.stdout)))
    assert header[: len(COLUMNS)] == list(COLUMNS) and header[-1] == "label (en)"
    assert quality.get(f"/surveys/questionnaires/{key}/9/codebook.csv").status_code == 404
    assert f"{url}.csv" in quality.get(f"/surveys/questionnaires/{key}").text


@pytest.mark.parametrize(
    "arguments, words", [(["nothing"], "no questionnaire nothing"), (["--number", "7"], "no version 7")]
)
def test_a_codebook_of_nothing_is_wrong_use(app, arguments, words):
    key = create_version(EVERYTHING).questionnaire.key
    db.session.commit()
    asked = arguments if arguments[0] == "nothing" else [key, *arguments]
    result = app.test_cli_runner().invoke(args=["surveys", "codebook", *asked])
    assert result.exit_code == 2 and words in result.output


def test_the_columns_before_the_answers_are_no_names_of_questions():
    assert not set(HEADER) & {question["id"] for question in EVERYTHING["questions"]}
