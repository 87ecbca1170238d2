import io
import json
import re

import pytest

from contacts.models import Contact, ImportBatch, ImportPiece, Mapping
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from tests.contacts.factories import create_principal, create_site

GOOD = "CallId;Date;Time;Topic;Answered;Phone\nA1;05/10/2026;9:12:58;Contrat;Y;06 39 98 01 01\n"
FILLED = {
    "source": "calls",
    "zone": "Europe/Paris",
    "dates": "day-first",
    "country": "FR",
    "external_id_column": "CallId",
    "started_at_column": "Date",
    "started_at_second": "Time",
    "site_constant": "lyon",
    "channel_constant": "phone",
    "direction_constant": "in",
    "outcome_column": "Answered",
    "outcome_values": "Y = answered\nN = unanswered",
    "reason_column": "Topic",
    "phone_column": "Phone",
    "facts": ["Topic"],
}


@pytest.fixture
def belline(app):
    create_site(key="lyon", name="Lyon")
    principal = create_principal(key="belline", name="Belline")
    db.session.commit()
    return principal


@pytest.fixture
def quality(belline, sign_in):
    return sign_in("quality")


def send(submit, client, principal, text, name="calls.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return submit("/contacts/import", client=client, principal=principal.id, file=(io.BytesIO(content), name))


def do(submit, client, url, act, **changes):
    return submit(url, client=client, do=act, **{**FILLED, **changes})


def imported(app, submit, client, principal, text, **changes):
    """Send, map and import a file; return the page of the result."""
    url = send(submit, client, principal, text).location
    result = do(submit, client, url, "import", **changes).location
    run_until_idle(app)
    return client.get(result)


def test_a_log_is_sent_mapped_and_imported(app, submit, quality, belline):
    url = send(submit, quality, belline, GOOD).location
    assert re.fullmatch(r"/contacts/import/\d+/mapping", url)
    preview = do(submit, quality, url, "preview")
    assert "5 oct. 2026, 9 h 12" in preview.text
    assert "+33639980101" in preview.text
    result = do(submit, quality, url, "import").location
    assert "attend d’être traité" in quality.get(result).text
    run_until_idle(app)
    assert "Toutes les lignes de ce fichier sont importées." in quality.get(result).text
    contact = db.session.scalars(db.select(Contact)).one()
    assert (contact.external_id, contact.outcome, contact.reason) == ("A1", "answered", "Contrat")
    assert contact.facts == {"Topic": "Contrat"}


def test_a_preview_imports_nothing_and_keeps_what_was_chosen(submit, quality, belline, committed):
    url = send(submit, quality, belline, GOOD).location
    page = do(submit, quality, url, "preview").text
    assert committed(Contact) == 0
    assert 'value="Topic" checked' in page
    assert '<option selected value="lyon">' in page
    assert "Y = answered\nN = unanswered" in page.replace("\r\n", "\n")


def test_the_columns_are_guessed(submit, quality, belline):
    page = quality.get(send(submit, quality, belline, GOOD).location).text
    assert '<option selected value="CallId">' in page
    assert "5 oct. 2026, 9 h 12" in page  # one site only, so all that is required is guessed


def test_the_mapping_is_saved_and_offered_to_the_next_file(app, submit, quality, belline, committed):
    imported(app, submit, quality, belline, GOOD, source="mon journal")
    assert committed(Mapping) == 1
    page = quality.get(send(submit, quality, belline, GOOD.replace("A1", "A2")).location).text
    assert "Sa correspondance est reprise." in page
    assert 'value="mon journal"' in page


def test_the_same_file_twice_says_that_nothing_was_added(app, submit, quality, belline):
    imported(app, submit, quality, belline, GOOD)
    page = imported(app, submit, quality, belline, GOOD).text
    assert "Tous les contacts de ce fichier étaient déjà là. Rien n’a été ajouté." in page


def test_rejects_come_back_in_words_and_can_be_put_right(app, submit, quality, belline, committed):
    text = GOOD + "A2;05/10/2027;9:00;Contrat;Y;\nA3;05/10/2026;9:00;Contrat;?;=1+1\n"
    page = imported(app, submit, quality, belline, text).text
    assert "2 lignes n’ont pas pu être lues." in page
    csv = quality.get(re.search(r'href="([^"]+/rejects\.csv)"', page)[1])
    lines = csv.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "CallId;Date;Time;Topic;Answered;Phone;reject_line;reject_field;reject_reason;reject_import"
    assert lines[1] == "A2;05/10/2027;9:00;Contrat;Y;;3;date et heure;Cette date est dans le futur.;1"
    assert lines[2].startswith("A3;05/10/2026;9:00;Contrat;?;'=1+1;4;issue;Ce mot n’est pas connu ici.")
    assert "attachment" in csv.headers["Content-Disposition"]
    put_right = csv.data.decode("utf-8-sig").replace("2027", "2026").replace(";?;", ";N;")
    offered = quality.get(send(submit, quality, belline, put_right).location).text
    assert "Sa correspondance est reprise." in offered
    again = imported(app, submit, quality, belline, put_right)
    assert "Toutes les lignes de ce fichier sont importées." in again.text
    assert committed(Contact) == 3


def test_words_are_in_the_language_of_the_reader(app, submit, sign_in, belline):
    client = sign_in("quality", language="en")
    page = imported(app, submit, client, belline, GOOD + "A2;05/10/2027;9:00;x;Y;\n").text
    csv = client.get(re.search(r'href="([^"]+/rejects\.csv)"', page)[1]).data.decode("utf-8-sig")
    assert "This date is in the future." in csv


def test_a_wrong_phone_is_a_warning_and_the_contact_is_in(app, submit, quality, belline, committed):
    page = imported(app, submit, quality, belline, GOOD.replace("06 39 98 01 01", "06 39")).text
    assert "Ce numéro de téléphone n’existe pas. Le contact est gardé sans lui." in page
    assert committed(Contact) == 1


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "Ce fichier est vide."),
        (b"CallId;Date\n", "Ce fichier a un en-tête, mais aucune ligne."),
        (b"CallId|Date\n1|2\n", "Aucune colonne n’a été trouvée."),
        (b"a;b\n1;\0\n", "Ce fichier n’est pas un texte lisible."),
        (b"a;a\n1;2\n", "Deux colonnes portent le même nom\u00a0: a."),
        (b'a;b\n1;"2\n3;4\n', "Un guillemet ouvert à la ligne 2 n’est jamais fermé."),
    ],
)
def test_what_is_no_log_is_refused_in_words(submit, quality, belline, committed, content, words):
    response = send(submit, quality, belline, content)
    assert response.status_code == 400
    assert words in response.text
    assert committed(ImportBatch) == 0


def test_a_time_without_zone_is_refused_when_none_is_given(submit, quality, belline, committed):
    url = send(submit, quality, belline, GOOD).location
    response = do(submit, quality, url, "import", zone="")
    assert response.status_code == 400
    assert "Les heures de ce fichier n’ont pas de fuseau." in response.text
    assert committed(Contact) == 0


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"site_constant": ""}, "Dites où trouver «\u00a0site\u00a0»"),
        ({"zone": "Europe/Paname"}, "Il n’y a pas de fuseau horaire «\u00a0Europe/Paname\u00a0»."),
        ({"outcome_values": "Y answered"}, "Écrivez une traduction par ligne"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why_beside_its_control(submit, quality, belline, changes, words):
    url = send(submit, quality, belline, GOOD).location
    response = do(submit, quality, url, "import", **changes)
    assert response.status_code == 400
    assert words in response.text


def test_a_second_press_of_the_button_imports_once(app, submit, quality, belline, committed):
    url = send(submit, quality, belline, GOOD).location
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', quality.get(url).text)[1]
    fields = {**FILLED, "do": "import", "csrf_token": token}
    assert quality.post(url, data=fields).location == quality.post(url, data=fields).location
    run_until_idle(app)
    assert committed(Contact) == 1


def test_a_file_can_be_thrown_away(submit, quality, belline, committed):
    url = send(submit, quality, belline, GOOD).location
    submit(url.replace("mapping", "discard"), client=quality, page=url)
    assert (committed(ImportBatch), committed(ImportPiece)) == (0, 0)


def test_the_mapping_can_be_taken_as_a_file(app, submit, quality, belline):
    page = imported(app, submit, quality, belline, GOOD).text
    document = json.loads(quality.get(re.search(r'href="([^"]+/mapping\.json)"', page)[1]).text)
    assert document["fields"]["started_at"] == {"columns": ["Date", "Time"]}


def test_a_log_of_another_principal_is_not_there(app, submit, sign_in, quality, belline):
    other = create_principal()
    db.session.commit()
    page = imported(app, submit, quality, belline, GOOD)
    stranger = sign_in("quality", principal_ids=[other.id])
    for name in ("", "/mapping", "/rejects.csv", "/mapping.json"):
        assert stranger.get(page.request.path + name).status_code == 404
    assert "calls.csv" not in stranger.get("/contacts/import").text
    assert send(submit, stranger, belline, GOOD).status_code == 400


def test_where_there_are_several_principals_one_is_chosen_by_hand(submit, quality, belline, committed):
    other = create_principal(key="other", name="Other")
    db.session.commit()
    file = (io.BytesIO(GOOD.encode()), "calls.csv")
    refused = submit("/contacts/import", client=quality, principal="", file=file)
    assert refused.status_code == 400 and "Choisissez à qui sont ces contacts." in refused.text
    assert not committed(ImportBatch)
    assert 'selected value=""' in quality.get("/contacts/import").text
    again = quality.get(f"/contacts/import?principal={other.id}").text
    assert f'selected value="{other.id}"' in again


def test_who_sees_one_site_can_file_under_no_other(app, submit, sign_in, belline):
    lille = create_site(key="lille", name="Lille")
    db.session.commit()
    narrow = sign_in("quality", site_ids=[lille.id])
    url = send(submit, narrow, belline, GOOD).location
    assert do(submit, narrow, url, "import", site_constant="lyon").status_code == 400


def test_who_sees_one_site_sees_no_import_of_others(app, submit, sign_in, quality, belline):
    lille = create_site(key="lille", name="Lille")
    db.session.commit()
    page = imported(app, submit, quality, belline, GOOD)
    narrow = sign_in("quality", site_ids=[lille.id])
    assert narrow.get(page.request.path).status_code == 404
    assert "calls.csv" not in narrow.get("/contacts").text
    send(submit, narrow, belline, GOOD, name="own.csv")
    assert "own.csv" in narrow.get("/contacts").text


def test_only_those_who_keep_the_log_may_send_one(sign_in, belline):
    assert sign_in("auditor").get("/contacts/import").status_code == 403
