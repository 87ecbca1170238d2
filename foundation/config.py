"""Settings, read once from the environment; a setting that is wrong stops the program with one line."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "SATISFECIT_"
CHOICES = {"MODE": ("demo", "production"), "SMS": ("simulator", "twilio"), "ENGINE": ("embedded", "procrastinate")}
# Parts per second that a sender may send where SMS_RATE says nothing; 0: without limit.
SMS_RATES = {"simulator": "0", "twilio": "10"}
DEFAULTS = {
    "MODE": "demo",
    "DATABASE_URL": "",
    "SECRET_KEY": "",
    "ADDRESS_KEY": "",
    "ADDRESS_KEY_PREVIOUS": "",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "PROXIES": "0",
    "TIMEZONE": "Europe/Paris",
    "SMS": "simulator",
    "SMS_RATE": "",
    "TWILIO_ACCOUNT_SID": "",
    "TWILIO_AUTH_TOKEN": "",
    "TWILIO_AUTH_TOKEN_PREVIOUS": "",
    "TWILIO_MESSAGING_SERVICE_SID": "",
    "TWILIO_FROM": "",
    "TWILIO_API_BASE_URL": "",
    "SMTP_URL": "",
    "IMAP_URL": "",
    "ATTACHMENTS_DIR": "",
    "METRICS_TOKEN": "",
    "ENGINE": "embedded",
    "REDIS_URL": "",
    "CLOCK": "",
    "WATCH_DIR": "",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
UNSAFE_ADDRESS = "must begin with https://, or with http:// on this very machine"


class ConfigurationError(Exception):
    """A setting that is missing or wrong. ``code`` names the fault, ``setting`` the variable."""

    def __init__(self, code: str, setting: str, value: str = "") -> None:
        super().__init__(f"{PREFIX}{setting}: {code}" + (f" ({value})" if value else ""))
        self.code, self.setting, self.value = code, setting, value


def read_settings(environment: Mapping[str, str], instance: Path) -> dict[str, Any]:
    """Return the settings without prefix, for ``app.config``.

    ``instance`` is where the embedded database and the demo's own secret live.
    Raises ConfigurationError for an unknown choice and, in production, for a missing secret.
    """
    settings: dict[str, Any] = {name: environment.get(PREFIX + name, default) for name, default in DEFAULTS.items()}
    if settings["MODE"] == "production" and PREFIX + "PUBLIC_URL" not in environment:
        settings["PUBLIC_URL"] = ""  # the default leads nowhere but to this very machine
    for name, allowed in CHOICES.items():
        if settings[name] not in allowed:
            raise ConfigurationError("is not one of " + ", ".join(allowed), name, settings[name])
    _require_secrets(settings)
    if settings["ENGINE"] == "procrastinate":
        _require_procrastinate(settings["DATABASE_URL"])
    if settings["TWILIO_API_BASE_URL"] and not is_safe_address(settings["TWILIO_API_BASE_URL"]):
        raise ConfigurationError(UNSAFE_ADDRESS, "TWILIO_API_BASE_URL", settings["TWILIO_API_BASE_URL"])
    settings["PUBLIC_URL"] = settings["PUBLIC_URL"].rstrip("/")
    settings["PROXIES"] = _proxies(settings["PROXIES"])
    settings["SMS_RATE"] = _sms_rate(settings["SMS_RATE"] or SMS_RATES[settings["SMS"]])
    settings["SECRET_KEY"] = settings["SECRET_KEY"] or _demo_secret(instance)
    settings["ATTACHMENTS_DIR"] = settings["ATTACHMENTS_DIR"] or str(instance / "attachments")
    settings["DATABASE_URL"] = settings["DATABASE_URL"] or f"sqlite:///{instance / 'satisfecit.sqlite3'}"
    return settings


def is_safe_address(url: str) -> bool:
    """Whether what is sent to ``url`` is encrypted on its way, or never leaves this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    near = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or near)


def _require_secrets(settings: dict[str, Any]) -> None:
    required = ["SECRET_KEY", "PUBLIC_URL"] if settings["MODE"] == "production" else []
    if settings["SMS"] == "twilio":
        required += ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]
        if settings["CLOCK"]:
            raise ConfigurationError("is not for messages to real people", "CLOCK")
        if not settings["TWILIO_MESSAGING_SERVICE_SID"] and not settings["TWILIO_FROM"]:
            raise ConfigurationError("or SATISFECIT_TWILIO_FROM must be set", "TWILIO_MESSAGING_SERVICE_SID")
    for name in required:
        if not settings[name]:
            raise ConfigurationError("must be set", name)
    if settings["MODE"] == "production" and len(settings["SECRET_KEY"]) < 32:
        raise ConfigurationError("must have 32 characters or more", "SECRET_KEY")
    if settings["ADDRESS_KEY"] and len(settings["ADDRESS_KEY"]) < 32:
        raise ConfigurationError("must have 32 characters or more", "ADDRESS_KEY")
    if settings["MODE"] == "production" and settings["CLOCK"]:
        raise ConfigurationError("is for the demo and tests only", "CLOCK")


def _require_procrastinate(database_url: str) -> None:
    if not database_url.startswith("postgresql+psycopg://"):
        raise ConfigurationError("procrastinate needs a SATISFECIT_DATABASE_URL of postgresql+psycopg://", "ENGINE")
    if any(find_spec(name) is None for name in ("procrastinate", "psycopg_pool")):
        raise ConfigurationError("procrastinate needs the packages of requirements-server.txt", "ENGINE")


def _sms_rate(written: str) -> float | None:
    """Parts per second and sender; None, written 0, is without limit."""
    try:
        rate = float(written)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 10_000:
        raise ConfigurationError("must be a number from 0 (no limit) to 10000", "SMS_RATE", written)
    return rate or None


def _proxies(written: str) -> int:
    if not written.isdigit() or int(written) > 9:
        raise ConfigurationError("must be a number from 0 to 9", "PROXIES", written)
    return int(written)


def _demo_secret(instance: Path) -> str:
    """Return the demo's own secret, made at the first start, so that links and sessions outlive a restart."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):  # web and worker may start in the same instant: the first one's secret stays
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()
