"""What becomes of messages at the Twilio of the tests, and how it tells: signed, shuffled, repeated, late or never."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3
from twilio.request_validator import RequestValidator

from tests.notifications.twilio_fake import SID, TwilioFake

_WAY = ("queued", "sending", "sent")


@dataclass(frozen=True)
class News:
    """One status callback: the address we gave for it, and what it says."""

    url: str
    fields: dict[str, str]


def carry_out(fake: TwilioFake) -> list[News]:
    """Let every message come to its fate; return the news of it in the order it happened."""
    return [piece for message in fake.messages for piece in _carry_out(fake, message)]


def storm(news: Sequence[News], dice: random.Random, copies: int = 3, missing: float = 0.2) -> list[News]:
    """Return ``news`` shuffled, each ``copies`` times, with a share of them never told at all."""
    told = [piece for piece in news if dice.random() >= missing] * copies
    dice.shuffle(told)
    return told


def tell(news: Sequence[News], web: str, token: str, threads: int = 6) -> list[int]:
    """Post ``news``, signed by Twilio's own code for our public address, to the process at ``web``; its answers."""
    validator, pool = RequestValidator(token), urllib3.PoolManager(maxsize=threads)

    def post(number: int, piece: News) -> int:
        algorithm = "HMAC_SHA256" if number % 2 else "HMAC_SHA1"
        headers = {
            "X-Twilio-Signature": validator.compute_signature(piece.url, piece.fields, algorithm),
            "X-Twilio-Webhooks-Signature-Settings": f"key=k,algorithm={algorithm}",
        }
        parts = urlsplit(piece.url)
        inside = f"{web}{parts.path}?{parts.query}"
        answer = pool.request(
            "POST", inside, fields=piece.fields, headers=headers, encode_multipart=False, retries=False
        )
        return answer.status

    with ThreadPoolExecutor(threads) as several:
        return list(several.map(post, range(len(news)), news))


def _carry_out(fake: TwilioFake, message: dict) -> list[News]:
    fate, _colon, code = fake.fates.get(message["to"], "delivered").partition(":")
    # There is no news of the status a message began with.
    way = [status for status in _WAY if status != message["status"]]
    way = way if fate == "sent" else [*way, fate]
    message["status"], message["error_code"] = way[-1], int(code) if code else None
    message["date_sent"] = message["date_updated"]
    message["from"] = message["from"] or "+33700000000"
    last = {"ErrorCode": code} if code else {}
    return [_news(fake, message, status, last if status == fate else {}) for status in way]


def _news(fake: TwilioFake, message: dict, status: str, more: dict[str, str]) -> News:
    said = {
        "MessageSid": message["sid"],
        "SmsSid": message["sid"],
        "AccountSid": SID,
        "From": message["from"],
        "To": message["to"],
        "MessageStatus": status,
        "SmsStatus": status,
        "ApiVersion": message["api_version"],
    }
    if message["messaging_service_sid"]:
        said["MessagingServiceSid"] = message["messaging_service_sid"]
    return News(fake.callbacks[message["sid"]], said | more)
