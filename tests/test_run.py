"""Starting and stopping web and worker together."""

import os
import signal
import subprocess
import sys
import time

import pytest

import run

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def started(monkeypatch):
    """What ``serve`` starts, two processes that only wait, and nothing that it prepares."""
    children = []

    def start(_command, **_options):
        children.append(subprocess_of(SLEEP))
        return children[-1]

    subprocess_of = subprocess.Popen
    for name in ("check_port", "install", "flask"):
        monkeypatch.setattr(run, name, lambda *_: None)
    monkeypatch.setattr(run.subprocess, "Popen", start)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield children
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for child in children:
        child.kill()
        child.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_before_the_web_answers_leaves_no_process_behind(started, monkeypatch, number):
    def interrupted(_port, _children):
        os.kill(os.getpid(), number)
        time.sleep(5)

    monkeypatch.setattr(run, "wait_until_up", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.serve()
    assert len(started) == 2
    assert all(child.poll() is not None for child in started)


def test_when_one_ends_by_itself_the_other_is_ended_too(started, monkeypatch, capsys):
    monkeypatch.setattr(run, "wait_until_up", lambda _port, children: children[0].kill())
    with pytest.raises(SystemExit) as end:
        run.serve()
    assert end.value.code == 1
    assert "ended by itself" in capsys.readouterr().err
    assert all(child.poll() is not None for child in started)
