"""The walk: a contact centre measures satisfaction and treats complaints, in a real browser, from log to binder."""

import re
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from app import create_app
from foundation.accounts import services as accounts
from foundation.database import db
from tests.conftest import SETTINGS
from tests.walk.conftest import SECRET, House, person, run_house
from tests.walk.small_centre import PASSWORD, STAFF, contact_log, last_month

COLUMNS = {
    "external_id": "Appel",
    "started_at": "Jour",
    "site": "Site",
    "channel": "Canal",
    "reason": "Motif",
    "outcome": "Décroché",
    "phone": "Téléphone",
    "name": "Client",
}
#: A Monday morning, whenever the walk is walked: at night nothing is sent.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST_DAY, LAST_DAY = last_month(NOW.date())
# Whose messages are waited for: two have a story of their own, the others answer.
PHONES = 34


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An empty installation with its staff."""

    def staff(house: House) -> None:
        house.environment["SATISFECIT_CLOCK"] = f"{NOW.isoformat()}@{time.time()}"
        app = create_app({**SETTINGS, "DATABASE_URL": house.environment["SATISFECIT_DATABASE_URL"],
                          "SECRET_KEY": SECRET})  # fmt: skip
        with app.app_context():
            for role, email in STAFF.items():
                known = "handler" if role == "second" else role
                accounts.create_user(email, role.title(), known, PASSWORD, NOW)
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    yield from run_house(tmp_path_factory.mktemp("walk"), staff)


@pytest.fixture(scope="module")
def as_staff(browser, house):
    """``as_staff("quality")`` is the browser of somebody who is signed in, the same each time."""
    pages: dict[str, Page] = {}

    def page_of(role: str) -> Page:
        if role not in pages:
            pages[role] = person(browser, house.url, STAFF[role], PASSWORD)
        return pages[role]

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture(scope="module")
def customer(browser, house):
    """A customer's phone: narrow, without JavaScript."""
    page = person(browser, house.url, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def notes():
    """What one step leaves for the next."""
    return {}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def test_01_an_administrator_adds_a_principal_and_two_sites(as_staff):
    page = as_staff("admin")
    page.goto("/contacts/scope/principals/new")
    for field, value in {
        "key": "belline", "name": "Mutuelle Belline", "brand": "Belline", "zone": "Europe/Paris",
        "mediator_name": "Médiation Exemple", "mediator_address": "12 rue des Lilas, 75000 Paris",
        "controller": "Mutuelle Belline, Paris",
    }.items():  # fmt: skip
        page.fill(f"#{field}", value)
    press(page, "Enregistrer")
    for key, name, region in (("lille", "Lille", "metropole"), ("lyon", "Lyon", "alsace-moselle")):
        page.goto("/contacts/scope/sites/new")
        page.fill("#key", key)
        page.fill("#name", name)
        page.fill("#zone", "Europe/Paris")
        page.select_option("#holiday_region", region)
        press(page, "Enregistrer")
    page.goto("/contacts/scope/parties")
    expect(page.locator("main")).to_contain_text("Mutuelle Belline")
    expect(page.locator("main")).to_contain_text("Lyon")


def test_02_the_quality_lead_imports_a_log_through_a_mapping_made_on_the_page(as_staff, tmp_path):
    page = as_staff("quality")
    upload(page, tmp_path)
    for field, column in COLUMNS.items():
        choose(page, field, "column", column)
    choose(page, "started_at", "second", "Heure")
    page.select_option("#direction_constant", "in")
    page.fill("#outcome_values", "oui = answered\nnon = unanswered")
    page.fill("[name=source]", "standard")
    page.fill("[name=zone]", "Europe/Paris")
    page.click("button[value=preview]")
    expect(page.locator("main")).to_contain_text("A0000")
    page.click("button[value=import]")
    expect(page.locator("main")).to_contain_text(re.compile("160"), timeout=30_000)
    page.wait_for_function("!document.querySelector('meta[http-equiv=refresh]')", timeout=30_000)
    with page.expect_download() as download:
        page.locator("a[href$='rejects.csv']").first.click()
    rejects = download.value.path().read_text(encoding="utf-8-sig")
    assert len(rejects.strip().splitlines()) == 1 + 3
    assert "Atlantide" in rejects and "31/02/2026" in rejects


def upload(page: Page, folder) -> None:
    log = folder / "standard.csv"
    log.write_text(contact_log(FIRST_DAY), encoding="cp1252")
    page.goto("/contacts/import")
    page.select_option("#principal", label="Mutuelle Belline")
    page.set_input_files("#file", log)
    press(page, "Passer aux colonnes")


def choose(page: Page, field: str, part: str, column: str) -> None:
    page.select_option(f"#{field}_{part}", label=column)


def test_03_the_same_file_twice_adds_nothing(as_staff, tmp_path):
    page = as_staff("quality")
    upload(page, tmp_path)
    page.click("button[value=import]")
    page.wait_for_function("!document.querySelector('meta[http-equiv=refresh]')", timeout=30_000)
    page.goto("/contacts")
    expect(page.locator("main")).to_contain_text("standard.csv")
    page.goto("/contacts?principal=belline")
    assert "320" not in page.locator("main").inner_text()


def test_04_the_model_questionnaire_is_published_and_asked_by_a_programme(as_staff):
    page = as_staff("quality")
    page.goto("/surveys/questionnaires/import")
    page.select_option("#model", "post_contact")
    press(page, "Créer le brouillon")
    page.goto("/surveys/questionnaires/post_contact")
    press(page, "Publier")
    page.goto("/surveys/programmes/new")
    page.fill("#name", "Après contact")
    page.fill("#key", "after-contact")
    page.fill("#sample_size", "60")
    page.fill("#minimum", "5")
    press(page, "Créer le programme")
    expect(page.locator("h1")).to_have_text("Après contact")


def test_05_the_period_is_closed_and_the_sample_drawn_late_and_by_strata(as_staff, house, notes):
    page = as_staff("quality")
    page.goto("/contacts/periods")
    page.locator("table form button").first.click()
    expect(page.locator("main")).to_contain_text("160")
    page.goto("/surveys/programmes/after-contact")
    draw = page.locator("form[action$='/draw']")
    draw.locator("button").first.click()
    page.wait_for_url(re.compile("/surveys/draws/"))
    page.wait_for_function("!document.querySelector('meta[http-equiv=refresh]')", timeout=30_000)
    notes["draw"] = page.url
    expect(page.locator("main")).to_contain_text("160")
    expect(page.locator(".notice.warn")).to_contain_text("Graine")
    assert house.flask("surveys", "verify-draw", page.url.rsplit("/", 1)[1]).returncode == 0


def test_06_invitations_go_out_to_the_simulated_phone(as_staff, notes):
    page = as_staff("quality")
    page.goto(notes["draw"])
    press(page, "Envoyer les invitations")
    for _attempt in range(120):
        page.goto("/notifications/phone")
        if page.locator("li a[href*='/notifications/phone/']").count() >= PHONES:
            break
        page.wait_for_timeout(500)
    found = page.locator("li a[href*='/notifications/phone/']").evaluate_all("links => links.map(a => a.href)")
    notes["phones"] = list(dict.fromkeys(found))
    assert len(notes["phones"]) >= PHONES


def test_07_a_customer_answers_by_sms_goes_on_by_web_and_asks_for_a_complaint(as_staff, customer, notes):
    phone = as_staff("quality")
    phone.goto(notes["phones"][0])
    first = phone.locator(".thread, [id*=thread]").first
    expect(first).to_contain_text("Belline")
    notes["link"] = re.search(r"http://\S+/s/\w+", phone.locator("main").inner_text())[0]
    reply(phone, "2 j'attends toujours")
    expect(phone.locator("main")).to_contain_text(re.compile("recommand", re.I), timeout=15_000)
    customer.goto(notes["link"])
    assert "recommand" in customer.locator("h1").inner_text().lower()
    for _question in range(12):
        if not customer.locator("form#f").count():
            break
        answer_one(customer)
    expect(customer.locator("main")).to_contain_text(re.compile("réclamation", re.I))


def reply(phone: Page, text: str) -> None:
    phone.locator("#reply input:not([type=hidden]), #reply textarea").first.fill(text)
    phone.locator("#reply button").first.click()


def answer_one(customer: Page) -> None:
    """Choose the lowest score, or yes; leave the comment; go on."""
    radios = customer.locator("input[name^='q.'][type=radio]")
    if radios.count():
        yes = customer.locator("input[name^='q.'][value=yes]")
        (yes if yes.count() else customer.locator("input[name^='q.'][value='1']")).first.check(force=True)
    else:
        customer.fill("textarea", "Personne ne m’a rappelé.")
    send(customer)


def test_08_stop_is_obeyed_and_said_once(as_staff, notes):
    phone = as_staff("quality")
    phone.goto(notes["phones"][1])
    reply(phone, "Stop.")
    expect(phone.locator("main")).to_contain_text(re.compile("c.est noté|il est noté|noté", re.I), timeout=15_000)


def test_09_the_handler_acknowledges_and_decides(as_staff, notes):
    page = as_staff("handler")
    for _attempt in range(30):
        page.goto("/complaints")
        if page.locator("a[href*='/complaints/R-']").count():
            break
        page.wait_for_timeout(500)
    page.locator("a[href*='/complaints/R-']").first.click()
    notes["case"] = page.url
    assert "Personne ne m’a rappelé." in page.locator("main").inner_text()
    page.locator("form[action$='/do/assign'] button").first.click()
    page.goto(notes["case"] + "/act/acknowledge")
    page.locator("main form button").last.click()
    page.goto(notes["case"] + "/act/decide")
    page.check("[name=outcome][value=rejected]") if page.locator("[name=outcome][type=radio]").count() else (
        page.select_option("[name=outcome]", "rejected")
    )
    page.fill("[name=words]", "Le rappel a eu lieu le lendemain, à l’heure promise.")
    page.locator("main form button").last.click()
    expect(page.locator(".strip")).to_contain_text(re.compile("répon", re.I))


def test_10_a_due_date_explains_itself_day_by_day(as_staff, notes):
    page = as_staff("handler")
    page.goto(notes["case"] + "?why=legal#why")
    expect(page.locator("#why")).to_be_visible()


def test_11_the_customer_follows_and_appeals(as_staff, customer, notes):
    phone = as_staff("quality")
    phone.goto(notes["phones"][0])
    text = phone.locator("main").inner_text()
    reference = re.search(r"R-\d{4}-\d{6}-\w", text)[0]
    code = re.search(r"code\s*:\s*([0-9A-Z-]{16,24})", text, re.I)[1]
    notes["reference"] = reference
    customer.goto("/follow")
    customer.fill("#reference", reference.replace("-", "").lower())
    customer.fill("#code", code.replace("-", "").lower())
    customer.locator("main form button").first.click()
    expect(customer.locator("main")).to_contain_text("à l’heure promise")
    customer.goto("/follow/appeal")
    customer.fill("textarea", "Je n’ai reçu aucun appel.")
    customer.locator("main form button").first.click()
    expect(customer.locator("h1")).to_contain_text(re.compile("recours", re.I))


def test_12_the_first_handler_may_not_decide_the_appeal_and_another_person_does(as_staff, notes):
    handler = as_staff("handler")
    handler.goto(notes["case"])
    assert not handler.locator("form[action$='/do/assign_appeal']").count()
    reviewer = as_staff("reviewer")
    reviewer.goto(notes["case"])
    reviewer.locator("form[action$='/do/assign_appeal'] button").first.click()
    reviewer.goto(notes["case"] + "/act/decide_appeal")
    if reviewer.locator("[name=outcome][type=radio]").count():
        reviewer.check("[name=outcome][value=overturned]")
    else:
        reviewer.select_option("[name=outcome]", "overturned")
    reviewer.fill("[name=words]", "L’enregistrement montre que personne n’a rappelé.")
    reviewer.locator("main form button").last.click()
    expect(reviewer.locator("main")).to_contain_text("personne n’a rappelé")


def test_13_anyone_can_complain_without_a_survey(customer):
    customer.goto("/complain")
    if customer.locator("[name=principal][type=radio]").count():
        customer.locator("[name=principal]").first.check()
    customer.fill("#words", "J’ai attendu quarante minutes.")
    customer.locator("main form button").last.click()
    expect(customer.locator("h1")).to_contain_text("enregistrée")


def test_14_the_other_customers_answer(browser, house, as_staff, notes):
    """Enough answers for figures: each by the link in the message, as a browser without cookies would."""
    page, finished = as_staff("quality"), 0
    for number, address in enumerate(notes["phones"][2:PHONES]):
        page.goto(address)
        link = re.search(r"http://\S+/s/\w+", page.locator("main").inner_text())
        if link is None:
            continue
        visitor = person(browser, house.url, java_script_enabled=False)
        visitor.goto(link[0])
        for _question in range(12):
            if not visitor.locator("form#f").count():
                finished += 1
                break
            answer_well(visitor, 5 - number % 3)
        visitor.context.close()
    assert finished == PHONES - 2


def answer_well(visitor: Page, score: int) -> None:
    radios = visitor.locator("input[name^='q.'][type=radio]")
    if radios.count():
        wanted = visitor.locator(f"input[name^='q.'][value='{score}']")
        (wanted if wanted.count() else radios).first.check(force=True)
    send(visitor)


def send(customer: Page) -> None:
    """Press the button and wait until the next page is whole: a half-read page has no form yet."""
    with customer.expect_navigation():
        customer.click("button[value=answer]")


def test_15_the_figures_carry_their_interval_and_n(as_staff):
    page = as_staff("quality")
    page.goto("/satisfaction/figures")
    main = page.locator("main")
    expect(main).to_contain_text(re.compile(r"entre [\d,]+ et [\d,]+"))
    expect(main).to_contain_text("réponses")
    expect(main).to_contain_text("160")


def test_16_the_binder_is_taken_checked_and_its_tampering_named(as_staff, house, notes, tmp_path):
    target = tmp_path / "binder.zip"
    built = house.flask("evidence", "build", "--principal", "belline", "--from", FIRST_DAY.isoformat(),
                        "--to", LAST_DAY.isoformat(), "--out", str(target))  # fmt: skip
    assert built.returncode == 0, built.stderr
    folder = tmp_path / "binder"
    zipfile.ZipFile(target).extractall(folder)
    verifier = next(folder.rglob("verify.py"))
    honest = subprocess.run([sys.executable, "-I", verifier], cwd=verifier.parent, capture_output=True, text=True)
    assert honest.returncode == 0, honest.stdout + honest.stderr
    assert "not signed: this proves consistency only" in honest.stdout
    victim = next(folder.rglob("frame.csv"))
    victim.write_bytes(victim.read_bytes().replace(b"eligible", b"eligiblE", 1))
    forged = subprocess.run([sys.executable, "-I", verifier], cwd=verifier.parent, capture_output=True, text=True)
    assert forged.returncode != 0
    assert "frame.csv" in forged.stdout


def test_17_the_ledger_holds(house):
    assert house.flask("ledger", "verify").returncode == 0
