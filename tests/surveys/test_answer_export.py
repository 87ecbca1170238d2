"""Answers as a file: columns that never move, whatever became of the questionnaire, and what counts in each cell."""

import csv
import io
from datetime import date

import pytest

from contacts.models import Period
from foundation.database import db
from foundation.ledger.models import Access
from surveys.answer_columns import HEADER
from surveys.engine import Ending, WebPage
from surveys.models import SeedCommitment
from surveys.queries.interviews import interview_of
from surveys.services.recording import take
from tests.surveys.answer_factories import NOW, add, create_draw, create_invitation, create_version


def texts(words):
    return {"fr": words, "en": words}


def listed(*ids, **changes):
    return [{"id": each, "label": texts(each.title()), **changes.get(each, {})} for each in ids]


def definition(*questions):
    return {
        "format": "satisfecit-questionnaire/1",
        "key": "export",
        "languages": ["fr", "en"],
        "title": texts("Export"),
        "questions": [{"title": texts(each["id"]), "sms": False, **each} for each in questions],
    }


SUBJECTS = {"id": "subjects", "type": "multiple", "choices": listed("bill", "delay", "web")}
SCORE = {"id": "score", "type": "recommendation", "not_applicable": texts("Sans objet")}
COMMENT = {"id": "comment", "type": "comment"}


@pytest.fixture(params=["app", pytest.param("pg_app", marks=pytest.mark.postgresql)])
def either(request):
    """The application on SQLite, then on PostgreSQL, in its context."""
    app = request.getfixturevalue(request.param)
    with app.app_context():
        yield app


def programme(*questions):
    draw = create_draw(version=create_version(definition(*questions)), collection="web", key="calls")
    db.session.commit()
    return draw


def answered(draw, *pages, **changes):
    """An invitation of ``draw`` whose customer posted these pages ({question: values}), in their order."""
    invitation = create_invitation(draw, **changes)
    for number, page in enumerate(pages):
        values = {name: given if isinstance(given, tuple) else (given,) for name, given in page.items()}
        step = f"{next(iter(values))}.{len(interview_of(invitation.id).events)}"
        take(interview_of(invitation.id), WebPage(step, values), f"web:{invitation.id}:{number}", NOW)
        db.session.commit()
    return invitation


def exported(app, *options):
    """The file by the command: its header and its rows as dictionaries."""
    result = app.test_cli_runner().invoke(args=["surveys", "answers", "export", "calls", *options])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert f"{len(rows)} interviews" in result.stderr
    return result.stdout.splitlines()[0].split(","), rows


def copied(row, **changes):
    """A new row with the values of another, but for its id and ``changes``."""
    kept = {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"}
    return add(type(row)(**kept | changes))


def asks_from_now_on(draw, version):
    """Let the programme of ``draw`` ask another version; returns a draw of December under it."""
    days = {"first_day": date(2026, 12, 1), "last_day": date(2026, 12, 31)}
    terms = copied(draw.terms, number=2, in_force_from=NOW.replace(month=12), version_id=version.id)
    period = copied(db.session.get_one(Period, draw.period_id), **days)
    seed = copied(db.session.get_one(SeedCommitment, draw.seed_commitment_id), commitment="1" * 64, **days)
    later = copied(draw, programme_version_id=terms.id, period_id=period.id, seed_commitment_id=seed.id)
    db.session.commit()
    return later


def test_an_option_that_goes_shifts_no_column_and_takes_no_answer_with_it(either):
    """kobotoolbox/kpi#2089: after an option was removed, answers stood under the heading of their neighbour."""
    draw = programme(SUBJECTS, SCORE)
    answered(draw, {"subjects": ("delay", "web")}, {"score": "9"})
    before, rows = exported(either)
    newer = {**SUBJECTS, "choices": listed("bill", "web", "staff")}
    later = asks_from_now_on(draw, create_version(definition({"id": "solved", "type": "effort"}, newer, SCORE)))
    answered(later, {"solved": "7"}, {"subjects": ("staff", "web")}, {"score": "3"}, phone="+33612345679")
    after, both = exported(either)
    assert before == [*HEADER, "subjects", "subjects.bill", "subjects.delay", "subjects.web", "score"]
    assert after == [*before, "solved", "subjects.staff"]
    first, second = (list(row.values())[len(HEADER) :] for row in both)
    assert list(rows[0].values())[len(HEADER) :] == first[:5] == ["delay;web", "0", "1", "1", "9"]
    assert first[5:] == ["", ""]
    assert second == ["web;staff", "0", "", "1", "3", "7", "1"]
    assert [row["version"].split("/")[1] for row in both] == ["1", "1"]
    assert both[0]["version"] != both[1]["version"]


def test_the_last_answer_counts_and_what_is_no_longer_asked_is_empty(either):
    low = {**COMMENT, "visible_if": "{score} <= 6"}
    draw = programme(SCORE, low, SUBJECTS)
    answered(draw, {"score": "2"}, {"comment": "Trop long."}, {"score": "9"}, {"subjects": "web"})
    _, (row,) = exported(either, "--words")
    assert (row["score"], row["comment"], row["comment (words)"]) == ("9", "", "")
    assert (row["subjects"], row["subjects.bill"], row["subjects.web"]) == ("web", "0", "1")


def test_words_stand_beside_the_answer_they_came_with(either):
    draw = programme(SCORE, COMMENT)
    answered(draw, {"score": "2"}, {"comment": "Long, très\nlong."}, phone="+33612345671")
    answered(draw, {"score": "3"}, {"comment": ""}, phone="+33612345672")
    answered(draw, {"score": "4"}, {"comment": "=1+1"}, phone="+33612345673")
    _, rows = exported(either, "--words")
    assert [row["comment (words)"] for row in rows] == ["Long, très\nlong.", "", "'=1+1"]
    assert [row["comment"] for row in rows] == ["_words", "", "_words"]
    header, plain = exported(either)
    assert "comment (words)" not in header and [row["comment"] for row in plain] == ["_words", "", "_words"]


def test_a_choice_that_was_not_shown_is_empty_and_not_refused(either):
    hidden = {**SUBJECTS, "choices": listed("bill", "delay", "web", web={"visible_if": "{score} > 5"})}
    draw = programme(SCORE, hidden)
    answered(draw, {"score": "2"}, {"subjects": "bill"})
    _, (row,) = exported(either)
    assert (row["subjects.bill"], row["subjects.delay"], row["subjects.web"]) == ("1", "0", "")


def test_a_corrected_answer_leaves_nothing_of_the_one_before(either):
    hidden = {**SUBJECTS, "choices": listed("bill", "delay", "web", web={"visible_if": "{score} > 5"})}
    draw = programme(SCORE, hidden, COMMENT)
    answered(draw, {"score": "9"}, {"subjects": "web"}, {"score": "2"}, {"subjects": "bill"}, {"comment": ""})
    _, (row,) = exported(either)
    assert (row["subjects"], row["subjects.bill"], row["subjects.web"]) == ("bill", "1", "")


def test_ranks_dates_amounts_and_declined_answers_have_their_codes(either):
    ranking = {"id": "ranks", "type": "ranking", "choices": listed("bill", "delay", "web")}
    amount = {"id": "amount", "type": "number", "decimals": 2}
    several = {**SUBJECTS, "prefer_not": texts("Sans réponse")}
    draw = programme(ranking, amount, {"id": "day", "type": "date"}, SCORE, several)
    pages = [{"ranks": ("web", "bill", "")}, {"amount": "2"}, {"day": "12/03/2026"}, {"score": "_na"}]
    answered(draw, *pages, {"subjects": "_private"})
    _, (row,) = exported(either)
    assert [row[name] for name in ("ranks", "ranks.bill", "ranks.delay", "ranks.web")] == ["web;bill", "2", "", "1"]
    assert (row["amount"], row["day"], row["score"]) == ("2.00", "2026-03-12", "_na")
    assert [row[name] for name in ("subjects", "subjects.bill", "subjects.web")] == ["_private", "", ""]


def test_every_interview_that_counts_has_a_row_and_no_other(app):
    draw = programme(SCORE, COMMENT)
    answered(draw, {"score": ""}, {"comment": ""}, phone="+33612345671")
    refused = answered(draw, {"score": "5"}, phone="+33612345672")
    take(interview_of(refused.id), Ending("refused", "web"), "end", NOW)
    answered(draw, {"score": "5"}, phone="+33612345673")
    db.session.commit()
    _, rows = exported(app)
    assert [(row["disposition"], row["score"]) for row in rows] == [("completed", "")]


def test_the_page_gives_what_the_command_prints_and_notes_who_took_it(app, sign_in):
    answered(programme(SCORE, COMMENT), {"score": "5"}, {"comment": "Merci à Zoé"})
    quality = sign_in("quality")
    page = quality.get("/surveys/programmes/calls/answers.csv")
    result = app.test_cli_runner().invoke(args=["surveys", "answers", "export", "calls"])
    assert (page.status_code, page.mimetype) == (200, "text/csv")
    assert page.data.decode("utf-8-sig") == result.stdout
    assert "answers-calls.csv" in page.headers["Content-Disposition"]
    db.session.rollback()
    assert "surveys:answers" in set(db.session.scalars(db.select(Access.subject)))
    assert "answers.csv" in quality.get("/surveys/programmes/calls").text


def test_whoever_sees_one_site_gets_its_answers_only(app, sign_in):
    draw = programme(SCORE)
    mine = answered(draw, {"score": "5"}, phone="+33612345671")
    answered(draw, {"score": "6"}, phone="+33612345672")
    mine_site, public_id = mine.site_id, mine.public_id
    page = sign_in("quality", site_ids=[mine_site]).get("/surveys/programmes/calls/answers.csv")
    assert [row["invitation"] for row in csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")))] == [public_id]
    assert sign_in("quality", principal_ids=[99]).get("/surveys/programmes/calls/answers.csv").status_code == 404


def test_what_was_exported_can_be_taken_in_again_and_changes_nothing(app, tmp_path):
    ranking = {"id": "ranks", "type": "ranking", "choices": listed("bill", "delay")}
    amount = {"id": "amount", "type": "number", "decimals": 2}
    asked = definition(SUBJECTS, SCORE, ranking, amount, {"id": "day", "type": "date"}, COMMENT)
    draw = create_draw(version=create_version(asked), collection="file", key="calls")
    unsent = {"disposition": "drawn", "sent_at": None, "expires_at": None}
    for number in (1, 2):
        create_invitation(draw, contact={"external_id": f"ID{number}"}, phone=f"+3361234567{number}", **unsent)
    db.session.commit()
    source = tmp_path / "answers.csv"
    source.write_text(
        "external_id,subjects,score,ranks,amount,day,comment\n"
        "ID1,web; bill,_na,delay;bill,12.5,12/03/2026,Bravo\nID2,,3,,2,,\n"
    )
    run = app.test_cli_runner().invoke
    assert "stored 2" in run(args=["surveys", "answers", "import", "calls", str(source)]).output
    source.write_text(run(args=["surveys", "answers", "export", "calls"]).stdout)
    _, (first, second) = exported(app)
    assert (first["subjects"], first["score"], first["comment"]) == ("bill;web", "_na", "_words")
    assert (second["score"], second["amount"], second["subjects"]) == ("3", "2.00", "")
    again = run(args=["surveys", "answers", "import", "calls", str(source), "--id-column", "invitation"])
    assert "unchanged 2" in again.output and again.exit_code == 0, again.output
    assert exported(app)[1] == [first, second]
