"""A logo is drawn anew, served small and for good, and shown with what stands for it."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from contacts.logos import HIGHEST, LARGEST_FILE, LARGEST_SERVED, WIDEST, BadLogo, read_logo
from contacts.models import PrincipalLogo
from foundation.database import db
from foundation.web.headers import HEADERS
from tests.contacts.factories import create_principal
from tests.contacts.test_scope_pages import PRINCIPAL


def picture(size=(800, 300), form="PNG", **facts):
    target = BytesIO()
    Image.new("RGB", size, "#0a5f63").save(target, form, **facts)
    return target.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_small_png_of_the_same_shape(form):
    logo = read_logo(picture(form=form))
    assert logo.content.startswith(b"\x89PNG") and len(logo.content) <= LARGEST_SERVED
    assert (logo.width, logo.height) == (256, HIGHEST)
    assert read_logo(picture((1600, 100))).width == WIDEST


def test_nothing_but_the_pixels_is_left():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    logo = read_logo(picture(pnginfo=told, icc_profile=b"a profile") + b"<script>behind</script>")
    assert b"script" not in logo.content and b"iCCP" not in logo.content


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "logo-unreadable"),
        (b"", "logo-unreadable"),
        (picture()[:60], "logo-unreadable"),
        (b"%PDF-1.7", "logo-unreadable"),
        (b"x" * (LARGEST_FILE + 1), "logo-too-large"),
        (picture((5000, 5000)), "logo-too-large"),
    ],
    ids=["svg", "empty", "cut", "pdf", "heavy", "bomb"],
)
def test_what_is_no_picture_or_too_large_is_refused_by_its_content(raw, code):
    with pytest.raises(BadLogo, match=code):
        read_logo(raw)


@pytest.fixture
def principal(app):
    found = create_principal(key="belline", name="Mutuelle Belline")
    db.session.commit()
    return found


def test_a_logo_is_sent_served_and_taken_off(principal, sign_in, submit, client):
    admin, url = sign_in("admin"), f"/contacts/scope/principals/{principal.id}"
    sent = {**PRINCIPAL, "takes_complaints": "y", "logo_alt": "Belline"}
    response = submit(url, client=admin, **sent, version=1, logo=(BytesIO(picture()), "logo.svg"))
    assert response.status_code == 302
    served = client.get(f"/brand/{principal.logo_hash}.png")
    assert (served.status_code, served.mimetype) == (200, "image/png")
    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served.headers["X-Content-Type-Options"] == HEADERS["X-Content-Type-Options"] == "nosniff"
    page = client.get("/complain/belline").text
    assert f'/brand/{principal.logo_hash}.png" alt="Belline" width="107" height="40"' in page
    assert len(page) < 8000
    assert submit(url, client=admin, **sent, version=principal.version, no_logo="y").status_code == 302
    assert client.get(f"/brand/{served.request.path[7:39]}.png").status_code == 404
    assert db.session.scalars(db.select(PrincipalLogo)).all() == []


@pytest.mark.parametrize(
    ("logo", "alt", "said"),
    [(b"<svg/>", "Belline", "Cette image est illisible."), (picture(), "", "Dites ce que montre le logo")],
    ids=["no picture", "no words"],
)
def test_a_logo_that_cannot_be_is_refused_and_the_rest_stays_in_the_form(principal, sign_in, submit, logo, alt, said):
    sent = {**PRINCIPAL, "complaint_address": "12 rue Basse", "logo_alt": alt, "version": 1}
    url = f"/contacts/scope/principals/{principal.id}"
    page = submit(url, client=sign_in("admin"), **sent, logo=(BytesIO(logo), "logo.png"))
    assert page.status_code == 400
    assert said in page.text and 'value="12 rue Basse"' in page.text


@pytest.mark.parametrize("name", ["0" * 32, "../principals", "ABCDEF"])
def test_there_is_nothing_else_under_that_address(client, principal, name):
    assert client.get(f"/brand/{name}.png").status_code == 404
