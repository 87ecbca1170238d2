"""How the Twilio of the tests speaks HTTP: its checks of a request, and its answers, good and bad."""

import json
import re
import time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_WORDS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20503: "Service unavailable",
}


def refusal_of(fields: dict[str, str]) -> int | None:
    """Return the code with which Twilio refuses such a creation, or None: what its description cannot say."""
    if not fields.get("To"):
        return 21604
    if not _PHONE.fullmatch(fields["To"]):
        return 21211
    if not fields.get("Body"):
        return 21602
    if len(fields["Body"]) > 1600:
        return 21617
    if not fields.get("From") and not fields.get("MessagingServiceSid"):
        return 21603
    if "_" in (urlsplit(fields.get("StatusCallback", "")).hostname or ""):
        return 21609
    return None


class Handler(BaseHTTPRequestHandler):
    """One connection; ``fake`` is the Twilio it belongs to."""

    fake: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None: ...

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        with self.fake.lock:
            self.fake.at_once += 1
            self.fake.peak = max(self.fake.peak, self.fake.at_once)
            too_many = self.fake.most_at_once is not None and self.fake.at_once > self.fake.most_at_once
        try:
            if not self.fake.knows(self.headers.get("Authorization", "")):
                self._refuse(401, 20003)
            else:
                plan = self.fake.plan_for(fields)
                self._create(fields, "429" if too_many else plan)
        finally:
            with self.fake.lock:
                self.fake.at_once -= 1

    def do_GET(self) -> None:
        if not self.fake.knows(self.headers.get("Authorization", "")):
            return self._refuse(401, 20003)
        if self.fake.listing_fails:
            return self._refuse(503, 20503)
        parts = urlsplit(self.path)
        if parts.path.endswith("/Messages.json"):
            return self._answer(
                200, self.fake.page({name: values[0] for name, values in parse_qs(parts.query).items()})
            )
        found = self.fake.find(parts.path.rsplit("/", 1)[1].removesuffix(".json"))
        return self._answer(200, found) if found else self._refuse(404, 20404)

    def _create(self, fields: dict[str, str], plan: str) -> None:
        time.sleep(self.fake.latency)
        takes = plan == "ok" or plan.endswith("-after")
        if takes and (code := refusal_of(fields)):
            return self._refuse(400, code)
        taken = self.fake.take(fields) if takes else None
        kind = plan.removesuffix("-after")
        if kind == "ok":
            return self._answer(201, taken)
        if kind == "stall":
            self.fake.closing.wait(self.fake.stall)
            return self._answer(201, taken)
        if kind in ("never", "reset"):
            if kind == "never":
                self.fake.closing.wait(60.0)
            self.close_connection = True
            return self.connection.close()
        if kind == "garbage":
            return self._answer(201, "<html>")
        status, _colon, code = kind.partition(":")
        usual = {"429": 20429, "503": 20503, "401": 20003}
        return (
            self._refuse(int(status), int(code or usual[status])) if status in usual else self._refuse(400, int(kind))
        )

    def _refuse(self, status: int, code: int) -> None:
        said = {
            "code": code,
            "message": _WORDS.get(code, "The request was refused"),
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
        headers = {"Retry-After": self.fake.retry_after} if status == 429 and self.fake.retry_after else {}
        self._answer(status, said, headers)

    def _answer(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        common = {"Content-Type": "application/json", "Twilio-Concurrent-Requests": str(self.fake.at_once)}
        try:
            self.send_response(status)
            for name, value in (common | (headers or {})).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the client has gone
