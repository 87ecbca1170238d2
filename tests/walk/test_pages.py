"""Every page of the demo centre: no fault axe can find, no sideways scrolling, usable by keyboard, in its own scope."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from demo.centre import PASSWORD
from tests.walk.conftest import House, person, run_house

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
STAFF_PAGES = {
    "qualite@demo.example": [
        "/satisfaction", "/satisfaction/week", "/satisfaction/packs", "/satisfaction/figures",
        "/satisfaction/figures/satisfaction", "/satisfaction/indicators", "/satisfaction/plan",
        "/satisfaction/elsewhere", "/satisfaction/explain", "/satisfaction/compare", "/satisfaction/follow",
        "/satisfaction/agreements", "/satisfaction/agreements/1", "/satisfaction/agreements/new",
        "/satisfaction/verdicts/1",
        "/satisfaction/views",
        "/surveys", "/surveys/programmes/belline-post-contact", "/surveys/programmes/new",
        "/surveys/draws/1", "/surveys/questionnaires/post_contact", "/surveys/questionnaires/import", "/contacts",
        "/contacts/import", "/contacts/periods", "/contacts/1", "/notifications/", "/notifications/1",
        "/notifications/phone", "/notifications/phone/all", "/notifications/phone/network", "/notifications/inbox",
        "/notifications/mail", "/evidence", "/evidence/ledger",
        "/complaints", "/satisfaction/comments", "/satisfaction/comments/actions",
        "/satisfaction/comments/emergency-words", "/satisfaction/comments/tags", "/satisfaction/agents",
    ],
    "reclamations@demo.example": ["/complaints", "/complaints/new", "/complaints/register", "/notifications/alerts"],
    "admin@demo.example": ["/accounts", "/accounts/new", "/accounts/1", "/contacts/scope/parties", "/jobs"],
}  # fmt: skip
PUBLIC_PAGES = ["/sign-in", "/complain", "/follow", "/accounts/reset", "/s/unknown"]


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """The demo centre, running."""

    def load(house: House) -> None:
        loaded = house.flask("demo", "load")
        assert loaded.returncode == 0, loaded.stderr

    yield from run_house(tmp_path_factory.mktemp("demo"), load)


@pytest.fixture(scope="module")
def visit(browser, house):
    """``visit(email, width)`` is a browser of that width, signed in when there is an address; kept for the module."""
    pages: dict[tuple[str, int], Page] = {}

    def page_of(email: str, width: int) -> Page:
        if (email, width) not in pages:
            password = PASSWORD if email else ""
            pages[email, width] = person(browser, house.url, email, password, viewport={"width": width, "height": 900})
        return pages[email, width]

    yield page_of
    for page in pages.values():
        page.context.close()


def everything() -> list[tuple[str, str]]:
    staff = [(email, path) for email, paths in STAFF_PAGES.items() for path in paths]
    return staff + [("", path) for path in PUBLIC_PAGES]


@pytest.mark.parametrize("email, path", everything(), ids=lambda value: value or "visitor")
def test_a_page_is_sound_on_a_phone_and_on_a_desk(visit, email, path):
    for width in (360, 1280):
        page = visit(email, width)
        response = page.goto(path)
        assert response.status in ({404} if path == "/s/unknown" else {200}), (path, response.status)
        assert page.locator("h1").count() == 1
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{path} scrolls sideways by {sideways} px at {width} px"
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    "email, path, typed",
    [
        ("", "/sign-in", {"email": "nobody@demo.example", "password": "a wrong password"}),
        ("", "/complain", {"phone": "12"}),
        ("", "/follow", {"reference": "R-1", "code": "x"}),
        ("reclamations@demo.example", "/complaints/new", {"phone": "12"}),
        ("admin@demo.example", "/contacts/scope/sites/new", {"zone": "Nowhere"}),
        ("admin@demo.example", "/accounts/new", {"email": "x"}),
        ("qualite@demo.example", "/surveys/programmes/new", {"sample_size": "0"}),
    ],
)
def test_a_refused_form_is_sound_and_leads_to_its_errors(visit, email, path, typed):
    page = visit(email, 360)
    page.goto(path)
    for name, text in typed.items():
        page.fill(f"#{name}", text)
    page.locator("main form").last.evaluate("form => form.noValidate = true")
    page.locator("main form button").last.click()
    expect(page.locator("#errors")).to_be_focused()
    for href in page.locator("#errors a").evaluate_all("links => links.map(a => a.getAttribute('href'))"):
        assert page.locator(href).count() == 1, href
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("email, path", [("", "/nowhere"), ("reclamations@demo.example", "/accounts")])
def test_a_page_that_is_not_given_is_sound(visit, email, path):
    page = visit(email, 360)
    assert page.goto(path).status in {403, 404}
    assert Axe().run(page, options=RULES).violations_count == 0


def test_a_case_and_its_acts_are_sound(visit):
    page = visit("reclamations@demo.example", 360)
    page.goto("/complaints?view=mine")
    page.locator("a[href*='/complaints/R-']").first.click()
    for path in ("", "/act/send_message", "/act/note", "?why=legal"):
        page.goto(page.url.split("/act/")[0].split("?")[0] + path)
        assert Axe().run(page, options=RULES).violations_count == 0, page.url


def test_a_survey_is_answered_by_keyboard_alone(visit):
    page = visit("qualite@demo.example", 1280)
    page.goto("/notifications/phone")
    links = page.locator("li a[href*='/notifications/phone/']").evaluate_all("links => links.map(a => a.href)")
    survey = visit("", 360)
    for link in links:
        page.goto(link)
        found = re.search(r"http://\S+/s/\w+", page.locator("main").inner_text())
        if found and survey.goto(found[0]).status == 200 and survey.locator("form#f").count():
            break
    first = survey.locator("h1").inner_text()
    survey.locator("h1").click()
    for _press in range(3):
        survey.keyboard.press("Tab")
        if survey.evaluate("document.activeElement.type") == "radio":
            break
    survey.keyboard.press("Space")
    assert survey.evaluate("document.activeElement.checked")
    survey.keyboard.press("Enter")
    expect(survey.locator("h1")).not_to_have_text(first)
    assert Axe().run(survey, options=RULES).violations_count == 0


def test_the_skip_link_leads_to_the_content(visit):
    page = visit("qualite@demo.example", 1280)
    page.goto("/satisfaction")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def links_of(page: Page) -> set[str]:
    """Return the addresses a page leads to, without those that end a visit or leave the house."""
    found = page.locator("a[href]").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    return {href.split("#")[0] for href in found if href.startswith("/") and "lang=" not in href and href != "/"}


def test_a_principal_finds_nothing_of_another_however_far_they_go(visit, house):
    """Follow every link from the first page; then try, as them, every address that a quality lead can reach."""
    principal, quality = visit("donneur@demo.example", 1280), visit("qualite@demo.example", 1280)
    seen = crawl(principal, ["/satisfaction", "/complaints"], 60)
    seen |= crawl(quality, ["/satisfaction", "/surveys", "/complaints"], 120)
    told = [address for address in sorted(seen) if tells_of_another(principal, house.url + address)]
    assert told == []


def crawl(page: Page, starts: list[str], at_most: int) -> set[str]:
    waiting, seen = list(starts), set()
    while waiting and len(seen) < at_most:
        address = waiting.pop(0)
        if address in seen or ".csv" in address or ".json" in address:
            continue
        seen.add(address)
        page.goto(address)
        waiting += sorted(links_of(page) - seen)
    return seen


def tells_of_another(page: Page, address: str) -> bool:
    response = page.request.get(address)
    return response.status == 200 and "Énergie du Rhône" in response.text()


def test_the_header_of_a_phone_takes_two_lines_however_many_sections_there_are(visit):
    page = visit("admin@demo.example", 360)
    page.goto("/jobs")
    assert page.locator("header.top").bounding_box()["height"] <= 96
    expect(page.locator(".top nav [aria-current]")).to_be_in_viewport()
    page.locator(".top summary").click()
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_in_viewport()
