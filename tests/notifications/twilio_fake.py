"""A Twilio on this machine: enough of its HTTP interface for the real client, with its bad days.

What it answers is held to Twilio's own description by ``tests/contract``, so nobody has to trust it.
"""

import base64
import itertools
import random
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

from tests.notifications.twilio_http import Handler

SID = "AC" + "0" * 32
TOKEN = "token"
PATH = f"/2010-04-01/Accounts/{SID}/Messages"


class TwilioFake:
    """``script`` holds what the next creations do: "ok" (default); "429", "503", "401", "21211" or any other code of
    an error; "429:63038", which is another code than the usual. Or, with the message taken all the same,
    "503-after", "stall-after" (``stall`` seconds late), "never-after" (no answer), "reset-after", "garbage-after".

    ``plans`` gives such an answer to each creation for a number, ``chances`` to a share of all others;
    ``most_at_once`` answers 429 to what comes while so many are being answered. ``fates`` says by number how a
    message ends ("delivered", "undelivered:30005"). ``url`` is where the client goes; with a referee in between
    it is the referee's.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.closing = threading.Event()
        self.at_once = 0
        handler = type("FakeHandler", (Handler,), {"fake": self})
        # As many as connect at once are kept waiting, not turned away.
        server = type("FakeServer", (ThreadingHTTPServer,), {"request_queue_size": 128})
        self.server = server(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.own_url = f"http://127.0.0.1:{self.server.server_port}"
        self.reset()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def reset(self) -> None:
        """Forget everything, as if it had just been started."""
        self.closing.set()  # whoever still waits for an answer is let go
        self.closing = threading.Event()
        self.url = self.own_url
        self.script: list[str] = []
        self.plans: dict[str, str] = {}
        self.chances: dict[str, float] = {}
        self.dice = random.Random(5)
        self.fates: dict[str, str] = {}
        self.messages: list[dict[str, Any]] = []
        #: What each creation said, and when it came (seconds of a monotonic clock), taken or not.
        self.requests: list[dict[str, str]] = []
        self.arrivals: list[float] = []
        self.callbacks: dict[str, str] = {}
        self.asked: list[str] = []
        self.listing_fails = False
        self.retry_after = "7"
        self.latency = 0.0
        self.stall = 1.0
        self.most_at_once: int | None = None
        self.peak = 0
        self.tokens = {TOKEN}

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def knows(self, authorization: str) -> bool:
        """Whether the request shows credentials of the account."""
        return authorization in {
            "Basic " + base64.b64encode(f"{SID}:{token}".encode()).decode() for token in self.tokens
        }

    def plan_for(self, fields: dict[str, str]) -> str:
        """Return what this creation is to meet."""
        with self.lock:
            self.requests.append(fields)
            self.arrivals.append(time.monotonic())
            if self.script:
                return self.script.pop(0)
            if (to := fields.get("To", "")) in self.plans:
                return self.plans[to]
            thrown = self.dice.random()
        for plan, chance in self.chances.items():
            if thrown < chance:
                return plan
            thrown -= chance
        return "ok"

    def take(self, fields: dict[str, str]) -> dict[str, Any]:
        """Keep a message, as Twilio shows it right after its creation."""
        by_service = "MessagingServiceSid" in fields
        now = format_datetime(datetime.now(UTC))
        with self.lock:
            sid = f"SM{next(self.numbers):032x}"
            message = {
                "sid": sid,
                "account_sid": SID,
                "api_version": "2010-04-01",
                "to": fields["To"],
                "from": fields.get("From"),
                "messaging_service_sid": fields.get("MessagingServiceSid"),
                "body": fields["Body"],
                "status": "accepted" if by_service else "queued",
                "direction": "outbound-api",
                "error_code": None,
                "error_message": None,
                "num_segments": "0" if by_service else "1",
                "num_media": "0",
                "price": None,
                "price_unit": "USD",
                "date_created": now,
                "date_updated": now,
                "date_sent": None,
                "uri": f"{PATH}/{sid}.json",
                "subresource_uris": {"media": f"{PATH}/{sid}/Media.json"},
            }
            self.messages.append(message)
            if "StatusCallback" in fields:
                self.callbacks[sid] = fields["StatusCallback"]
        return message

    def hear(self, sender: str, recipient: str, body: str) -> dict[str, Any]:
        """Keep what a customer wrote to us; it is in the list as well."""
        message = self.take({"To": recipient, "From": sender, "Body": body})
        message |= {"direction": "inbound", "status": "received", "date_sent": message["date_created"]}
        return message

    def find(self, sid: str) -> dict[str, Any] | None:
        with self.lock:
            self.asked.append(sid)
            return next((row for row in self.messages if row["sid"] == sid), None)

    def page(self, wanted: dict[str, str]) -> dict[str, Any]:
        """Return one page of the list, newest first, with the relative addresses Twilio gives."""
        with self.lock:
            rows = [
                row for row in reversed(self.messages) if all(row[k] == wanted[n] for n, k in _FILTERS if n in wanted)
            ]
        number, size = int(wanted.get("Page", 0)), int(wanted.get("PageSize", 50))
        start = number * size
        shown = [dict(row) for row in rows[start : start + size]]
        return {
            "messages": shown,
            "page": number,
            "page_size": size,
            "start": start,
            "end": max(start, start + len(shown) - 1),
            "uri": _address(wanted, number, size),
            "first_page_uri": _address(wanted, 0, size),
            "next_page_uri": _address(wanted, number + 1, size) if start + size < len(rows) else None,
            "previous_page_uri": _address(wanted, number - 1, size) if number else None,
        }


_FILTERS = (("To", "to"), ("From", "from"))


def _address(wanted: dict[str, str], page: int, size: int) -> str:
    kept = {name: value for name, value in wanted.items() if name not in ("Page", "PageSize", "PageToken")}
    token = {"PageToken": f"PA{page:032x}"} if page else {}
    return f"{PATH}.json?" + urlencode(kept | {"PageSize": size, "Page": page} | token)
