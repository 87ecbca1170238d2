"""An interview of eight questions: four by SMS on the simulated phone, four on the web, in French and in English.

``SCREENSHOTS=folder`` keeps pictures of each page, as a phone shows it by day and by night.
"""

import json
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
from surveys.models import AnswerEvent, Invitation
from surveys.services.questionnaires import publish, save_draft
from surveys.services.sending import send_invitations
from tests.conftest import SETTINGS
from tests.surveys import factories
from tests.walk.conftest import SECRET, House, person, run_house
from tests.walk.small_centre import PASSWORD, STAFF
from tests.walk.test_pages import RULES

QUESTIONNAIRE = Path(__file__).parents[1] / "surveys" / "questionnaires" / "eight_questions.json"
#: What is replied by SMS, what the phone shows then, and what is typed on the web.
SPOKEN = {
    "fr": (["4", "8/10", "Oui!", "deux"], ["Recommanderiez", "réglée", "Combien", "joindre"], "Merci, c’était rapide."),
    "en": (["4", "eight", "yes", "2"], ["recommend", "solved", "How many", "reach us"], "Thanks, that was quick."),
}
THANKED = {"fr": "Merci, vos réponses sont enregistrées", "en": "Thank you, your answers are recorded"}


def application(house: House):
    return create_app({**SETTINGS, "DATABASE_URL": house.environment["SATISFECIT_DATABASE_URL"], "SECRET_KEY": SECRET})


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """A French and an English customer, both drawn and written to."""

    def invite(house: House) -> None:
        house.environment["SATISFECIT_CLOCK"] = f"{factories.NOW.isoformat()}@{time.time()}"
        with application(house).app_context():
            accounts.create_user(STAFF["quality"], "Quality", "quality", PASSWORD, datetime.now(UTC))
            draft = save_draft(json.loads(QUESTIONNAIRE.read_text()), factories.NOW)
            version = publish(draft.questionnaire_id, None, factories.NOW)
            principal, site = factories.create_principal(), factories.create_site()
            for number, language in enumerate(SPOKEN):
                called = {"language": language, "reason": "Facturation"}
                customer = factories.create_customer(principal, phone=f"+3361234560{number}")
                factories.create_contact(principal, site, customer, **called)
            factories.create_period(principal)
            asked = {"version_id": version.id, "method": "everyone", "promise": "confidential"}
            draw = factories.create_draw(factories.create_programme_of(principal, **asked))
            for _piece in send_invitations(draw.id, SECRET, house.url, factories.NOW):
                db.session.commit()
            db.session.remove()
            db.engine.dispose()

    yield from run_house(tmp_path_factory.mktemp("sms-then-web"), invite)


def keep(page: Page, name: str) -> None:
    """The page has no fault that axe finds and no sideways scrolling; keep its picture where they are wanted."""
    assert Axe().run(page, options=RULES).violations_count == 0, name
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
    if folder := os.environ.get("SCREENSHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)


@pytest.mark.parametrize("language", SPOKEN)
def test_half_by_sms_and_half_on_the_web(browser, house, language):
    replies, shown, words = SPOKEN[language]
    phone = person(browser, house.url, STAFF["quality"], PASSWORD, viewport={"width": 360, "height": 740})
    phone.goto("/notifications/phone")
    asked = {"fr": "satisfaction", "en": "satisfied"}[language]
    phone.goto(phone_that_shows(phone, asked))
    for text, then in zip(replies, shown, strict=True):
        phone.locator("#reply input:not([type=hidden]), #reply textarea").first.fill(text)
        phone.locator("#reply button").first.click()
        expect(phone.locator("main")).to_contain_text(re.compile(then), timeout=20_000)
    keep(phone, f"{language}-0-phone")
    phone.locator("#reply input:not([type=hidden]), #reply textarea").first.fill("WEB")
    phone.locator("#reply button").first.click()
    link = re.compile(r"http://\S+/s/\w+")
    expect(phone.locator("main")).to_contain_text(link, timeout=20_000)
    customer = person(browser, house.url, viewport={"width": 360, "height": 740})
    customer.goto(link.findall(phone.locator("main").inner_text())[-1])
    # Nothing is asked twice: the page asks the fifth and the sixth question.
    assert customer.locator("input[name=asked]").evaluate_all("all => all.map(one => one.value)") == [
        "access",
        "handling",
    ]
    keep(customer, f"{language}-1-page")
    customer.locator("input[name='q.access'][value='4']").check()
    customer.locator("input[name='q.handling'][value='5']").check()
    customer.locator("button[value=answer]").click()
    keep(customer, f"{language}-2-choice")
    customer.locator("input[name='q.topic'][value=bill]").check()
    customer.locator("button[value=answer]").click()
    expect(customer.locator("h1")).to_contain_text({"fr": "Une facture", "en": "A bill"}[language])
    customer.fill("textarea", words)
    keep(customer, f"{language}-3-comment")
    customer.locator("button[value=answer]").click()
    expect(customer.locator("h1")).to_have_text(THANKED[language])
    keep(customer, f"{language}-4-thanks")
    assert stored(house, language) == {
        "satisfaction": (4, "sms"), "recommendation": (8, "sms"), "solved": ("yes", "sms"), "calls": (2, "sms"),
        "access": (4, "web"), "handling": (5, "web"), "topic": ("bill", "web"), "comment": (None, "web"),
    }  # fmt: skip


def phone_that_shows(page: Page, words: str) -> str:
    """The address of the simulated phone that got those words."""
    for _attempt in range(60):
        page.goto("/notifications/phone")
        found = page.locator("li a[href*='/notifications/phone/']").evaluate_all("links => links.map(a => a.href)")
        for address in dict.fromkeys(found):
            page.goto(address)
            if words in page.locator("main").inner_text():
                return address
        page.wait_for_timeout(500)
    raise AssertionError(f"no phone got {words}")


def stored(house: House, language: str) -> dict[str, tuple]:
    with application(house).app_context():
        rows = db.session.execute(
            db.select(AnswerEvent.question_id, AnswerEvent.value, AnswerEvent.mode)
            .join(Invitation, Invitation.id == AnswerEvent.invitation_id)
            .where(Invitation.language == language, AnswerEvent.kind == "answer")
        )
        return {name: (value, mode) for name, value, mode in rows}
