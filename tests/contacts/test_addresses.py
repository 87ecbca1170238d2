import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts import addresses
from contacts.addresses import BadAddress, Phone, normalise_email, normalise_phone


@pytest.mark.parametrize(
    "written, e164",
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 (6) 12-34-56-78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("33612345678", "+33612345678"),
        ("612345678", "+33612345678"),  # a spreadsheet ate the first zero
        ("tel:+33612345678", "+33612345678"),
        ("0692 12 34 56", "+262692123456"),  # Réunion
        ("0693 12 34 56", "+262693123456"),
        ("+33692123456", "+262692123456"),
        ("0690 30 12 34", "+590690301234"),  # Guadeloupe
        ("0691 28 12 34", "+590691281234"),
        ("0694 20 12 34", "+594694201234"),  # Guyane
        ("0696 20 12 34", "+596696201234"),  # Martinique
        ("0697 12 34 56", "+596697123456"),
        ("0639 69 12 34", "+262639691234"),  # Mayotte
        ("06 39 98 01 23", "+33639980123"),  # kept for fiction, not Mayotte
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_numbers_come_out_in_one_form(written, e164):
    assert normalise_phone(written) == Phone(e164, takes_sms=True)


def test_a_fixed_line_is_an_address_that_takes_no_sms():
    assert normalise_phone("01 23 45 67 89") == Phone("+33123456789", takes_sms=False)
    assert normalise_phone("0262 12 34 56") == Phone("+262262123456", takes_sms=False)


@pytest.mark.parametrize("written", ["", "  ", "anonymous", "Masqué", "unknown"])
def test_a_hidden_number_is_absent_and_not_wrong(written):
    assert normalise_phone(written) is None


@pytest.mark.parametrize(
    "written, code",
    [
        ("call me", "phone-unreadable"),
        ("sip:alice@example.org", "phone-unreadable"),
        ("06 12 34 56", "phone-invalid"),
        ("36111", "phone-invalid"),
        ("3,36123E+10", "phone-unreadable"),
        ("0899 12 34 56", "phone-of-service"),
        ("0800 12 34 56", "phone-of-service"),
    ],
)
def test_what_is_no_phone_says_why(written, code):
    with pytest.raises(BadAddress) as bad:
        normalise_phone(written)
    assert bad.value.code == code


def test_national_numbers_are_read_as_of_the_country_given():
    assert normalise_phone("0170 1234567", country="DE") == Phone("+491701234567", takes_sms=True)


def test_email_comes_out_in_small_letters():
    assert normalise_email(" Marie.Dupont@Example.ORG ") == "marie.dupont@example.org"
    assert normalise_email("mailto:a@example.org") == "a@example.org"
    assert normalise_email("") is None


@pytest.mark.parametrize("written", ["marie", "marie@", "@example.org", "a b@example.org", "a@b@example.org"])
def test_what_is_no_email_says_so(written):
    with pytest.raises(BadAddress, match="email-invalid"):
        normalise_email(written)


@settings(max_examples=20_000 if os.environ.get("LONG") else 400, derandomize=True, deadline=None)
@given(
    st.sampled_from(["0", "+33", "0033", "+330", "33", "+262", "+1", "00"]),
    st.integers(0, 10**10 - 1),
    st.integers(7, 10),
    st.sampled_from(["", " ", "."]),
    st.sampled_from(["FR", "RE", "US", "BE"]),
)
def test_the_quick_way_says_what_the_library_says(start, digits, length, sign, country):
    number = f"{digits:010d}"[:length]
    raw = start + sign.join(number[place : place + 2] for place in range(0, length, 2))
    assert said(normalise_phone, raw, country) == said(in_full, raw, country)


def in_full(raw, country):
    compact = addresses._compact(raw)
    if addresses.FICTION.fullmatch(compact):
        return Phone("+33" + compact[-9:], True)
    return addresses._thorough(compact, country)


def said(read, *arguments):
    try:
        return read(*arguments)
    except BadAddress as bad:
        return bad.code


@settings(max_examples=5_000 if os.environ.get("LONG") else 200, derandomize=True, deadline=None)
@given(
    st.text("abcXYZ019.+_-", min_size=1, max_size=20),
    st.sampled_from(
        ["example.org", "Exemple.FR", "-x.fr", "x..fr", "x.f", "localhost", "xn--a.fr", "a.b-c.fr", "1.fr"]
    ),
)
def test_a_plain_e_mail_address_is_what_the_library_says(local, domain):
    assert said(normalise_email, f"{local}@{domain}") == said(addresses._valid_email, f"{local}@{domain}")
