"""``flask surveys draw``, ``verify-draw``, ``import`` and ``export``."""

import hashlib
import json
import subprocess
import sys
import zlib
from datetime import date

import pytest

from contacts.models import Principal
from foundation.database import db
from surveys.formats.surveyjs_out import to_surveyjs
from surveys.models import Draw, FrameUnit, Invitation, Programme, QuestionnaireVersion, SeedCommitment
from surveys.refusals import SurveyRefused
from surveys.seed_keys import unlocked
from surveys.services.draws import request_draw
from surveys.services.seeds import commit_seed, mix_value
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


def exported(flask, programme, folder):
    """A draw of ten, drawn and written into ``folder``."""
    flask("surveys", "draw", programme, *OCTOBER)
    assert flask("surveys", "export-draw", "1", str(folder)).exit_code == 0
    return folder


def drawn_again(folder):
    """What the script says that was exported with the files, with nothing of ours to import."""
    done = subprocess.run([sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, cwd="/")
    assert not done.stderr
    return done.returncode, done.stdout


def rewritten(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_exported_script_draws_the_same_and_is_short(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path / "draw")
    assert drawn_again(folder) == (0, "Identical: the same contacts are drawn again from the revealed seed.\n")
    assert len((folder / "verify.py").read_text().splitlines()) < 270


def first_of(folder, standing):
    lines = map(json.loads, (folder / "frame.jsonl").read_text().splitlines())
    return next(line for line in lines if line[2].startswith(standing))


def test_the_script_names_a_contact_whose_line_was_changed(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    public_id, stratum, *_ = first_of(folder, "eligible")
    rewritten(
        folder / "frame.jsonl",
        f'"{public_id}","{stratum}","eligible"',
        f'"{public_id}","{stratum}","ineligible:direction"',
    )
    code, said = drawn_again(folder)
    assert code == 3
    assert f"contact {public_id}: its line in the frame was changed" in said
    assert f"stratum {stratum}: kept" in said


def test_the_script_names_a_changed_line_though_the_hash_of_the_frame_was_rewritten_to_fit(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    public_id, stratum, *_ = first_of(folder, "ineligible")
    rewritten(folder / "frame.jsonl", f'"{public_id}","{stratum}",', f'"{public_id}","elsewhere",')
    frame = folder / "frame.jsonl"
    facts = json.loads((folder / "draw.json").read_text())
    facts["frame_hash"] = hashlib.sha256(frame.read_bytes()).hexdigest()
    (folder / "draw.json").write_text(json.dumps(facts))
    code, said = drawn_again(folder)
    assert code == 3
    assert f"contact {public_id}: its line in the frame was changed" in said


def test_the_script_names_a_contact_put_in_and_counts_one_taken_out(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    public_id = first_of(folder, "ineligible")[0]
    rewritten(folder / "frame.jsonl", public_id, "f" * 32)
    _code, said = drawn_again(folder)
    assert f"contact {'f' * 32}: added to the frame" in said
    assert "a contact was removed from the frame" in said


def test_the_script_names_a_swapped_contact_on_both_sides(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    drawn = (folder / "drawn.csv").read_text().splitlines()[1].split(",")
    other = next(
        line for line in map(json.loads, (folder / "frame.jsonl").read_text().splitlines())
        if line[1] == drawn[1] and line[0] not in (folder / "drawn.csv").read_text() and line[2] == "eligible"
    )  # fmt: skip
    rewritten(folder / "drawn.csv", drawn[0], other[0])
    _code, said = drawn_again(folder)
    assert f"contact {other[0]} (stratum {drawn[1]}) was not drawn by this seed" in said
    assert f"contact {drawn[0]} (stratum {drawn[1]}) was drawn by this seed, and is not kept" in said


def test_the_script_names_a_stratum_of_another_size(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    rewritten(folder / "draw.json", '"size": 10', '"size": 12')
    _code, said = drawn_again(folder)
    assert "stratum lille: kept (5, 20), drawn again (6, 20)" in said


def edited(draw, **values):
    draw.write_text(json.dumps({**json.loads(draw.read_text("utf-8")), **values}), "utf-8")


@pytest.mark.parametrize(
    ("place", "now", "said"),
    [
        (1, "metz", "drawn.csv says stratum metz, the draw says"),
        (2, "4", "drawn.csv says drawn 4, the draw says 5"),
        (3, "40", "drawn.csv says eligible 40, the draw says 20"),
        (4, "9", "drawn.csv says stands_for 9, the draw says 1"),
    ],
    ids=["stratum", "drawn", "eligible", "stands_for"],
)
def test_the_script_names_the_contact_of_every_changed_cell_of_those_drawn(
    flask, programme, tmp_path, place, now, said
):
    path = exported(flask, programme, tmp_path) / "drawn.csv"
    head, first, *others = path.read_text("utf-8").splitlines()
    cells = first.split(",")
    cells[place] = now
    path.write_text("\n".join([head, ",".join(cells), *others]) + "\n", "utf-8")
    code, told = drawn_again(tmp_path)
    assert (code, told.count("\n")) == (3, 1)
    assert told.startswith(f"contact {cells[0]}: {said}")


def test_the_script_names_a_contact_that_is_drawn_twice_in_the_list(flask, programme, tmp_path):
    path = exported(flask, programme, tmp_path) / "drawn.csv"
    first = path.read_text("utf-8").splitlines()[1]
    path.write_text(path.read_text("utf-8") + first + "\n", "utf-8")
    assert drawn_again(tmp_path) == (3, f"contact {first.split(',')[0]}: 2 times in drawn.csv\n")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"population": 41}, "population: kept 41, counted again 43"),
        ({"eligible": 41}, "eligible: kept 41, counted again 40"),
        ({"drawn": 11}, "drawn: kept 11, counted again 10"),
        ({"exclusions": {"ineligible": {}, "suppressed": {}}}, "exclusions: kept"),
        ({"prints_hash": "0" * 64}, "prints.bin was changed"),
        ({"strata": [["lille", 5, 20], ["lille", 5, 20], ["lyon", 5, 20]]}, "stratum lille: 2 times in draw.json"),
        ({"strata": [["lille", 5, 20], ["lyon", 5, 20], ["metz", 3, 0]]}, "stratum metz: kept (3, 0), drawn again"),
    ],
    ids=["population", "eligible", "drawn", "exclusions", "prints", "twice", "from-nothing"],
)
def test_the_script_names_every_changed_sum(flask, programme, tmp_path, changes, said):
    draw = exported(flask, programme, tmp_path) / "draw.json"
    edited(draw, **changes)
    code, told = drawn_again(tmp_path)
    assert code == 3
    assert told.startswith(said)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("draw.json", "{}"),
        ("draw.json", "["),
        ("frame.jsonl", "[[]]\n"),
        ("frame.jsonl", "\udcff"),
        ("drawn.csv", "stratum\nlille\n"),
        ("prints.bin", "abc"),
    ],
    ids=["empty", "broken", "shape", "letters", "columns", "prints"],
)
def test_files_that_are_none_are_told_and_not_a_crash(flask, programme, tmp_path, name, content):
    (exported(flask, programme, tmp_path) / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    code, told = drawn_again(tmp_path)
    assert code == 3
    assert "Identical" not in told


def test_a_name_in_the_files_cannot_write_that_all_is_identical(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    wipe = "\x1b[2J\x1b[H\nIdentical: the same contacts are drawn again from the revealed seed.\n\x1b[8m"
    lines = [json.loads(line) for line in (folder / "frame.jsonl").read_text("utf-8").splitlines()]
    lines[0][0] = wipe
    (folder / "frame.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    edited(folder / "draw.json", strata=[[wipe, 5, 20]])
    code, told = drawn_again(folder)
    assert code == 3
    assert "\x1b" not in told
    assert not any(line.startswith("Identical") for line in told.splitlines())


def test_the_script_says_that_a_seed_was_changed(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    seed = json.loads((folder / "draw.json").read_text())["seed"]
    rewritten(folder / "draw.json", seed, "0" * 64)
    assert "seed: it does not open its commitment" in drawn_again(folder)[1]


def tampered(flask, statement):
    """What the product's own verifier says once somebody has changed the database of a draw."""
    db.session.execute(db.text(statement))
    db.session.commit()
    done = flask("surveys", "verify-draw", "1")
    assert done.exit_code == 3
    return done.output


def test_the_command_names_a_contact_changed_in_the_frame(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    unit = db.session.scalars(db.select(FrameUnit).filter_by(drawn=False, status="eligible").limit(1)).one().public_id
    said = tampered(flask, f"UPDATE frame_units SET stratum = 'metz' WHERE public_id = '{unit}'")
    assert f"contact {unit}: its line in the frame was changed; it stands now as metz, eligible" in said
    assert "stratum metz: kept 0 of 0" in said


def test_the_command_names_a_contact_taken_out_of_the_frame_and_its_invitation(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    unit = db.session.scalars(db.select(FrameUnit).filter_by(drawn=True).limit(1)).one().public_id
    said = tampered(flask, f"DELETE FROM frame_units WHERE public_id = '{unit}'")
    assert (
        f"a contact was removed from the frame: the CRC-32 of its public id is {zlib.crc32(unit.encode()):08x}" in said
    )
    assert f"contact {unit} (stratum lille) has an invitation and was not drawn" in said or "lyon" in said


def test_the_command_names_a_changed_size_by_its_stratum_and_by_the_ledger(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    said = tampered(flask, "UPDATE draw_strata SET drawn = 4 WHERE stratum = 'lyon'")
    assert "stratum lyon: kept 4 of 20, drawn again 5 of 20" in said
    assert "strata: the ledger says" in said


def test_the_command_names_a_contact_whose_kept_probability_is_not_its_stratums(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    unit = db.session.scalars(db.select(FrameUnit).filter_by(drawn=True, stratum="lyon").limit(1)).one().public_id
    said = tampered(flask, f"UPDATE frame_units SET pi_drawn = 4 WHERE public_id = '{unit}'")
    assert said == f"contact {unit}: kept with the probability 4 of 20, its stratum says 5 of 20\n"


def test_the_command_names_a_contact_of_the_frame_that_is_not_there_or_is_another(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    units = db.session.scalars(db.select(FrameUnit).filter_by(drawn=False).order_by(FrameUnit.public_id).limit(2)).all()
    other, away = (unit.public_id for unit in units)
    said = tampered(
        flask,
        "UPDATE frame_units SET contact_id = contact_id + CASE WHEN public_id = "
        f"'{other}' THEN 100000 ELSE 200000 END WHERE public_id IN ('{other}', '{away}')",
    )
    assert said == "".join(
        f"contact {one}: is in the frame, and no such contact is recorded\n" for one in (other, away)
    )


def test_the_script_says_of_each_kind_twenty_and_how_many_more(flask, programme, tmp_path):
    folder = exported(flask, programme, tmp_path)
    with (folder / "frame.jsonl").open("a") as frame:
        frame.writelines(f'["{number:032x}","lyon","ineligible:direction",null]\n' for number in range(30))
    _code, said = drawn_again(folder)
    assert said.count(": added to the frame") == 20
    assert said.endswith("10 more: added to the …\n")


def test_the_command_notices_a_plan_changed_together_with_its_draw(flask, programme):
    flask("surveys", "draw", programme, *OCTOBER)
    said = tampered(flask, "UPDATE draws SET allocation = replace(allocation, '10', '11')")
    assert "allocation: the ledger says" in said


def test_an_auditors_value_is_mixed_and_the_draw_is_late_no_more(flask, programme, tmp_path):
    mixing = ("surveys", "mix-seed", programme, *OCTOBER, "--value", "7 12 31 40 49")
    assert "No seed is committed" in flask(*mixing).output
    commit_seed(db.session.query(Programme).one(), FIRST, LAST, NOW)
    db.session.commit()
    assert flask(*mixing).exit_code == 0
    assert "already given" in flask(*mixing).output
    said = flask("surveys", "draw", programme, *OCTOBER).output
    assert "late" not in said
    draw = db.session.get(Draw, 1)
    assert (draw.late, draw.auditor_value) == (False, "7 12 31 40 49")
    assert flask("surveys", "verify-draw", "1").exit_code == 0
    flask("surveys", "export-draw", "1", str(tmp_path))
    assert drawn_again(tmp_path)[0] == 0
    rewritten(tmp_path / "draw.json", "7 12 31 40 49", "7 12 31 40 48")
    assert "was not drawn by this seed" in drawn_again(tmp_path)[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "neyman", "sample_size": 12, "minimum": 1},
        {
            "method": "precision",
            "sample_size": None,
            "design": {"margin": 250, "site_margin": 300, "expected_response": 900},
        },
        {"method": "equal", "sample_size": 11, "design": {"completes": 3, "expected_response": 700}},
        {"method": "everyone", "sample_size": None},
    ],
    ids=lambda changes: changes["method"],
)
def test_the_script_allocates_as_the_product_does(flask, programme, tmp_path, changes):
    principal = db.session.query(Programme).one().principal_id
    other = create_programme_of(db.session.get(Principal, principal), **changes)
    key = other.key
    db.session.commit()
    done = flask("surveys", "draw", key, *OCTOBER)
    assert done.exit_code == 0, done.output
    flask("surveys", "export-draw", "1", str(tmp_path))
    assert drawn_again(tmp_path)[0] == 0


def test_a_value_before_the_period_is_closed_or_after_the_draw_is_refused(flask, programme):
    found = db.session.query(Programme).one()
    with pytest.raises(SurveyRefused, match="period-open"):
        mix_value(found, date(2026, 11, 1), date(2026, 11, 30), "seven twelve", NOW)
    with pytest.raises(SurveyRefused, match="value-too-short"):
        mix_value(found, FIRST, LAST, " 12345 ", NOW)
    flask("surveys", "draw", programme, *OCTOBER)
    with pytest.raises(SurveyRefused, match="already-drawn"):
        mix_value(db.session.query(Programme).one(), FIRST, LAST, "seven twelve", NOW)


def test_a_seed_is_not_in_the_database_before_its_draw_and_another_key_does_not_open_it(
    app, flask, programme, monkeypatch
):
    commit_seed(db.session.query(Programme).one(), FIRST, LAST, NOW)
    db.session.commit()
    stored = db.session.scalars(db.select(SeedCommitment.seed)).one()
    assert hashlib.sha256(unlocked(app.config["SECRET_KEY"], stored)).hexdigest() not in stored
    assert len(unlocked(app.config["SECRET_KEY"], stored)) == 32
    monkeypatch.setitem(app.config, "SECRET_KEY", "another one")
    assert "locked under another secret key" in flask("surveys", "draw", programme, *OCTOBER).output
