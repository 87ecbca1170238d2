"""Answers that come in a file, and answers as a file."""

import csv
import io

import pytest

from contacts.models import Contact
from foundation.database import db
from surveys.engine import WebPage
from surveys.models import AnswerEvent, Invitation
from surveys.queries.interviews import interview_of
from surveys.services.recording import take
from tests.surveys.answer_factories import NOW, create_contact, create_draw, create_invitation

HEADER = "CallId,Agent,Satisfaction rating,Remark"
OPTIONS = ["--id-column", "CallId", "--column", "Satisfaction rating=satisfaction", "--column", "Remark=comment"]


@pytest.fixture
def programme(app):
    """A programme whose answers come by file; ID1 and ID2 are drawn, ID3 is in the log and not drawn."""
    draw = create_draw(collection="file", key="calls", low_score=2)
    for name in ("ID1", "ID2"):
        unsent = {"disposition": "drawn", "sent_at": None, "expires_at": None, "language": ""}
        create_invitation(draw, contact={"external_id": name}, **unsent)
    create_contact(draw.principal_id, external_id="ID3")
    db.session.commit()
    return draw.programme


@pytest.fixture
def run(app, programme, tmp_path):
    """``run(row, …)`` imports a file of these rows; returns the command's result and the rejects written."""

    def run(*rows, header=HEADER, options=OPTIONS, key="calls"):
        source, rejects = tmp_path / "answers.csv", tmp_path / "rejects.csv"
        rejects.unlink(missing_ok=True)
        source.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        arguments = ["surveys", "answers", "import", key, str(source), *options, "--rejects", str(rejects)]
        result = app.test_cli_runner().invoke(args=arguments)
        written = rejects.read_text(encoding="utf-8") if rejects.exists() else ""
        return result, list(csv.DictReader(io.StringIO(written)))

    return run


def stored():
    db.session.rollback()
    rows = db.session.scalars(db.select(AnswerEvent).order_by(AnswerEvent.id))
    return [(row.invitation_id, row.kind, row.question_id, row.value) for row in rows]


def test_answers_of_those_drawn_are_stored_and_complete_their_interview(run):
    result, _ = run("ID1,Diane,3,", "ID2,Becky,5.0,Parfait", "ID3,Joe,1,")
    assert result.exit_code == 0, result.output
    assert "stored 2" in result.output and "not drawn 1" in result.output
    assert stored() == [
        (1, "answer", "satisfaction", 3),
        (1, "completed", None, None),
        (2, "answer", "satisfaction", 5),
        (2, "answer", "comment", None),
        (2, "completed", None, None),
    ]
    assert set(db.session.scalars(db.select(Invitation.disposition))) == {"completed"}


def test_the_same_file_twice_adds_nothing_and_a_changed_value_corrects(run):
    run("ID1,Diane,3,Bien", "ID2,Becky,5,")
    before = stored()
    result, _ = run("ID1,Diane,3,Bien", "ID2,Becky,5,")
    assert "unchanged 2" in result.output
    assert stored() == before
    run("ID1,Diane,4,Bien")
    assert stored()[len(before) :] == [(1, "answer", "satisfaction", 4)]


def test_a_contact_is_found_by_its_own_public_id_and_by_that_of_its_invitation(programme, run):
    first, second = db.session.scalars(db.select(Invitation).order_by(Invitation.id))
    contact = db.session.get_one(Contact, first.contact_id)
    result, _ = run(f"{contact.public_id},Diane,3,", f"{second.public_id},Becky,5,", "ID9,Joe,1,")
    assert "stored 2" in result.output and "rejected 1" in result.output
    assert [row[0] for row in stored()] == [1, 1, 2, 2]


def test_what_cannot_be_taken_comes_back_with_line_field_and_reason(run):
    result, rejects = run("ID1,Diane,9,Bien", "ID9,Joe,3,", ",Joe,3,", "ID2,Joe,x,", "ID2,Joe,4,")
    assert result.exit_code == 3
    assert [(row["reject_line"], row["reject_field"]) for row in rejects] == [
        ("2", "Satisfaction rating"),
        ("3", "CallId"),
        ("4", "CallId"),
        ("5", "Satisfaction rating"),
        ("6", "CallId"),
    ]
    assert rejects[0]["reject_reason"] == "This number is outside the scale."
    assert rejects[1]["reject_reason"] == "No contact of this principal has this id."
    assert [event[1:] for event in stored()] == [("answer", "comment", None), ("completed", None, None)]


def test_a_drawn_contact_without_an_answer_stays_a_non_respondent(run):
    result, _ = run("ID1,Diane,,")
    assert "without an answer 1" in result.output
    assert stored() == []


def test_columns_named_like_questions_need_no_mapping(run):
    result, _ = run("ID1,4,no", header="external_id,satisfaction,solved", options=[])
    assert result.exit_code == 0, result.output
    assert [event[2:] for event in stored()][:2] == [("satisfaction", 4), ("solved", "no")]


@pytest.mark.parametrize(
    "options, header, words",
    [
        (["--column", "Satisfaction rating=happiness"], HEADER, "no question happiness"),
        (["--column", "Rating=satisfaction"], HEADER, "no column “Rating”"),
        (["--column", "satisfaction"], HEADER, "COLUMN=QUESTION"),
        ([], HEADER, "No column is named like a question"),
        (["--column", "Satisfaction rating=satisfaction"], HEADER, "which column names the contact"),
        (OPTIONS, "nothing", "cannot be read"),
    ],
)
def test_wrong_use_is_told_in_one_line(run, options, header, words):
    result, _ = run("ID1,Diane,3,", header=header, options=options)
    assert result.exit_code == 2
    assert words in result.output
    assert stored() == []


def test_an_unknown_programme_and_one_that_asks_by_sms_are_wrong_use(run):
    create_draw(key="texts")
    db.session.commit()
    for key in ("nothing", "texts"):
        assert run("ID1,Diane,3,", key=key)[0].exit_code == 2


def test_the_export_has_a_row_for_each_interview_that_counts(app, run):
    run("ID1,Diane,3,=cmd()", "ID2,Becky,5,")
    left = create_invitation(create_draw(key="texts"), phone="+33612345679")
    take(interview_of(left.id), WebPage("satisfaction.0", {"satisfaction": ("4",)}), "web:1", NOW)
    db.session.commit()
    plain = exported(app, "calls")
    assert [row["satisfaction"] for row in plain] == ["3", "5"]
    assert [row["comment"] for row in plain] == ["_words", ""] and "comment (words)" not in plain[0]
    assert exported(app, "calls", "--words")[0]["comment (words)"] == "'=cmd()"
    assert exported(app, "texts") == []


def exported(app, key, *options):
    result = app.test_cli_runner().invoke(args=["surveys", "answers", "export", key, *options])
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_page_takes_a_file_and_says_what_became_of_its_rows(app, programme, sign_in, submit):
    quality = sign_in("quality")
    content = (f"{HEADER}\nID1,Diane,3,\nID2,Becky,9,\nID3,Joe,1,\n").encode()
    fields = {"id_column": "CallId", "column_satisfaction": "Satisfaction rating"}
    url = "/surveys/programmes/calls/answers"
    page = submit(url, client=quality, file=(io.BytesIO(content), "answers.csv"), **fields)
    assert page.status_code == 200
    assert "Ce nombre est en dehors de l’échelle." in page.text
    assert [event[1:] for event in stored()] == [("answer", "satisfaction", 3), ("completed", None, None)]
    refused = submit(url, client=quality, file=(io.BytesIO(content), "answers.csv"), column_solved="nothing")
    assert refused.status_code == 400
    assert "nothing" in refused.text


def test_whoever_sees_other_principals_or_some_sites_only_has_no_such_page(programme, sign_in):
    for scope in ({"principal_ids": [99]}, {"site_ids": [1]}):
        assert sign_in("quality", **scope).get("/surveys/programmes/calls/answers").status_code == 404
