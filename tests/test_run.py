"""Starting and stopping web and worker together, and the one line that says why they cannot start."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

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
    # A suite that runs in the background is started with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
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


def refused(function, *arguments):
    with pytest.raises(SystemExit) as end:
        function(*arguments)
    return end.value.code


def said(capsys):
    """The one line on standard error."""
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("satisfecit: ") and printed.err.count("\n") == 1
    return printed.err


@pytest.mark.parametrize("port", ["80a", "", "0", "65536", "-1", "²"])
def test_a_port_that_is_none_is_told_in_one_line(monkeypatch, capsys, port):
    monkeypatch.setenv("PORT", port)
    assert refused(run.read_port) == 1
    assert "PORT must be a number from 1 to 65535" in said(capsys)


def test_a_busy_port_is_told_with_the_way_out(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert refused(run.check_port, other.getsockname()[1]) == 1
    assert "is in use; choose another one: PORT=" in said(capsys)


def test_a_port_that_is_forbidden_is_not_called_busy(monkeypatch, capsys):
    def forbidden(*_):
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", forbidden)
    assert refused(run.check_port, 80) == 1
    assert "port 80 is not for ordinary users" in said(capsys)


@pytest.mark.parametrize("unwritable", [".", ".venv", "instance"])
def test_a_folder_that_cannot_be_written_to_is_named(monkeypatch, capsys, tmp_path, unwritable):
    (tmp_path / unwritable).mkdir(exist_ok=True)
    monkeypatch.delenv("SATISFECIT_INSTANCE", raising=False)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path / unwritable)
    assert refused(run.check_machine) == 1
    assert f"the folder {tmp_path / unwritable} cannot be written to" in said(capsys)


def test_an_old_python_is_told_which_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert refused(run.check_machine) == 1
    assert "Python 3.11 or newer is needed" in said(capsys)


def test_a_python_without_venv_is_told_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert refused(run.make_environment) == 1
    assert "venv module is missing; on Debian or Ubuntu: apt-get install python3-venv" in said(capsys)


def test_an_environment_without_pip_is_made_again(monkeypatch, tmp_path):
    python = tmp_path / "python"
    monkeypatch.setattr(run, "PYTHON", python)
    assert not run.has_pip()
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    assert not run.has_pip()
    python.write_text("#!/bin/sh\nexit 0\n")
    assert run.has_pip()
