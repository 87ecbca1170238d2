"""Respondents without a screen: they read a page, fill in its form, send it, and follow where it leads."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from benchmarks.statements import HEADER

MOST_PAGES = 40
WORDS = "La personne a pris le temps de m'expliquer, merci."
LOOPBACK = "127.0.0.1"


@dataclass
class Form:
    """A form that posts: where to, and by name the values it offers (none for text)."""

    action: str
    hidden: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: dict[str, list[str]] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        return bool(self.choices or self.texts)

    def filled_in(self) -> dict[str, str | list[str]]:
        """The highest number of every scale, the last of other choices, words in every text: a content customer."""
        first_buttons = {name: values[0] for name, values in self.buttons.items()}
        chosen = {name: highest(values) for name, values in self.choices.items()}
        return {**self.hidden, **first_buttons, **chosen, **dict.fromkeys(self.texts, WORDS)}


class FormReader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = Form(given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        name, value, kind = given["name"], given.get("value", ""), given.get("type", "")
        if tag == "textarea":
            self._open.texts.append(name)
        elif kind == "radio":
            self._open.choices.setdefault(name, []).append(value)
        elif kind == "hidden":
            self._open.hidden.setdefault(name, []).append(value)
        elif tag == "button":
            self._open.buttons.setdefault(name, []).append(value)


@dataclass(frozen=True)
class Page:
    status: int
    location: str | None
    body: str


class Browser:
    """One respondent: an empty cookie jar, on a connection to loopback that several may use in turn."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        if connection.host != LOOPBACK:
            raise ValueError(f"loopback only, not {connection.host}")
        self._connection = connection
        self._cookies: SimpleCookie = SimpleCookie()
        self.requests = self.posts = self.statements = 0

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str | list[str]]) -> Page:
        return self._ask("POST", path, urlencode(fields, doseq=True))

    def answer_everything(self, path: str) -> Page:
        """Open ``path`` and answer until no page asks anything more; return the last page."""
        page = self.get(path)
        for _ in range(MOST_PAGES):
            while page.location is not None:
                path = urlsplit(urljoin(path, page.location)).path
                page = self.get(path)
            form = asking_form(page.body)
            if page.status != 200 or form is None:
                return page
            path = urlsplit(urljoin(path, form.action)).path
            page = self.post(path, form.filled_in())
        raise RuntimeError(f"more than {MOST_PAGES} pages")

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        headers = {"Accept-Language": "fr", "Cookie": "; ".join(f"{m.key}={m.coded_value}" for m in self._sent())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self._cookies.load(cookie)
        self.requests += 1
        self.posts += method == "POST"
        self.statements += int(response.headers.get(HEADER, 0))
        location = response.headers["Location"] if 300 <= response.status < 400 else None
        return Page(response.status, location, text)

    def _sent(self) -> list:
        return list(self._cookies.values())


def highest(values: list[str]) -> str:
    """The highest number, whatever the order of the scale; the last value when they are words."""
    return max(values, key=int) if all(value.isdigit() for value in values) else values[-1]


def asking_form(body: str) -> Form | None:
    """The first form of a page that has something to answer."""
    reader = FormReader()
    reader.feed(body)
    return next((form for form in reader.forms if form.asks), None)
