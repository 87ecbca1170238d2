"""What the environment may say, and what stops the program instead of running it wrongly."""

import pytest

from foundation.config import ConfigurationError, read_settings

REAL = {
    "SATISFECIT_MODE": "production",
    "SATISFECIT_SECRET_KEY": "s" * 32,
    "SATISFECIT_PUBLIC_URL": "https://satisfaction.example.org/",
}
TWILIO = {
    "SATISFECIT_SMS": "twilio",
    "SATISFECIT_TWILIO_ACCOUNT_SID": "AC1",
    "SATISFECIT_TWILIO_AUTH_TOKEN": "token",
    "SATISFECIT_TWILIO_FROM": "38600",
}


def test_production_starts_with_its_secrets(tmp_path):
    settings = read_settings(REAL, tmp_path)
    assert settings["PUBLIC_URL"] == "https://satisfaction.example.org"
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("SECRET_KEY", ""), ("SECRET_KEY", "s" * 31), ("PUBLIC_URL", ""), ("CLOCK", "2026-11-23T09:00:00+01:00")],
)
def test_production_refuses_to_start_without_a_secret_or_with_a_clock_of_its_own(tmp_path, setting, value):
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({**REAL, f"SATISFECIT_{setting}": value}, tmp_path)
    assert refusal.value.setting == setting


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"])
def test_twilio_needs_an_account_and_a_sender(tmp_path, missing):
    assert read_settings(TWILIO, tmp_path)["SMS"] == "twilio"
    with pytest.raises(ConfigurationError):
        read_settings({**TWILIO, f"SATISFECIT_{missing}": ""}, tmp_path)


@pytest.mark.parametrize(
    ("setting", "value"), [("MODE", "live"), ("SMS", "pigeon"), ("PROXIES", "yes"), ("TWILIO_API_BASE_URL", "http://x")]
)
def test_a_setting_that_means_nothing_is_refused(tmp_path, setting, value):
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({f"SATISFECIT_{setting}": value}, tmp_path)
    assert refusal.value.setting == setting


def test_the_demo_keeps_the_secret_it_made_to_itself(tmp_path):
    first = read_settings({}, tmp_path)["SECRET_KEY"]
    assert read_settings({}, tmp_path)["SECRET_KEY"] == first
    assert len(first) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
