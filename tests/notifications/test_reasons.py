"""Every code that can be kept with a message has words for the operator, in French too."""

import ast
from pathlib import Path

import pytest
from flask_babel import force_locale

import notifications
from notifications import pages
from notifications.networks import FAILURES
from notifications.providers import CONFIG, CONTENT, PERMANENT, STOP, TEMPORARY
from notifications.reasons import LOST, OURS, reason_of
from notifications.twilio_codes import kind_of
from notifications.twilio_reasons import REASONS

KNOWN = {**REASONS, **OURS, "http-503": LOST, "smtp-451": reason_of("smtp-451"), "smtp-550": reason_of("smtp-550")}
# Other shares of the message's history, with words of their own.
NOT_REASONS = {"resend"}


def codes_written():
    """Return each code that the package's own modules write as ``code="…"`` or as the code of an outcome."""
    for path in Path(notifications.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            outcome = ast.unparse(node.func) in ("Refused", "NotTaken", "Unknown", "outbox.give_to_person")
            values = [word.value for word in node.keywords if word.arg == "code"] + (node.args[:1] if outcome else [])
            yield from (value.value for value in values if isinstance(value, ast.Constant) and value.value)


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_a_code_has_a_sentence_and_advice_in_both_languages(app, code):
    with force_locale("en"):
        english = (pages.reason(code), pages.advice(code))
    with force_locale("fr"):
        french = (pages.reason(code), pages.advice(code))
    assert all(english) and all(french)
    assert english[0] != french[0] and english[1] != french[1]
    assert english[1].endswith(".") and french[1].endswith(".")


def test_every_code_we_write_ourselves_has_words():
    assert {code for code in codes_written() if reason_of(code) is None} <= NOT_REASONS


def test_every_failure_of_the_simulated_network_has_words():
    assert [code for code in FAILURES if code not in REASONS] == []


@pytest.mark.parametrize(
    "code, kind",
    [("21211", PERMANENT), ("21614", PERMANENT), ("30005", PERMANENT), ("30006", PERMANENT), ("21408", PERMANENT),
     ("21612", PERMANENT), ("21610", STOP), ("21617", CONTENT), ("30004", CONTENT), ("30007", CONTENT),
     ("30001", TEMPORARY), ("30003", TEMPORARY), ("30008", TEMPORARY), ("30036", TEMPORARY), ("30410", TEMPORARY),
     ("20429", TEMPORARY), ("21611", TEMPORARY), ("20003", CONFIG), ("30002", CONFIG), ("21606", CONFIG),
     ("99999", PERMANENT)],
)  # fmt: skip
def test_a_code_means_to_us_what_twilio_says_of_it(code, kind):
    assert kind_of(code) == kind


@pytest.mark.parametrize(
    "code, status, kind", [("20006", 403, CONFIG), ("99999", 403, CONFIG), ("21408", 403, PERMANENT)]
)
def test_what_is_forbidden_stops_the_sender_unless_it_is_about_one_message(code, status, kind):
    assert kind_of(code, status) == kind


def test_a_code_nobody_knows_is_shown_so_that_it_can_be_looked_up(app):
    with force_locale("fr"):
        assert "34567" in pages.reason("34567")
        assert pages.advice("34567") == pages.advice(None) == ""
