"""A Twilio on this machine: enough of its HTTP interface for the real client, with its bad days."""

import itertools
import json
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SID = "AC" + "0" * 32


class TwilioFake:
    """``script`` holds what the next creations do: "ok" (default), "429", "503-after", "503", "stall-after",
    "reset-after", "21211", "21610", "401", "garbage-after"; "-after" means the message is taken all the same."""

    def __init__(self) -> None:
        self.script: list[str] = []
        self.messages: list[dict[str, Any]] = []
        self.requests: list[dict[str, str]] = []
        self.numbers = itertools.count(1)
        self.listing_fails = False
        handler = type("Handler", (_Handler,), {"fake": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def take(self, fields: dict[str, str]) -> dict[str, Any]:
        message = {
            "sid": f"SM{next(self.numbers):032x}",
            "account_sid": SID,
            "api_version": "2010-04-01",
            "to": fields["To"],
            "from": fields.get("From"),
            "messaging_service_sid": fields.get("MessagingServiceSid"),
            "body": fields["Body"],
            "status": "accepted" if "MessagingServiceSid" in fields else "queued",
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "num_segments": "1",
            "num_media": "0",
            "price": None,
            "price_unit": "USD",
            "date_created": format_datetime(datetime.now(UTC)),
            "date_updated": format_datetime(datetime.now(UTC)),
            "date_sent": None,
            "uri": "/2010-04-01/Accounts/x",
            "subresource_uris": {},
        }
        self.messages.append(message)
        return message


class _Handler(BaseHTTPRequestHandler):
    fake: TwilioFake
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None: ...

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        self.fake.requests.append(fields)
        plan = self.fake.script.pop(0) if self.fake.script else "ok"
        taken = self.fake.take(fields) if plan == "ok" or plan.endswith("-after") else None
        if plan == "ok":
            self._answer(201, taken)
        elif plan.startswith("stall"):
            time.sleep(1.0)
            self._answer(201, taken)
        elif plan.startswith("reset"):
            self.close_connection = True
            self.connection.close()
        elif plan.startswith("garbage"):
            self._answer(201, "<html>")
        elif plan == "429":
            self._answer(429, {"code": 20429, "message": "Too Many Requests", "status": 429}, {"Retry-After": "7"})
        elif plan.startswith("503"):
            self._answer(503, {"code": 20503, "message": "Unavailable", "status": 503})
        elif plan == "401":
            self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        else:
            self._answer(400, {"code": int(plan), "message": "no", "status": 400})

    def do_GET(self) -> None:
        if self.fake.listing_fails:
            return self._answer(503, {"code": 20503, "message": "Unavailable", "status": 503})
        parts = urlsplit(self.path)
        if parts.path.endswith("/Messages.json"):
            to = parse_qs(parts.query)["To"][0]
            rows = [row for row in reversed(self.fake.messages) if row["to"] == to]
            page = {"messages": rows, "page": 0, "page_size": 50, "uri": parts.path, "next_page_uri": None}
            return self._answer(200, page | {"first_page_uri": parts.path, "previous_page_uri": None})
        sid = parts.path.rsplit("/", 1)[1].removesuffix(".json")
        return self._answer(200, next(row for row in self.fake.messages if row["sid"] == sid))

    def _answer(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        try:
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | (headers or {})).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the client has gone
