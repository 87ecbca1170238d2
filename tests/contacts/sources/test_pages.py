import io
import re

import pytest

from contacts.models import Contact, ImportBatch
from contacts.models import Mapping as SavedMapping
from foundation.database import db
from foundation.jobs.engines import run_until_idle
from tests.contacts.factories import create_principal, create_site
from tests.contacts.sources.test_asterisk_cdr import leg

INSIDE = leg('"1790000000.3",""', src="2001", dst="2002", context="from-internal")
LOG = leg() + INSIDE + leg('"1790000000.2",""', data="sav,t")
FILLED = {
    "source": "standard",
    "site": "lyon",
    "site_words": "SAV = lille",
    "site_by": "queue",
    "entry_by": "number",
    "zone": "Europe/Paris",
    "country": "FR",
    "extension_digits": "5",
}


@pytest.fixture
def belline(app):
    create_site(key="lyon", name="Lyon")
    create_site(key="lille", name="Lille")
    principal = create_principal(key="belline", name="Belline")
    db.session.commit()
    return principal


@pytest.fixture
def quality(belline, sign_in):
    return sign_in("quality")


def send(submit, client, principal, text=LOG, kind="asterisk-cdr"):
    file = (io.BytesIO(text.encode()), "Master.csv")
    return submit("/contacts/import", client=client, principal=principal.id, kind=kind, file=file)


def do(submit, client, url, act, **changes):
    return submit(url, client=client, do=act, **{**FILLED, **changes})


def plain(page):
    return page.text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_upload_page_lists_what_can_be_read(quality, belline):
    page = quality.get("/contacts/import").text
    assert '<option value="genesys-interactions">Genesys Cloud (Interactions, CSV)</option>' in page
    assert '<option selected value="">Un tableau avec une ligne d’en-tête</option>' in page


def test_a_file_of_a_switchboard_is_sent_told_about_and_imported(app, submit, quality, belline):
    url = send(submit, quality, belline).location
    assert re.fullmatch(r"/contacts/import/\d+/source", url)
    preview = do(submit, quality, url, "preview")
    assert preview.status_code == 200
    assert "1790000000.2" in preview.text
    assert "appels entre deux postes (1)" in plain(preview)
    result = do(submit, quality, url, "import").location
    run_until_idle(app)
    page = quality.get(result)
    assert "Toutes les lignes de ce fichier sont importées." in page.text
    assert "<dt>Laissés de côté</dt><dd>appels entre deux postes (1)</dd>" in page.text
    found = db.session.scalars(db.select(Contact).order_by(Contact.external_id)).all()
    assert [(contact.source, contact.external_id) for contact in found] == [
        ("standard", "1790000000.1"),
        ("standard", "1790000000.2"),
    ]
    assert found[0].site_id != found[1].site_id


def test_a_preview_imports_and_saves_nothing(submit, quality, belline, committed):
    do(submit, quality, send(submit, quality, belline).location, "preview")
    assert (committed(Contact), committed(SavedMapping)) == (0, 0)
    assert db.session.scalars(db.select(ImportBatch)).one().state == "received"


def test_the_settings_are_filled_in_for_the_next_file(app, submit, quality, belline):
    do(submit, quality, send(submit, quality, belline).location, "import")
    run_until_idle(app)
    page = plain(quality.get(send(submit, quality, belline).location))
    assert "Un fichier de cette sorte a déjà été importé. Ses réglages sont repris." in page
    assert 'value="standard"' in page
    assert "SAV = lille" in page


def test_what_is_wrong_stands_beside_its_control_and_what_was_typed_stays(submit, quality, belline, committed):
    url = send(submit, quality, belline).location
    page = do(submit, quality, url, "import", zone="Paris", site_words="SAV lille")
    assert page.status_code == 400
    assert "Écrivez une traduction par ligne" in plain(page)
    assert 'value="Paris"' in page.text
    page = do(submit, quality, url, "import", zone="Paris", site="", site_words="")
    assert "Il n’y a pas de fuseau horaire « Paris »." in plain(page)
    assert "Le réglage « site » manque." in plain(page)
    assert 'id="zone-error"' in page.text
    assert committed(Contact) == 0


def test_a_file_that_is_refused_says_why_and_can_be_thrown_away(submit, quality, belline, committed):
    url = send(submit, quality, belline, leg("")).location
    page = do(submit, quality, url, "import")
    assert page.status_code == 400
    assert "Faites-le enregistrer (loguniqueid=yes)." in plain(page)
    submit(url.replace("/source", "/discard"), client=quality)
    assert committed(ImportBatch) == 0


def test_the_mapping_page_of_such_a_file_leads_to_its_settings(submit, quality, belline):
    url = send(submit, quality, belline).location
    assert quality.get(url.replace("/source", "/mapping")).location == url
    assert quality.get(url.replace("/source", "/mapping"), follow_redirects=True).status_code == 200


def test_a_table_has_no_such_page(submit, quality, belline):
    url = send(submit, quality, belline, "a;b\n1;2\n", kind="").location
    assert quality.get(url.replace("/mapping", "/source")).location == url.replace("/mapping", "")


def test_the_settings_are_seen_by_nobody_of_another_principal(app, submit, quality, belline, sign_in):
    url = send(submit, quality, belline).location
    other = create_principal(key="autre", name="Autre")
    db.session.commit()
    stranger = sign_in("quality", principal_ids=[other.id])
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize("name", ["3cx", "taskrouter", "genesys-interactions", "zendesk"])
def test_every_kind_of_file_has_its_page(submit, quality, belline, name):
    page = quality.get(send(submit, quality, belline, kind=name).location)
    assert page.status_code == 200
    assert ("Colonnes dans l’ordre du fichier" in page.text) == (name == "3cx")
