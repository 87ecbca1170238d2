"""Prism, a program nobody here wrote, that holds requests and answers to Twilio's own description of its interface."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DESCRIPTION = HERE / "twilio_messages_openapi.json"
PINNED = ("package.json", "package-lock.json")
OLDEST_NODE = (18, 20, 1)
_FAULT = "prism/errors#"


class Prism:
    """One running Prism. ``url`` is where the client goes; ``faults()`` is what it found wrong since last asked."""

    def __init__(self, mode: str, log: Path, *arguments: str) -> None:
        self.log, self.seen = log, 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = ("127.0.0.1", port)
        self.url = f"http://127.0.0.1:{port}"
        program = str(_installed() / "@stoplight" / "prism-cli" / "dist" / "index.js")
        options = ["--errors", "-h", "127.0.0.1", "-p", str(port), "-v", "warn", str(DESCRIPTION), *arguments]
        with log.open("wb") as output:
            self.process = subprocess.Popen(["node", program, mode, *options], stdout=output, stderr=output)
        self._wait()

    def faults(self) -> list[str]:
        """Return the lines Prism wrote since the last time, if one of them says that something broke the contract.

        A request that breaks it is sent first: once Prism has told of that one, it has told of all before.
        """
        before = self._told()
        with socket.create_connection(self.address) as line:
            line.sendall(b"GET /probe HTTP/1.0\r\n\r\n")
            while line.recv(4096):
                pass
        _until(lambda: self._told() > before, 10, "Prism told nothing of the probe")
        lines = self.log.read_text().splitlines()
        new, self.seen = lines[self.seen :], len(lines)
        new = [line for line in new if "/probe" not in line]
        return new if any(_FAULT in line for line in new) else []

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def _told(self) -> int:
        return sum("/probe" in line for line in self.log.read_text().splitlines())

    def _wait(self) -> None:
        def answers() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            with socket.socket() as line:
                return line.connect_ex(self.address) == 0

        _until(answers, 60, "Prism did not start")


def need_node() -> None:
    """Skip the test where Node is missing; with REQUIRE_NODE=1 that is a failure."""
    if not _has_node():
        _give_up("Node is missing (18.20.1 or newer, with npm)")


def _give_up(words: str) -> None:
    if os.environ.get("REQUIRE_NODE"):
        pytest.fail(words)
    pytest.skip(words)


def _has_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().removeprefix("v").split(".")
    return len(numbers) == 3 and all(n.isdigit() for n in numbers) and tuple(map(int, numbers)) >= OLDEST_NODE


def _installed() -> Path:
    """Return the node_modules with the pinned Prism, installed once per machine outside the tree."""
    mark = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PINNED)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "satisfecit"
    folder = cache / f"prism-{mark}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=cache))
        for name in PINNED:
            shutil.copy(HERE / name, fresh)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=fresh, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(fresh)
            _give_up("Prism could not be installed: " + done.stderr[-500:])
        try:
            fresh.rename(folder)
        except OSError:  # another run was quicker
            shutil.rmtree(fresh)
    return folder / "node_modules"


def description() -> dict:
    """Return Twilio's description as it lies here."""
    return json.loads(DESCRIPTION.read_text())


def _until(holds, seconds: float, words: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, words
        time.sleep(0.02)
