"""The binder: the same bytes for the same things, checked by its own verifier, and nothing personal in it."""

import csv
import io
import json
import random
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from contacts.models import Principal, Site
from contacts.services import close_period
from estimation import DomainStratum, domain_mean, domain_nps, domain_proportion
from evidence import services, verify
from evidence.archive import archive
from evidence.queries import subject_of
from evidence.subjects import BinderInconsistent
from foundation.database import db, reading
from foundation.ledger.services import seal_round
from surveys.allocation import Plan
from surveys.frames import FrameEntry, frame_hash
from surveys.models import FrameUnit, Invitation
from surveys.refusals import SurveyRefused
from surveys.sampling import Unit, sample
from tests.conftest import NOW
from tests.evidence.factories import RULES, answer_all, create_evidence, create_survey, draw
from tests.satisfaction.factories import FIRST_DAY, create_contacts, create_programme

ABOUT = {"principal": "belline", "period": {"from": "2026-10-01", "to": "2026-10-31"}, "survey": None}

#: What comes from the register, which a binder holds as counts only.
REGISTER = "complaints, complaints_from_surveys, complaints_in_time, open_after_30, promises_kept"


@pytest.fixture
def about(app):
    return create_evidence()


@pytest.fixture(scope="module")
def kept():
    """The bytes of one binder, for the tests that only read them."""
    return {}


@pytest.fixture
def binder(kept, request):
    if not kept:
        request.getfixturevalue("app")
        kept["content"] = built(create_evidence())
    return kept["content"]


@pytest.fixture
def members(binder):
    return members_of(binder)


def built(about):
    db.session.rollback()
    with reading():
        return services.compose(about, NOW).content


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as binder:
        return {name: binder.read(name) for name in binder.namelist()}


def verdict(tmp_path, content, name="binder.zip"):
    """Run the verifier of the project on a binder, as a stranger would: isolated, as a process of its own."""
    path = tmp_path / name
    path.write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-I", verify.__file__, str(path)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    return run.returncode, run.stdout + run.stderr


def faults_in(members):
    """What the verifier says, without a process for each case."""
    found = verify.manifest_faults(members)
    if not found:
        draws = json.loads(members["draw.json"])["draws"]
        found = [
            *verify.draw_faults(members, draws),
            *verify.ledger_faults(members, draws),
            *verify.figure_faults(members, draws, say=lambda _: None),
        ]
    return found


def rebuilt(members, **changed):
    """The binder of a forger who knows how manifests are made."""
    kept = {name: content for name, content in members.items() if name != "manifest.json"}
    return members_of(archive({**kept, **{name.replace("_", "."): c for name, c in changed.items()}}, ABOUT))


def test_an_honest_binder_is_found_consistent_and_said_to_be_unsigned(binder, tmp_path):
    status, said = verdict(tmp_path, binder)
    assert status == 0, said
    assert "All is consistent." in said
    assert "not signed: this proves consistency only" in said
    assert "non signé : ceci ne prouve que la cohérence" in said


def test_an_unpacked_binder_is_checked_in_its_folder(binder, tmp_path):
    with zipfile.ZipFile(io.BytesIO(binder)) as binder:
        binder.extractall(tmp_path)
    run = subprocess.run([sys.executable, "-I", tmp_path / "verify.py"], capture_output=True, text=True, check=False)
    assert (run.returncode, "All is consistent." in run.stdout) == (0, True)


def test_the_same_things_give_the_same_bytes(about):
    assert built(about) == built(about)


def test_it_holds_what_was_promised(members):
    assert set(members) == {
        "README.fr.txt", "README.en.txt", "methodology.fr.html", "methodology.en.html", "note.css",
        "report.json", "results.csv", "indicators.json", "draw.json", "frame.csv", "answers.csv",
        "questionnaires.json", "complaints.csv", "appeals.csv", "ledger.json", "manifest.json", "verify.py",
    }  # fmt: skip


def test_any_byte_of_any_file_that_is_flipped_is_named(members):
    chance = random.Random(7)
    for name in sorted(set(members) - {"verify.py"}):
        for _ in range(40):
            place, bit = chance.randrange(len(members[name])), 1 << chance.randrange(8)
            changed = bytearray(members[name])
            changed[place] ^= bit
            found = faults_in({**members, name: bytes(changed)})
            assert any(name in fault for fault in found), (name, place, bit, found)


def test_a_flipped_byte_is_named_from_the_command_line(members, tmp_path):
    members["answers.csv"] = members["answers.csv"].replace(b",5\r\n", b",4\r\n", 1)
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as forged:
        for name, content in members.items():
            forged.writestr(name, content)
    status, said = verdict(tmp_path, (tmp_path / "forged.zip").read_bytes())
    assert (status, "FAULT answers.csv: changed" in said) == (1, True)


@pytest.mark.parametrize("name", ["frame.csv", "complaints.csv", "manifest.json"])
def test_a_file_that_is_missing_or_added_is_named(members, name):
    without = {key: content for key, content in members.items() if key != name}
    assert [fault for fault in faults_in(without) if name in fault]
    assert faults_in({**members, "extra.csv": b"x"}) == ["extra.csv: added"]


def test_a_file_that_comes_twice_is_named(binder, tmp_path):
    path = tmp_path / "twice.zip"
    path.write_bytes(binder)
    with zipfile.ZipFile(path, "a") as binder, pytest.warns(UserWarning, match="Duplicate"):
        binder.writestr("answers.csv", b"draw,stratum,question,value\r\n")
    status, said = verdict(tmp_path, path.read_bytes())
    assert status == 1 and "answers.csv" in said


def test_what_is_no_binder_is_said_to_be_unreadable(tmp_path):
    status, said = verdict(tmp_path, b"not a zip")
    assert (status, "cannot be read" in said) == (1, True)


def forged_draw(members, change):
    document = json.loads(members["draw.json"])
    change(document["draws"][0])
    return rebuilt(members, draw_json=json.dumps(document).encode())


def test_another_seed_is_found_even_under_a_new_manifest(members):
    found = faults_in(forged_draw(members, lambda draw: draw.update(seed="00" * 32)))
    assert any("seed" in fault for fault in found)
    assert any("drawing again gives other contacts" in fault for fault in found)


def test_another_seed_with_its_own_commitment_is_found_against_the_ledger(members):
    seed = bytes(32)
    found = faults_in(
        forged_draw(members, lambda draw: draw.update(seed=seed.hex(), commitment=verify.digest(seed), late=False))
    )
    assert any("draw.json and ledger.json differ in seed, commitment" in fault for fault in found)


def test_a_row_of_the_frame_that_is_changed_is_found_even_under_a_new_manifest(members):
    lines = members["frame.csv"].decode().splitlines(keepends=True)
    drawn = next(line for line in lines if line.endswith(",1\r\n"))
    other = next(line for line in lines if line.endswith("eligible,,,0\r\n"))
    swapped = "".join({drawn: drawn[:-3] + "0\r\n", other: other[:-3] + "1\r\n"}.get(line, line) for line in lines)
    assert any("other contacts" in fault for fault in faults_in(rebuilt(members, frame_csv=swapped.encode())))
    without = "".join(line for line in lines if line != other)
    assert any("frame" in fault for fault in faults_in(rebuilt(members, frame_csv=without.encode())))


def test_each_part_of_a_draw_that_is_changed_is_named_even_under_a_new_manifest(members):
    smaller, other = (json.loads(members["draw.json"]) for _ in range(2))
    smaller["draws"][0]["strata"][0]["drawn"] -= 1
    other["draws"][0]["id"] += 1
    for changed, fault in ((smaller, "it gives other sizes"), (other, "not in draw.json")):
        found = faults_in(rebuilt(members, draw_json=json.dumps(changed).encode()))
        assert any(fault in each for each in found), fault


def test_another_contact_of_the_customer_set_aside_is_named():
    seed = bytes(range(32))
    customer = [["aa", "lille", "eligible", 1], ["bb", "lille", "eligible", 1]]
    plan = {"method": "everyone", "minimum": 0, "size": None, "fixed": {}}
    drawn, aside, sizes = verify.sample(seed, customer, plan)
    kept = {
        "id": 1, "seed": seed.hex(), "commitment": verify.digest(seed), "allocation": plan,
        "frame_hash": frame_hash([FrameEntry(*line) for line in customer]),
        "strata": [{"stratum": "lille", "drawn": 1, "eligible": 1}],
    }  # fmt: skip
    assert verify.draw_faults({"frame.csv": _frame_of(drawn, aside)}, [kept]) == []
    found = verify.draw_faults({"frame.csv": _frame_of(aside, drawn)}, [kept])
    assert any("it sets other contacts aside" in fault for fault in found)
    assert sizes == {"lille": (1, 1)}


def _frame_of(drawn, aside):
    lines = [f"1,{name},lille,eligible,,1,1" for name in drawn]
    lines += [f"1,{name},lille,suppressed,same-customer,1,0" for name in aside]
    return "\r\n".join(["draw,public_id,stratum,status,reason,cluster,drawn", *lines, ""]).encode()


def test_a_row_left_out_of_the_table_is_noticed(members):
    table = b"".join(members["results.csv"].splitlines(keepends=True)[:-1])
    assert any("same rows" in fault for fault in faults_in(rebuilt(members, results_csv=table)))


@pytest.mark.parametrize("column", ["estimate", "lower", "upper", "n", "population"])
def test_a_figure_that_is_changed_is_found_even_under_a_new_manifest(members, column):
    report = json.loads(members["report.json"])
    row = next(row for row in report["results"] if row["indicator"] == "satisfaction" and not row["by"])
    row[column] += 0.0001
    alone = faults_in(rebuilt(members, report_json=json.dumps(report).encode()))
    assert any("results.csv and report.json differ" in fault for fault in alone)
    assert any("answers.csv does not give" in fault for fault in alone)


def test_an_answer_that_is_changed_is_found_even_under_a_new_manifest(members):
    better = members["answers.csv"].replace(b"satisfaction,1\r\n", b"satisfaction,5\r\n", 1)
    assert better != members["answers.csv"]
    assert any("answers.csv does not give" in fault for fault in faults_in(rebuilt(members, answers_csv=better)))


def test_a_ledger_entry_that_is_changed_is_found_even_under_a_new_manifest(members):
    ledger = json.loads(members["ledger.json"])
    ledger["entries"][1]["at"] = "2020-01-01T00:00:00.000000+00:00"
    found = faults_in(rebuilt(members, ledger_json=json.dumps(ledger).encode()))
    assert any(fault.startswith("ledger.json: entry") for fault in found)


def test_an_entry_put_after_another_one_is_found_even_with_its_hash_made_anew(members):
    ledger = json.loads(members["ledger.json"])
    numbers = {entry["number"] for entry in ledger["entries"]}
    entry = next(entry for entry in ledger["entries"] if entry["number"] - 1 in numbers)
    entry["previous"] = "0" * 64
    entry["hash"] = verify.digest({key: value for key, value in entry.items() if key != "hash"})
    found = faults_in(rebuilt(members, ledger_json=json.dumps(ledger).encode()))
    assert any(f"entry {entry['number']} was changed or does not follow" in fault for fault in found)


@pytest.mark.parametrize("key, value", [("late", False), ("frame_hash", "0" * 64)])
def test_a_draw_that_the_ledger_tells_otherwise_is_found_even_under_a_new_manifest(members, key, value):
    document = json.loads(members["draw.json"])
    assert document["draws"][0][key] != value
    document["draws"][0][key] = value
    found = faults_in(rebuilt(members, draw_json=json.dumps(document).encode()))
    assert any(f"draw.json and ledger.json differ in {key}" in fault for fault in found)


def test_every_survey_figure_can_be_computed_again_when_strata_are_places(members, capsys):
    results = json.loads(members["report.json"])["results"]
    shown = [row for row in results if row["estimate"] is not None and row["survey"]]
    said = []
    draws = json.loads(members["draw.json"])["draws"]
    assert list(verify.figure_faults(members, draws, say=said.append)) == []
    assert said[0].startswith(f"Computed again: {len(shown)} of ")
    assert said[0].endswith(f" Not: {REGISTER}.")
    assert {row["unit"] for row in shown} == {"share", "mean", "nps"}
    assert any(row["by"] == {"site": "lille", "channel": "phone"} for row in shown)


def test_what_is_told_of_the_other_strata_when_one_gave_no_answer_is_computed_again(about):
    silent = update(Invitation).where(Invitation.stratum == "lyon · email").values(disposition="broken_off")
    db.session.execute(silent)
    db.session.commit()
    members = members_of(built(about))
    report = json.loads(members["report.json"])
    overall = next(row for row in report["results"] if row["indicator"] == "satisfaction" and row["by"] == {})
    assert overall["estimate"] is None and overall["flags"][0] == "empty-stratum"
    draws, said = json.loads(members["draw.json"])["draws"], []
    assert list(verify.figure_faults(members, draws, say=said.append)) == []
    assert said[0].endswith(f" Not: {REGISTER}.")
    overall["covered"]["lower"] += 0.01
    forged = members | {"report.json": json.dumps(report).encode()}
    assert any("satisfaction" in fault for fault in verify.figure_faults(forged, draws, say=said.append))


def test_two_programmes_over_two_periods_say_the_same_numbers_everywhere(app):
    """The ladder of the draws, the coverage and the populations of the report, and the files of one binder."""
    first = create_survey()
    principal = db.session.get_one(Principal, first.principal_id)
    november = (date(2026, 11, 1), date(2026, 11, 20))
    create_contacts(principal.id, db.session.scalars(select(Site)).first(), "phone", 120, november[0])
    close_period(principal.id, *november, NOW)
    by_file = {"collection": "file", "rules": RULES, "method": "proportional", "sample_size": 50, "minimum": 6}
    second = create_programme(principal, "deuxieme", **by_file | {"strata": ["channel"]})
    made = [(first, ()), (second, ()), (first, november), (second, november)]
    for number, (programme, days) in enumerate(made):
        answer_all(draw(programme, *days), seed=number)
    seal_round(NOW)
    db.session.commit()
    members = members_of(built(subject_of(principal, FIRST_DAY, november[1], None)))
    draws, report = json.loads(members["draw.json"])["draws"], json.loads(members["report.json"])
    frame = list(verify.rows(members, "frame.csv"))
    assert len(draws) == 4
    for coverage in report["coverage"]:
        mine = [one for one in draws if one["survey"] == coverage["survey"]]
        units = [unit for unit in frame if unit["draw"] in {str(one["id"]) for one in mine}]
        overall = next(r for r in report["results"] if r["survey"] == coverage["survey"] and r["by"] == {})
        eligible = sum(unit["status"] == "eligible" for unit in units)
        assert coverage["eligible"] == overall["population"] == sum(one["eligible"] for one in mine) == eligible
        assert coverage["contacts"] == sum(one["population"] for one in mine) == len(units)
        assert coverage["drawn"] == sum(one["drawn"] for one in mine) == sum(unit["drawn"] == "1" for unit in units)
        stands = [where for one in mine for where in one["dispositions"] if where["disposition"] == "completed"]
        assert coverage["completed"] == sum(where["invitations"] for where in stands) == overall["n"]
    assert faults_in(members) == []
    cut_across = [r for r in report["results"] if r["survey"] == "deuxieme" and r["by"].get("site") and r["estimate"]]
    assert {r["method"].split("_")[-1] for r in cut_across} == {"domain"}


def test_the_table_says_the_same_numbers_as_the_report(members):
    results = json.loads(members["report.json"])["results"]
    table = list(csv.DictReader(io.StringIO(members["results.csv"].decode(), newline="")))
    assert [line["estimate"] for line in table] == [
        "" if row["estimate"] is None else str(row["estimate"]) for row in results
    ]


@pytest.mark.parametrize("seed", range(60))
def test_the_verifier_computes_as_the_house_does(seed):
    """Random strata, also full ones, alike ones and tiny ones: equal to 1e-9."""
    chance = random.Random(seed)
    strata, counts = {}, {}
    for number in range(chance.randint(1, 6)):
        n = chance.randint(2, 25)
        population = n if chance.random() < 0.15 else n + chance.randint(1, 400)
        values = [9, 10] if chance.random() < 0.2 else list(range(11))
        given = [chance.choice(values) for _ in range(n)]
        key = ("1", f"s{number}")
        strata[key], counts[key] = population, {value: given.count(value) for value in set(given)}
    described = [DomainStratum(str(k), strata[k], sum(counts[k].values()), counts[k]) for k in strata]
    answers = verify.defaultdict(verify.Counter, {(*key, "q"): verify.Counter(counts[key]) for key in strata})
    share, mean, nps = domain_proportion(described, {9, 10}), domain_mean(described), domain_nps(described)
    expected = {
        "share": (share.estimate, *share.intervals.wilson_design),
        "mean": (mean.estimate, mean.lower, mean.upper),
        "nps": (nps.estimate, *nps.adjusted_wald),
    }
    for unit, figures in expected.items():
        asked = {"unit": unit, "confidence_level": 0.95, "question": "q", "joined_strata": []}
        again = verify.figure(asked, strata, answers, [9, 10])
        assert [again[key] for key in ("estimate", "lower", "upper")] == pytest.approx(figures, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_the_verifier_draws_as_the_house_does(seed):
    chance, key = random.Random(seed), random.Random(seed).randbytes(32)
    lines = [
        [chance.randbytes(12).hex(), f"s{chance.randint(1, 5)}", "eligible", chance.choice([None, None, n // 3 + 1])]
        for n in range(chance.randint(20, 120))
    ]
    sizes = {line[1] for line in lines}
    plan = chance.choice(
        [
            Plan("everyone"),
            Plan("proportional", size=12, minimum=2),
            Plan("equal", size=10, minimum=1),
            Plan("fixed", fixed=dict.fromkeys(sizes, 1)),
        ]
    )
    units = [Unit(line[0], line[1], line[3]) for line in lines]
    try:
        house = sample(key, units, plan)
    except SurveyRefused:  # a frame too small for the plan: then everyone is drawn
        plan = Plan("everyone")
        house = sample(key, units, plan)
    asked = {"method": plan.method, "size": plan.size, "minimum": plan.minimum, "fixed": dict(plan.fixed)}
    drawn, aside, held = verify.sample(key, lines, asked)
    assert (drawn, aside) == (house.drawn, house.set_aside)
    assert held == {name: tuple(size) for name, size in house.strata.items()}


def test_the_verifier_is_short_and_needs_nothing_but_python():
    source = Path(verify.__file__).read_text()
    assert len(source.splitlines()) < 640  # two ways of drawing, three of weighing
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names


def test_nothing_in_it_tells_who_somebody_is(members):
    whole = b"".join(content for name, content in members.items() if name != "verify.py").decode()
    for personal in ("Hoarau", "hoarau@example.org", "relevé mon compteur", "token", "secret"):
        assert personal not in whole


def test_answers_are_tied_to_a_stratum_and_to_nothing_else(members):
    rows = list(csv.reader(io.StringIO(members["answers.csv"].decode())))
    assert rows[0] == ["draw", "stratum", "question", "value"]
    assert rows[1:] == sorted(rows[1:], key=lambda row: (int(row[0]), row[1], row[2], int(row[3])))


def test_the_register_holds_the_complaint_without_its_words(members):
    rows = list(csv.DictReader(io.StringIO(members["complaints.csv"].decode())))
    assert [row["received_on"] for row in rows] == ["2026-10-12"]
    assert not {"name", "email", "phone", "words", "customer_id"} & set(rows[0])


def test_the_note_says_what_was_done(members):
    french, english = members["methodology.fr.html"].decode(), members["methodology.en.html"].decode()
    assert "La graine a été engagée tard" in french and "The seed came late" in english
    assert "mercredi 1er octobre" not in english and "October 2026" in english and "octobre 2026" in french
    assert "not signed" in english and "n’est pas signé" in french


def test_data_that_was_tampered_with_stops_the_binder(about):
    unit = db.session.scalars(select(FrameUnit).where(FrameUnit.drawn)).first()
    unit.drawn = False
    db.session.commit()
    with pytest.raises(BinderInconsistent, match="drawing again gives other contacts"):
        built(about)
