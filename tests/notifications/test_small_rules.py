"""Small pure rules: masking, waiting, searching, linking, and what Twilio's codes mean."""

from datetime import timedelta

import pytest

from notifications.hashing import address_hash, derive_key, opt_out_token
from notifications.linking import pieces
from notifications.masking import mask_address, mask_text
from notifications.retries import wait_after, wait_in_outage
from notifications.searching import candidates
from notifications.twilio_codes import kind_of, state_of

KEY = derive_key("a secret")


@pytest.mark.parametrize(
    "address, shown",
    [("+33639981234", "+336•••34"), ("jeanne@example.org", "j•••@example.org"), ("38600", "•••"), ("", "•••")],
)
def test_an_address_in_a_list_is_recognisable_and_not_usable(address, shown):
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    "text, left",
    [
        ("voir https://x.fr/s/abcd2345efgh?lang=fr", "voir https://x.fr/s/•••?lang=fr"),
        ("https://x.fr/o/abcd2345efgh. Merci", "https://x.fr/o/•••. Merci"),
        ("https://x.fr/accounts/reset/WyI1NmE.aHb_c-1", "https://x.fr/accounts/reset/•••"),
        ("https://x.fr/surveys/12", "https://x.fr/surveys/12"),
    ],
)
def test_the_tokens_of_our_links_are_hidden(text, left):
    assert mask_text(text) == left


def test_secrets_are_hidden_wherever_they_stand():
    assert mask_text("code K7Q2, je dis bien K7Q2", ["K7Q2"]) == "code •••, je dis bien •••"


@pytest.mark.parametrize("attempt, seconds", [(1, 2), (2, 4), (3, 8), (9, 512), (10, 900), (50, 900)])
def test_each_wait_is_twice_the_last_up_to_a_quarter_of_an_hour(attempt, seconds):
    assert wait_after(attempt, chance=1.0) == timedelta(seconds=seconds)
    assert wait_after(attempt, chance=0.0) == timedelta(seconds=seconds / 2)


@pytest.mark.parametrize("tried, seconds", [(0, 2), (10, 10), (899, 899), (86400, 900)])
def test_in_an_outage_each_wait_is_as_long_as_it_lasted_up_to_a_quarter_of_an_hour(tried, seconds):
    assert wait_in_outage(timedelta(seconds=tried), chance=1.0) == timedelta(seconds=seconds)
    assert wait_in_outage(timedelta(seconds=tried), chance=0.0) == timedelta(seconds=seconds / 2)


def test_what_the_provider_asks_for_is_waited_in_full():
    assert wait_after(1, retry_after=3600) == timedelta(hours=1)


@pytest.mark.parametrize(
    "typed, found",
    [
        ("06 39 98 12 34", ["+33639981234", "+262639981234", "+590639981234", "+594639981234", "+596639981234"]),
        ("+33 6 39 98 12 34", ["+33639981234"]),
        ("0033639981234", ["+33639981234"]),
        (" Jeanne@example.org ", ["Jeanne@example.org"]),
        ("jeanne", []),
        ("", []),
    ],
)
def test_a_recipient_is_found_however_it_is_written(typed, found):
    assert candidates(typed) == found


def test_links_in_a_text_end_where_the_sentence_goes_on():
    text = "Voir http://x.fr/s/ab (ou https://y.fr/a?b=c). Merci"
    assert [piece for piece, is_link in pieces(text) if is_link] == ["http://x.fr/s/ab", "https://y.fr/a?b=c"]
    assert "".join(piece for piece, _ in pieces(text)) == text


def test_an_address_is_remembered_whatever_its_capitals_and_only_with_the_key():
    assert address_hash(KEY, "A@example.org ") == address_hash(KEY, "a@example.org")
    assert address_hash(KEY, "a@example.org") != address_hash(derive_key("another"), "a@example.org")


def test_the_token_of_an_opt_out_link_names_one_address_and_one_principal():
    tokens = {opt_out_token(KEY, address, principal) for address in ("a@x.fr", "b@x.fr") for principal in (None, 1, 2)}
    assert len(tokens) == 6
    assert {len(token) for token in tokens} == {16}  # 80 bits


@pytest.mark.parametrize(
    "code, http, kind",
    [("21610", 400, "stop"), ("21211", 400, "permanent"), ("30007", None, "content"), ("21611", 400, "temporary"),
     ("20003", 401, "config"), ("99999", 403, "config"), ("99999", 400, "permanent"),
     ("21408", 403, "permanent"), ("21610", 403, "stop")],
)  # fmt: skip
def test_what_a_refusal_means(code, http, kind):
    assert kind_of(code, http) == kind


def test_every_status_of_twilio_has_a_state():
    assert state_of("partially_delivered") == "undelivered"
    assert state_of("canceled") == "failed"
    assert state_of("receiving") is None
