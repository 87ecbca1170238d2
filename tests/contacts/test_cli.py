import json
from datetime import UTC, datetime

import pytest

from contacts.models import Contact, ImportBatch, ImportPiece, Period, SourceCount
from foundation.database import db
from tests.contacts.factories import create_contact, create_principal, create_site

LOG = "CallId,Date,Time,Answered\nID1,2026-10-05,9:12:58,Y\nID2,2026-10-05,9:20:00,N\n"
MAPPING = {
    "source": "calls",
    "fields": {
        "external_id": {"column": "CallId"},
        "started_at": {"columns": ["Date", "Time"]},
        "site": {"constant": "lyon"},
        "channel": {"constant": "phone"},
        "direction": {"constant": "in"},
        "outcome": {"column": "Answered", "values": {"Y": "answered", "N": "unanswered"}},
    },
    "zone": "Europe/Paris",
}


@pytest.fixture
def principal(app):
    create_site(key="lyon")
    principal = create_principal(key="belline")
    db.session.commit()
    return principal


@pytest.fixture
def flask(app):
    return lambda *arguments: app.test_cli_runner().invoke(args=["contacts", *map(str, arguments)])


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(LOG)
    return file


@pytest.fixture
def mapping(tmp_path):
    file = tmp_path / "calls.json"
    file.write_text(json.dumps(MAPPING))
    return file


def test_a_log_is_imported_through_a_mapping_file(flask, principal, log, mapping, committed):
    result = flask("import", log, "--map", mapping)
    assert result.exit_code == 0
    assert "Lignes lues\u00a0: 2, dont ajoutées\u00a0: 2 (tardives\u00a0: 0)" in result.stdout
    assert committed(Contact) == 2
    assert committed(ImportPiece) == 0


def test_the_mapping_is_saved_under_its_source_and_found_by_the_columns(flask, principal, log, mapping):
    flask("import", log, "--map", mapping)
    log.write_text(LOG.replace("ID", "X"))
    assert "ajoutées\u00a0: 2" in flask("import", log, "--map", "calls").stdout
    log.write_text(LOG.replace("ID", "Y"))
    assert "ajoutées\u00a0: 2" in flask("import", log).stdout


def test_refused_rows_are_written_and_the_exit_code_says_so(flask, principal, log, mapping, tmp_path, committed):
    log.write_text(LOG + "ID3,2027-01-01,9:00,Y\n")
    rejects = tmp_path / "rejects.csv"
    result = flask("import", log, "--map", mapping, "--rejects", rejects, "--language", "en")
    assert result.exit_code == 3
    assert "1 refused" in result.stdout
    assert committed(Contact) == 2
    assert rejects.read_text(encoding="utf-8-sig").splitlines() == [
        "CallId,Date,Time,Answered,reject_line,reject_field,reject_reason,reject_import",
        "ID3,2027-01-01,9:00,Y,4,date and time,This date is in the future.,1",
    ]


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "Ce fichier est vide."),
        ("CallId,Date,Time,Answered\n", "Ce fichier a un en-tête, mais aucune ligne."),
        ("CallId|Date\n1|2\n", "Aucune colonne n’a été trouvée."),
        (LOG.replace("Answered", "Status"), "Le fichier n’a pas de colonne «\u00a0Answered\u00a0»."),
    ],
)
def test_a_file_that_cannot_be_read_stops_with_2(flask, principal, log, mapping, committed, text, words):
    log.write_text(text)
    result = flask("import", log, "--map", mapping)
    assert result.exit_code == 2
    assert words in result.stderr
    assert committed(ImportBatch) == 0


def test_times_without_zone_stop_with_2(flask, principal, log, mapping):
    mapping.write_text(json.dumps({**MAPPING, "zone": ""}))
    result = flask("import", log, "--map", mapping)
    assert result.exit_code == 2
    assert "Les heures de ce fichier n’ont pas de fuseau." in result.stderr


@pytest.mark.parametrize("text, words", [("{", "is not JSON"), ('{"source": 1}', "correspondance")])
def test_a_mapping_that_is_none_stops_with_2(flask, principal, log, mapping, text, words):
    mapping.write_text(text)
    result = flask("import", log, "--map", mapping)
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize("arguments", [("--map", "nowhere"), ()])
def test_without_a_mapping_it_stops_with_2(flask, principal, log, arguments):
    assert flask("import", log, *arguments).exit_code == 2


def test_of_two_principals_one_must_be_named(flask, principal, log, mapping, committed):
    create_principal(key="energie")
    db.session.commit()
    assert "Principals: belline, energie" in flask("import", log, "--map", mapping).stderr
    assert flask("import", log, "--map", mapping, "--principal", "nobody").exit_code == 2
    assert flask("import", log, "--map", mapping, "--principal", "energie").exit_code == 0


def test_a_month_is_closed(flask, principal, committed):
    create_contact(principal, started_at=datetime(2026, 10, 5, tzinfo=UTC))
    db.session.commit()
    result = flask("close", "2026-10")
    assert result.exit_code == 0
    assert "Sa population\u00a0: 1 contacts." in result.stdout
    assert committed(Period) == 1


@pytest.mark.parametrize("period", ["2026-11", "october", "2026-10-05/2026-10-01", "2026-10-01/2026-11-23"])
def test_a_period_that_cannot_be_closed_stops_with_2(flask, principal, committed, period):
    assert flask("close", period, "--language", "en").exit_code == 2
    assert committed(Period) == 0


@pytest.mark.parametrize("command", ["import", "close"])
def test_each_command_explains_itself(flask, app, command):
    assert "Usage:" in flask(command, "--help").output


def test_what_the_source_says_it_had_is_told_with_its_import(flask, principal, log, mapping, tmp_path, committed):
    counts = tmp_path / "counts.csv"
    counts.write_text("site;channel;day;contacts\nlyon;phone;2026-10-05;3\n")
    result = flask("import", log, "--map", mapping, "--expect", counts)
    assert result.exit_code == 0 and "1 écart avec ce que disent les sources" in result.stdout
    counts.write_text("site;channel;day;contacts\nlyon;phone;05/10/2026;2\n")
    assert "est celui que dit la source" in flask("import", log, "--map", mapping, "--expect", counts).stdout
    counts.write_text("site;channel;day;contacts\nlyon;phone;2026-10-05;lots\n")
    refused = flask("import", log, "--map", mapping, "--expect", counts)
    assert refused.exit_code == 2 and "Ligne 2" in refused.stderr
    counts.write_text("site;day\nlyon;2026-10-05\n")
    assert flask("import", log, "--map", mapping, "--expect", counts).exit_code == 2
    assert committed(SourceCount) == 1


def test_a_period_with_gaps_is_closed_only_by_saying_so(flask, principal, log, mapping, tmp_path, committed):
    counts = tmp_path / "counts.csv"
    counts.write_text("site;channel;day;contacts\nlyon;phone;2026-10-05;3\n")
    flask("import", log, "--map", mapping, "--expect", counts)
    assert flask("close", "2026-10").exit_code == 2 and committed(Period) == 0
    assert flask("close", "2026-10", "--despite-gaps").exit_code == 0 and committed(Period) == 1
