"""A closed loop of respondents against one server, and what it cost."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.browsers import LOOPBACK, Browser, asking_form
from benchmarks.servers import Served

TIMEOUT = 30.0
Visit = Callable[[Browser, str], None]


class Failed(Exception):
    """A visit that did not end as it should."""


@dataclass
class Load:
    """Visits carried out, and what they took; ``cpu`` in seconds, ``durations`` of each visit in seconds.

    ``with_database`` is ``cpu`` and that of the database's processes, where they are known.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    with_database: float = 0.0
    requests: int = 0
    statements: int = 0
    failures: int = 0
    durations: list[float] = field(default_factory=list)

    @property
    def done(self) -> int:
        return len(self.durations)

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU of the server for one visit."""
        return 1000 * self.cpu / max(self.done, 1)

    @property
    def all_cpu_ms(self) -> float:
        """The same with the database's."""
        return 1000 * self.with_database / max(self.done, 1)

    @property
    def median_ms(self) -> float:
        return 1000 * statistics.median(self.durations or [0.0])


def look(browser: Browser, path: str) -> None:
    """Open the first page."""
    page = browser.get(path)
    if page.status != 200 or asking_form(page.body) is None:
        raise Failed(f"{path}: {page.status}")


def answer(browser: Browser, path: str) -> None:
    """Open the first page and answer everything."""
    page = browser.answer_everything(path)
    if page.status != 200 or browser.posts == 0:
        raise Failed(f"{path}: {page.status} after {browser.posts} answers")


def load(server: Served, paths: Iterable[str], visit: Visit, clients: int, seconds: float) -> Load:
    """Let ``clients`` respondents at a time visit the paths, until they are used up or the time is over."""
    result, lock, waiting = Load(), threading.Lock(), iter(paths)
    before, database, started = server.cpu_seconds(), server.database_seconds(), time.perf_counter()
    deadline = started + seconds
    threads = [
        threading.Thread(target=_client, args=(server.port, waiting, visit, deadline, result, lock), daemon=True)
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds, result.cpu = time.perf_counter() - started, server.cpu_seconds() - before
    result.with_database = result.cpu + server.database_seconds() - database
    return result


def _client(port: int, paths: Iterator[str], visit: Visit, deadline: float, result: Load, lock: threading.Lock) -> None:
    """One connection, and respondents on it one after the other, each with an empty cookie jar."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT)
    while time.perf_counter() < deadline:
        with lock:
            path = next(paths, None)
        if path is None:
            break
        browser, started, failed = Browser(connection), time.perf_counter(), False
        try:
            visit(browser, path)
        except (Failed, OSError, http.client.HTTPException, RuntimeError):
            failed = True
            connection.close()
        with lock:
            result.failures += failed
            result.requests += browser.requests
            result.statements += browser.statements
            if not failed:
                result.durations.append(time.perf_counter() - started)
    connection.close()
