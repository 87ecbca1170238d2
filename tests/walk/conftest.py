"""A running installation, web and worker, and a real browser in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page

from app import ROOT, create_app
from foundation.database import db
from tests.conftest import SETTINGS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run"]  # fmt: skip
SECRET = "a secret for tests that is long enough"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what is skipped where there is no browser; fail there when REQUIRE_BROWSER is set."""
    for item in items:
        if "tests/walk/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="no Chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    assert CHROMIUM, "REQUIRE_BROWSER is set and there is no Chromium"
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@dataclass
class House:
    """Where a running installation is: its address, its folder, and how to run its commands."""

    url: str
    folder: Path
    environment: dict[str, str]

    def flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the installation and return what it printed."""
        command = [sys.executable, "-m", "flask", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_house(folder: Path, prepare: Callable[[House], None]) -> Iterator[House]:
    """Migrate a database in ``folder``, prepare it, then run web and worker as their own processes."""
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "FLASK_APP": "app",
        "SATISFECIT_INSTANCE": str(folder),
        "SATISFECIT_DATABASE_URL": f"sqlite:///{folder / 'walk.sqlite3'}",
        "SATISFECIT_SECRET_KEY": SECRET,
        "SATISFECIT_PUBLIC_URL": url,
    }
    house = House(url, folder, environment)
    _migrate(house)
    prepare(house)
    web = [sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "8", "--bind", url.removeprefix("http://"),
           "--log-level", "warning", "app:create_app()"]  # fmt: skip
    worker = [sys.executable, "-m", "flask", "jobs", "run"]
    children = [subprocess.Popen(command, cwd=ROOT, env=environment) for command in (web, worker)]
    try:
        _wait_for(url)
        yield house
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(30)


def _migrate(house: House) -> None:
    settings = {
        **SETTINGS,
        "DATABASE_URL": house.environment["SATISFECIT_DATABASE_URL"],
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": house.url,
    }
    app = create_app(settings)
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        db.session.remove()
        db.engine.dispose()


def _wait_for(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(url)


def person(browser: Browser, url: str, email: str = "", password: str = "", **context: Any) -> Page:
    """Return a page of somebody's own browser, signed in when an address is given."""
    settings = {"locale": "fr-FR", "viewport": {"width": 1280, "height": 900}, "base_url": url, **context}
    page = browser.new_context(**settings).new_page()
    page.set_default_timeout(20_000)
    if email:
        page.goto("/sign-in")
        page.fill("#email", email)
        page.fill("#password", password)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda address: "/sign-in" not in address)
    return page
