"""Servers under measurement: started on loopback, timed by what the kernel charges them, and ended."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

WORKERS, THREADS = 2, 4
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60


class Served:
    """A gunicorn with its workers, at ``port`` of loopback."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port = process, port
        #: The database's own process, where it is known.
        self.database: int | None = None

    def cpu_seconds(self) -> float:
        """User and system time of the process and all that came from it, since they started."""
        return sum(cpu_seconds(pid) for pid in family(self.process.pid))

    def database_seconds(self) -> float:
        """The same of the database's process; 0 where it is not known."""
        return sum(cpu_seconds(pid) for pid in family(self.database)) if self.database is not None else 0.0


@contextmanager
def served(application: str, environment: Mapping[str, str], log: Path) -> Iterator[Served]:
    """Serve ``module:factory()`` with 2 workers of 4 threads, until the block ends."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--threads", str(THREADS)),
        *("--bind", f"127.0.0.1:{port}", "--log-level", "warning", application),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=output)
    try:
        wait_until_up(process, port, log)
        wait_until_answered(port)
        yield Served(process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(process: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def wait_until_answered(port: int) -> None:
    """Wait for any answer: a port is bound long before a busy machine has loaded the first worker behind it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def family(pid: int) -> list[int]:
    """A process and its children, and theirs, as /proc knows them."""
    parents = {int(entry.name): parent_of(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def parent_of(entry: Path) -> int:
    try:
        return int(fields_of(entry)[1])
    except FileNotFoundError:
        return 0


def cpu_seconds(pid: int) -> float:
    """User and system time of one process and of its children that ended; 0 when it has ended itself."""
    try:
        return sum(int(ticks) for ticks in fields_of(Path(f"/proc/{pid}"))[11:15]) / TICKS
    except FileNotFoundError:
        return 0.0


def fields_of(entry: Path) -> list[str]:
    """The fields of /proc/<pid>/stat after the command's name, which may hold spaces: state, parent, …"""
    return (entry / "stat").read_text().rpartition(")")[2].split()
