"""What the environment may say, and what stops the program instead of running it wrongly."""

import os
import subprocess
import sys
from pathlib import Path

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


def test_production_must_say_where_it_is(tmp_path):
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({name: value for name, value in REAL.items() if name != "SATISFECIT_PUBLIC_URL"}, tmp_path)
    assert refusal.value.setting == "PUBLIC_URL"


def test_no_message_goes_to_real_people_by_a_clock_that_was_set(tmp_path):
    """Who looks for a message in the provider's list by another time does not find it, and sends it again."""
    with pytest.raises(ConfigurationError) as refusal:
        read_settings({**TWILIO, "SATISFECIT_CLOCK": "2026-11-23T09:00:00+01:00"}, tmp_path)
    assert refusal.value.setting == "CLOCK"


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


def test_several_workers_need_postgresql(tmp_path):
    several = {"SATISFECIT_ENGINE": "procrastinate"}
    assert read_settings({**several, "SATISFECIT_DATABASE_URL": "postgresql+psycopg://x/y"}, tmp_path)
    for url in ("", "sqlite:///x", "postgresql+psycopg2://x/y"):
        with pytest.raises(ConfigurationError) as refusal:
            read_settings({**several, "SATISFECIT_DATABASE_URL": url}, tmp_path)
        assert refusal.value.setting == "ENGINE"


def test_without_its_packages_the_engine_for_several_workers_is_refused_in_one_line(tmp_path):
    """What an installation of requirements.txt alone meets."""
    settings = {"ENGINE": "procrastinate", "DATABASE_URL": "postgresql+psycopg://x/y", "INSTANCE": str(tmp_path)}
    environment = os.environ | {f"SATISFECIT_{name}": value for name, value in settings.items()}
    start = (
        "import sys; sys.modules['procrastinate'] = None; sys.argv = ['flask', '--app', 'app', 'jobs', 'run', '--once']"
    )
    refused = subprocess.run(
        [sys.executable, "-c", f"{start}; from flask.cli import main; main()"],
        cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1] == (
        "Error: SATISFECIT_ENGINE: procrastinate needs the packages of requirements-server.txt"
    )
