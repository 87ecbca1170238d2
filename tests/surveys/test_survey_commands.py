"""``flask surveys draw``, ``verify-draw``, ``import`` and ``export``."""

import json

import pytest

from foundation.database import db
from surveys.formats.surveyjs_out import to_surveyjs
from surveys.models import Draw, FrameUnit, Invitation, QuestionnaireVersion
from surveys.services.draws import request_draw
from surveys.storage import model_definition
from tests.surveys.factories import (
    FIRST,
    LAST,
    NOW,
    create_contacts,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    published_version,
)

OCTOBER = ["--from", "2026-10-01", "--to", "2026-10-31"]


@pytest.fixture
def flask(app):
    """``flask("surveys", …)`` runs a command as from a shell."""

    def run(*arguments):
        db.session.remove()
        return app.test_cli_runner().invoke(args=list(arguments))

    return run


@pytest.fixture
def programme(app):
    principal = create_principal()
    create_contacts(principal, [create_site("lille"), create_site("lyon")], each=20)
    create_contacts(principal, [create_site("metz")], each=3, outcome="abandoned")
    create_period(principal)
    made = create_programme_of(principal)
    db.session.commit()
    return made.key


def test_a_draw_prints_its_numbers_and_says_that_it_is_late(flask, programme):
    done = flask("surveys", "draw", programme, *OCTOBER)
    assert done.exit_code == 0, done.output
    for line in ("(seed committed late)", "population 43", "ineligible 3: abandoned before an answer", "eligible 40"):
        assert line in done.output
    assert "drawn 10" in done.output
    assert "5 of 20: Lille" in done.output


def test_a_size_on_the_command_line_replaces_the_programmes(flask, programme):
    assert "drawn 7" in flask("surveys", "draw", programme, *OCTOBER, "--size", "7").output


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["nobody", *OCTOBER], "There is no programme nobody."),
        (["KEY", "--from", "2026-11-01", "--to", "2026-11-30"], "is not closed"),
        (["KEY", *OCTOBER, "--size", "41"], "41 were asked for, but only 40 contacts may be drawn"),
        (["KEY", *OCTOBER, "--size", "0"], "--size"),
        (["KEY", "--from", "1 October", "--to", "2026-10-31"], "--from"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(flask, programme, arguments, words):
    done = flask("surveys", "draw", *[programme if one == "KEY" else one for one in arguments])
    assert done.exit_code == 2
    assert words in done.output


def test_drawing_twice_ends_with_2(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    done = flask("surveys", "draw", programme, *OCTOBER)
    assert done.exit_code == 2
    assert "drawn already" in done.output


def test_a_draw_that_was_interrupted_is_finished_by_the_same_command(flask, programme):
    from surveys.queries.programmes import programme_by_key

    request_draw(programme_by_key(programme), FIRST, LAST, None, NOW)
    db.session.commit()
    assert flask("surveys", "draw", programme, *OCTOBER).exit_code == 0
    assert db.session.scalar(db.select(db.func.count()).select_from(Invitation)) == 10


def test_an_honest_draw_is_verified(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    done = flask("surveys", "verify-draw", "1")
    assert (done.exit_code, done.output) == (0, "Identical: 10 of 43 contacts, drawn again from the revealed seed.\n")


def test_a_tampered_draw_ends_with_3_and_names_the_units(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    unit = db.session.scalars(db.select(FrameUnit).filter_by(drawn=True).limit(1)).one()
    unit.drawn, public_id = False, unit.public_id
    db.session.commit()
    done = flask("surveys", "verify-draw", "1")
    assert done.exit_code == 3
    assert f"contact {public_id} (stratum lille) was drawn by this seed, and is not kept as drawn" in done.output


def test_a_swapped_seed_ends_with_3(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    db.session.execute(db.update(Draw).values(seed="00" * 32))
    db.session.commit()
    done = flask("surveys", "verify-draw", "1")
    assert done.exit_code == 3
    assert "seed: it does not open the commitment" in done.output


def test_an_unknown_draw_ends_with_2(flask, programme):
    assert flask("surveys", "verify-draw", "9").exit_code == 2


@pytest.mark.parametrize("form", [[], ["--surveyjs"]])
def test_a_questionnaire_goes_out_and_comes_in_again_unchanged(flask, app, tmp_path, form):
    published_version()
    db.session.commit()
    exported = flask("surveys", "export", "post_contact", *form)
    assert exported.exit_code == 0
    (tmp_path / "survey.json").write_text(exported.output)
    imported = flask("surveys", "import", str(tmp_path / "survey.json"))
    first, *fates = imported.output.splitlines()
    assert (imported.exit_code, first) == (0, "post_contact, version 1: published already.")
    assert all(": as it was (" in fate for fate in fates)
    assert db.session.scalar(db.select(db.func.count()).select_from(QuestionnaireVersion)) == 1


def test_a_programmes_key_exports_the_version_it_asks(flask, programme):
    assert json.loads(flask("surveys", "export", programme).output) == model_definition("post_contact")


def test_what_surveyjs_has_and_we_have_not_is_named_and_ends_with_3(flask, app, tmp_path):
    document = to_surveyjs(model_definition("post_contact")) | {"completedHtml": "<p>Merci</p>"}
    document["pages"][0]["elements"].append({"type": "matrix", "name": "grid"})
    (tmp_path / "survey.json").write_text(json.dumps(document))
    done = flask("surveys", "import", str(tmp_path / "survey.json"))
    assert done.exit_code == 3
    assert "left out, completedHtml: this has no meaning here" in done.output
    assert "there is no such type of question here" in done.output


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pages": 3}', "\x00"])
def test_a_file_that_is_no_questionnaire_ends_with_2(flask, app, tmp_path, content):
    (tmp_path / "survey.json").write_text(content)
    done = flask("surveys", "import", str(tmp_path / "survey.json"))
    assert done.exit_code == 2
    assert "no questionnaire" in done.output


def test_an_unknown_key_ends_with_2(flask, app):
    assert flask("surveys", "export", "nobody").exit_code == 2
