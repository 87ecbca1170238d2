import json

import pytest

from contacts.models import Contact, ImportBatch, Site
from contacts.models import Mapping as SavedMapping
from foundation.database import db
from tests.contacts.factories import create_principal, create_site
from tests.contacts.sources.test_asterisk_cdr import leg
from tests.contacts.sources.test_zendesk import ticket


@pytest.fixture
def principal(app):
    create_site(key="lyon")
    create_site(key="lille", name="Lille")
    principal = create_principal(key="belline")
    db.session.commit()
    return principal


@pytest.fixture
def flask(app):
    return lambda *arguments: app.test_cli_runner().invoke(args=["contacts", *map(str, arguments)])


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "Master.csv"
    inside = leg('"1790000000.3",""', src="2001", dst="2002", context="from-internal")
    file.write_text(leg() + inside + leg('"1790000000.2",""', data="sav,t"))
    return file


SET = ("--set", "zone=Europe/Paris", "--set", "site=lyon", "--set", "site_by=queue", "--set", "site.SAV=lille")


def test_a_switchboard_s_log_is_imported_by_name_and_settings(flask, principal, log):
    result = flask("import", log, "--map", "asterisk-cdr", *SET)
    assert result.exit_code == 0, result.output
    assert "Lignes lues\u00a0: 2" in result.stdout
    assert "appels entre deux postes (1)" in result.stdout
    found = db.select(Contact.external_id, Contact.source, Site.key).join(Site, Site.id == Contact.site_id)
    assert db.session.execute(found.order_by(Contact.external_id)).all() == [
        ("1790000000.1", "asterisk-cdr", "lyon"),
        ("1790000000.2", "asterisk-cdr", "lille"),
    ]
    batch = db.session.scalars(db.select(ImportBatch)).one()
    assert (batch.left_out, batch.separator) == ({"internal": 1}, ",")


def test_settings_are_kept_and_one_of_them_can_be_changed(flask, principal, log, committed):
    flask("import", log, "--map", "asterisk-cdr", *SET)
    again = flask("import", log, "--map", "asterisk-cdr")
    assert again.exit_code == 0, again.output
    assert committed(Contact) == 2
    flask("import", log, "--map", "asterisk-cdr", "--set", "country=BE")
    saved = db.session.scalars(db.select(SavedMapping)).one()
    assert saved.definition["settings"]["country"] == "BE"
    assert saved.definition["settings"]["zone"] == "Europe/Paris"


@pytest.mark.parametrize(
    "given, words",
    [
        ([], "Le réglage « zone » manque."),
        (["zone=Europe/Paris"], "Le réglage « site » manque."),
        (["zone=Paris", "site=lyon"], "Il n’y a pas de fuseau horaire « Paris »."),
        (["zone=UTC", "site=lyon", "zune=x"], "Il n’y a pas ici de réglage appelé « zune »."),
        (["zone=UTC", "site=lyon", "extension_digits=many"], "Le réglage « extension_digits » ne peut pas"),
    ],
    ids=["no-zone", "no-site", "bad-zone", "unknown", "bad-number"],
)
def test_a_setting_that_is_missing_or_wrong_is_named(flask, principal, log, given, words):
    result = flask("import", log, "--map", "asterisk-cdr", *(part for pair in given for part in ("--set", pair)))
    assert result.exit_code == 2
    assert words in result.stderr.replace("\u00a0", " ").replace("\u202f", " ")


def test_rejects_come_back_in_the_plain_shape_and_are_taken_once_put_right(flask, principal, log, tmp_path, committed):
    rejects = tmp_path / "rejects.csv"
    log.write_text(leg() + leg('"1790000000.2",""', data="new,t"))
    by_word = ("--set", "zone=UTC", "--set", "site_by=queue", "--set", "site.accueil=lyon")
    result = flask("import", log, "--map", "asterisk-cdr", *by_word, "--rejects", rejects)
    assert result.exit_code == 3
    text = rejects.read_text(encoding="utf-8-sig")
    header, row = text.splitlines()
    assert header.startswith("asterisk_uniqueid,started_at,")
    assert row.split(",")[-4] == "2"  # the line of Master.csv
    rejects.write_text(text.replace(",new,phone", ",lille,phone"), encoding="utf-8-sig")
    for arguments in (["--map", "asterisk-cdr"], []):
        assert flask("import", rejects, *arguments).exit_code == 0
    assert committed(Contact) == 2


def test_what_is_no_pair_is_refused(flask, principal, log):
    result = flask("import", log, "--map", "asterisk-cdr", "--set", "zone")
    assert (result.exit_code, "NAME=VALUE" in result.output) == (2, True)


def test_the_command_lists_the_sources_with_what_each_needs(flask, principal):
    text = flask("sources").stdout
    names = [line.split()[0] for line in text.splitlines() if not line.startswith(" ")]
    assert names == (
        "genesys-interactions genesys-conversations asterisk-cdr asterisk-queue-log freepbx 3cx amazon-connect"
        " taskrouter aircall zendesk".split()
    )
    assert "    columns=  Colonnes dans l’ordre du fichier (obligatoire)" in text
    assert "site_by=  Ce qui dit le site (sinon queue, queue|number)" in text


def test_of_records_on_one_line_only_the_one_that_is_there_twice_is_refused(flask, principal, tmp_path, committed):
    file = tmp_path / "calls.json"
    file.write_text(json.dumps([ticket(1), ticket(2), ticket(1)]))
    result = flask("import", file, "--map", "zendesk", "--set", "site=lyon")
    assert result.exit_code == 3
    assert committed(Contact) == 2
    batch = db.session.scalars(db.select(ImportBatch)).one()
    assert (batch.added, batch.rejected) == (2, 1)
