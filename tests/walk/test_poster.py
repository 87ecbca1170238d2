"""A poster from the page that opens it to the page that counts: printed, scanned, answered on a phone.

``SCREENSHOTS=folder`` keeps pictures of each page, and the sheet as it leaves the printer.
"""

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app import create_app
from foundation.accounts import services as accounts
from foundation.database import db
from surveys.models import Programme
from tests.conftest import SETTINGS
from tests.surveys import answer_factories, factories
from tests.surveys.anonymous_factories import DEFINITION
from tests.walk.conftest import SECRET, House, person, run_house
from tests.walk.small_centre import PASSWORD, STAFF
from tests.walk.test_pages import RULES


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """A quality lead, two sites and a programme on the web."""

    def prepare(house: House) -> None:
        house.environment["SATISFECIT_CLOCK"] = f"{factories.NOW.isoformat()}@{time.time()}"
        settings = {"DATABASE_URL": house.environment["SATISFECIT_DATABASE_URL"], "SECRET_KEY": SECRET}
        with create_app({**SETTINGS, **settings}).app_context():
            accounts.create_user(STAFF["quality"], "Quality", "quality", PASSWORD, datetime.now(UTC))
            for name in ("Agence de Lille", "Agence de Lyon"):
                factories.create_site(name=name)
            version = answer_factories.create_version(DEFINITION)
            draw = answer_factories.create_draw(
                version=version, collection="web", promise="confidential", key="guichet"
            )
            db.session.get_one(Programme, draw.programme_id).name = "Au guichet"
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    yield from run_house(tmp_path_factory.mktemp("poster"), prepare)


def keep(page: Page, name: str) -> None:
    """The page has no fault that axe finds and no sideways scrolling; keep its picture where they are wanted."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{name} scrolls sideways by {sideways} px at {width} px"
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"poster-{name}-{width}.png", full_page=True)


def answer(phone: Page, *values: str, picture: str = "") -> None:
    """Answer one screen after the other: a value to touch, or words to write."""
    for number, value in enumerate(values):
        if picture:
            keep(phone, f"{picture}-{number}")
        choice = phone.locator(f"form#f input[value='{value}']")
        if choice.count():
            choice.check(force=True)
        else:
            phone.locator("form#f textarea").fill(value)
        phone.locator("form#f .act button").click()
        phone.wait_for_load_state()


def test_a_poster_is_opened_printed_scanned_answered_and_counted(browser, house):
    desk = person(browser, house.url, STAFF["quality"], PASSWORD)
    desk.goto("/surveys/programmes/guichet")
    desk.get_by_role("link", name="Affiches à code QR").click()
    keep(desk, "none-yet")
    desk.get_by_label("Agence de Lille").check()
    desk.get_by_role("button", name="Ouvrir des affiches").click()
    keep(desk, "list")
    desk.get_by_role("link", name="Feuille à imprimer").click()
    keep(desk, "sheet")
    address = re.sub(r"\s", "", desk.locator(".address").inner_text())
    for size, (width, height) in {"a4": (595, 842), "a5": (420, 595)}.items():
        for language in ("fr", "en"):
            desk.goto(re.sub(r"/sheet/.*", f"/sheet/{language}/{size}", desk.url))
            left = desk.locator(".sheet").evaluate("sheet => sheet.clientHeight - sheet.scrollHeight")
            assert left >= 0, f"{-left} px of the sheet would be cut off"
            printed = desk.pdf(prefer_css_page_size=True)
            box = [float(side) for side in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)[0]]
            assert [abs(box[0] - width) < 2, abs(box[1] - height) < 2] == [True, True], box
            assert printed.count(b"/Type /Page\n") == 1
            if folder := os.environ.get("SCREENSHOTS"):
                (Path(folder) / f"poster-{language}-{size}.pdf").write_bytes(printed)

    door = f"http://{address}"
    for number in range(5):
        phone = person(browser, house.url, java_script_enabled=bool(number))
        phone.goto(door)
        # axe needs scripts; the page does not.
        answer(phone, "5", "bill", picture="phone" if number == 1 else "")
        expect(phone.locator("h1")).to_have_text("Merci, vos réponses sont enregistrées")
    keep(phone, "thanked")
    low = person(browser, house.url, viewport={"width": 360, "height": 800}, locale="en-GB")
    low.goto(door)
    answer(low, "1", "fault")
    low.go_back()
    low.go_back()
    keep(low, "back")
    low.goto(door)
    low.get_by_role("link", name="Go on where it was left").click()
    low.get_by_role("link", name="Who uses your answers").click()
    keep(low, "rights")
    low.get_by_role("link", name="Back to the survey").click()
    answer(low, "I still wait.")
    keep(low, "low")

    desk.goto("/surveys/programmes/guichet/posters")
    desk.get_by_role("link", name="Affiche 1").click()
    expect(desk.locator("main")).to_contain_text("on ignore pour qui ils parlent")
    expect(desk.locator("caption").first).to_contain_text("= 6")
    keep(desk, "counts")
    desk.get_by_text("Fermer cette affiche, ou la remplacer").click()
    desk.get_by_role("button", name="Fermer l’affiche 1").click()
    low.goto(door)
    expect(low.locator("h1")).to_have_text("This poster asks nothing any more")
    keep(low, "closed")
