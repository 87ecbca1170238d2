"""SMS through Twilio, with Twilio's own client; the only module that knows it."""

import logging
import os
import threading
from collections.abc import Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NameResolutionError, NewConnectionError

from foundation.config import LOOPBACK, UNSAFE_ADDRESS, ConfigurationError, is_safe_address
from foundation.web.clock import utc_now
from notifications.providers import CONFIG, Accepted, Found, NotTaken, Outcome, Outgoing, Refused, Unknown, Unreachable
from notifications.segments import fold
from notifications.twilio_codes import kind_of, state_of

LISTED = 50
# As many as ever send at once, so that none is closed only to be opened again.
MOST_CONNECTIONS = 32
_TWILIO = "https://api.twilio.com"
_LONGEST_VALIDITY = 36_000


@dataclass(frozen=True)
class Account:
    """What Twilio knows us by. ``base_url`` replaces api.twilio.com (tests, a proxy)."""

    sid: str
    token: str
    messaging_service_sid: str = ""
    sender: str = ""
    base_url: str = ""


class TwilioSms:
    """The provider behind SATISFECIT_SMS=twilio. ``public_url`` is where Twilio reports to."""

    concurrency = 8
    lag = timedelta(seconds=60)
    repeatable = False

    def __init__(self, account: Account, public_url: str, seconds: float = 10.0) -> None:
        self.account = account
        self.callback = _callback(public_url)
        self.timeout = 2 * seconds + 1  # to connect, and to read
        self._asked_to_wait = threading.local()
        self.client = self._client(seconds)

    def send(self, message: Outgoing) -> Outcome:
        """Create the message; every way this can fail is told apart by whether Twilio can have it."""
        from twilio.base.exceptions import TwilioException

        try:
            sent = self.client.messages.create(to=message.recipient, body=message.body, **self._parameters(message))
        except TwilioException as refusal:
            return self._refusal(refusal)
        except requests.RequestException as error:
            return NotTaken("no-connection") if _never_connected(error) else Unknown(type(error).__name__)
        return Accepted(str(sent.sid), state_of(str(sent.status)) or "accepted")

    def find(self, message: Outgoing, since: datetime) -> Sequence[Found]:
        """List what went to this number with the same words.

        Only the number is asked for: a filter by date would leave out what has no sending date yet.
        """
        said = _said(message.body)
        with _asking():
            listed = self.client.messages.list(to=message.recipient, limit=LISTED)
            ours = [row for row in listed if _said(row.body) == said and "inbound" not in str(row.direction)]
            return [found for found in map(_found, ours) if found.created_at >= since]

    def fetch(self, provider_id: str) -> Found | None:
        with _asking():
            return _found(self.client.messages(provider_id).fetch())

    def _client(self, seconds: float) -> Any:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        # Twilio's client would log the number and the text of each message, urllib3 the number whose messages are
        # listed, however much the others may say; these two say nothing.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
        silent = logging.getLogger("notifications.twilio_sms.silent")
        silent.setLevel(logging.CRITICAL + 1)
        address = _checked(self.account.base_url) if self.account.base_url else _TWILIO
        http = TwilioHttpClient(
            timeout=seconds,
            logger=silent,
            request_hooks={"response": self._note_wait},
            proxy=requests.utils.get_environ_proxies(address),
        )
        # The proxy and the certificates of the environment are read here, once: looking them up again for each
        # message costs a fifth of what sending it costs (docs/adr/0017-twilio-and-its-referee.md).
        http.session.trust_env = False
        for scheme in ("https://", "http://"):
            http.session.mount(scheme, HTTPAdapter(pool_maxsize=MOST_CONNECTIONS))
        http.session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        client = Client(self.account.sid, self.account.token, http_client=http)
        client.api.base_url = address
        return client

    def _parameters(self, message: Outgoing) -> dict[str, Any]:
        """Say who sends, where news goes, and how long it is worth sending."""
        parameters: dict[str, Any] = {}
        if message.sender:
            parameters["from_"] = message.sender
        elif self.account.messaging_service_sid:
            parameters["messaging_service_sid"] = self.account.messaging_service_sid
        else:
            parameters["from_"] = self.account.sender
        if self.callback:
            parameters["status_callback"] = f"{self.callback}?id={message.public_id}"
        if message.expires_at is not None:
            left = int((message.expires_at - utc_now()).total_seconds())
            parameters["validity_period"] = max(5, min(_LONGEST_VALIDITY, left))
        return parameters

    def _refusal(self, refusal: Exception) -> Outcome:
        status, code = int(getattr(refusal, "status", 0) or 0), str(getattr(refusal, "code", "") or "unreadable")
        kind = kind_of(code, status)
        if status == 429 and kind != CONFIG:
            return NotTaken(code, self._asked_to_wait.seconds, too_many=True)
        if 400 <= status < 500:
            return Refused(code, kind)
        return Unknown(f"http-{status}" if status else type(refusal).__name__)

    def _note_wait(self, response: requests.Response, *_: Any, **__: Any) -> None:
        # Twilio's exceptions carry no headers, so Retry-After is caught here, per thread.
        self._asked_to_wait.seconds = _seconds(response.headers.get("Retry-After", ""))


def is_genuine(tokens: Iterable[str], url: str, fields: Any, signature: str, settings: str = "") -> bool:
    """Whether Twilio signed this request with one of ``tokens``; ``settings`` names the algorithm (SHA-1 by default).

    ``url`` is our public address with path and query, never what a proxy made of it. Without a token nothing is.
    """
    from twilio.request_validator import RequestValidator, get_signature_algorithm

    algorithm = get_signature_algorithm(settings)
    try:
        return any(RequestValidator(token).validate(url, fields, signature, algorithm) for token in tokens if token)
    except ValueError:
        return False


def _seconds(retry_after: str) -> float | None:
    """Return how long a Retry-After asks to wait, written as seconds or as a moment; None for anything else."""
    with suppress(ValueError):
        return max(0.0, float(retry_after)) if isfinite(float(retry_after)) else None
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(retry_after) - utc_now()).total_seconds())
    return None


def _said(body: str | None) -> str:
    """Return the words of a body: a messaging service may put plain quotes and spaces in the place of ours."""
    return " ".join(fold(body or "").split())


def _found(row: Any) -> Found:
    code = str(row.error_code) if row.error_code else None
    # Twilio may leave the moment open; then it counts as just made, since taking it for lost would send it twice.
    created = row.date_created.astimezone(UTC) if row.date_created else utc_now()
    return Found(str(row.sid), state_of(str(row.status)) or "accepted", created, code)


@contextmanager
def _asking() -> Any:
    """Turn whatever goes wrong while asking into Unreachable: nothing is known, and it is asked again."""
    from twilio.base.exceptions import TwilioException

    try:
        yield
    except (TwilioException, requests.RequestException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error


def _never_connected(error: requests.RequestException) -> bool:
    """Whether the request certainly never reached Twilio."""
    if isinstance(error, requests.exceptions.SSLError):
        return "CERTIFICATE_VERIFY_FAILED" in str(error)
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True  # a proxy that could not be reached, or would not connect us
    reasons = [getattr(argument, "reason", argument) for argument in error.args]
    return any(isinstance(reason, NewConnectionError | NameResolutionError) for reason in reasons)


def _checked(base_url: str) -> str:
    if not is_safe_address(base_url):
        raise ConfigurationError(UNSAFE_ADDRESS, "TWILIO_API_BASE_URL", base_url)
    return base_url.rstrip("/")


def _callback(public_url: str) -> str:
    """Return where Twilio reports to; nothing when it could not get there, because it refuses such an address."""
    return "" if urlsplit(public_url).hostname in LOOPBACK else f"{public_url}/webhooks/twilio/status"
