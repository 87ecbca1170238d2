"""Views kept by name: of one person, of pages here, replaced and forgotten."""

from urllib.parse import unquote

import pytest

from foundation.database import db
from satisfaction.models import SavedView

VIEWS = "/satisfaction/views"
FORM = "/satisfaction/views?address=/satisfaction/plan"
PAGE = "/satisfaction/figures?principal=belline&period=2026-10&site=lille"


def kept():
    db.session.expire_all()
    return {view.name: view.address for view in db.session.scalars(db.select(SavedView))}


def test_each_page_of_figures_can_be_kept_under_a_name(sign_in, submit):
    client = sign_in("quality")
    page = client.get("/satisfaction/plan?goal=verdict").text
    assert "/satisfaction/views?address=/satisfaction/plan?goal=verdict" in unquote(page)
    assert PAGE.replace("&", "&amp;") in client.get(VIEWS, query_string={"address": PAGE}).text
    assert submit(VIEWS, client=client, page=FORM, name="Lille", address=PAGE).status_code == 302
    assert kept() == {"Lille": PAGE}
    assert f'<a href="{PAGE.replace("&", "&amp;")}">Lille</a>' in client.get(VIEWS).text


def test_a_name_used_again_takes_the_new_page(sign_in, submit):
    client = sign_in("quality")
    for address in (PAGE, "/satisfaction/indicators"):
        submit(VIEWS, client=client, page=FORM, name="Mine", address=address)
    assert kept() == {"Mine": "/satisfaction/indicators"}


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/satisfaction", "//evil.example", "/satisfaction.evil", "/accounts", "/satisfaction/no", ""],
)
def test_only_pages_here_are_kept_and_what_was_typed_stays(sign_in, submit, address):
    client = sign_in("quality")
    answer = submit(VIEWS, client=client, page=FORM, name="Somewhere", address=address)
    assert answer.status_code == 400 and 'value="Somewhere"' in answer.text and kept() == {}
    assert "evil" not in client.get(VIEWS, query_string={"address": address}).text


def test_views_are_their_own_and_can_be_forgotten(sign_in, submit):
    mine, other = sign_in("quality"), sign_in("auditor")
    submit(VIEWS, client=mine, page=FORM, name="Mine", address=PAGE)
    view = db.session.scalars(db.select(SavedView.id)).one()
    assert "Mine" not in other.get(VIEWS).text
    assert submit(f"{VIEWS}/{view}/forget", client=other, page=FORM).status_code == 404
    assert kept() == {"Mine": PAGE}
    submit(f"{VIEWS}/{view}/forget", client=mine, page=VIEWS)
    assert kept() == {}
