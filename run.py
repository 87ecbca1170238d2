"""Start, test or install Satisfecit with nothing but Python: ``python3 run.py serve``, ``test`` or ``install``.

Runs on any Python 3, so that an old one gets a sentence and not a traceback; the standard library only.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)


def stop(sentence):
    """End with one line on standard error."""
    sys.stderr.write("satisfecit: %s\n" % sentence)
    raise SystemExit(1)


def check_machine():
    if sys.version_info < OLDEST:
        stop("Python %d.%d or newer is needed; this is %s." % (OLDEST + (sys.version.split()[0],)))
    for folder in (ROOT, VENV, Path(os.environ.get("SATISFECIT_INSTANCE") or ROOT / "instance")):
        if os.path.exists(str(folder)) and not os.access(str(folder), os.W_OK):
            stop("the folder %s cannot be written to." % folder)


def digest(files):
    """Return a mark of the requirements, so that an unchanged environment is not installed again."""
    content = b"".join((ROOT / name).read_bytes() for name in files)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def install(*requirements):
    """Create .venv where it is missing and install what the files name, once."""
    files = ("constraints.txt", "requirements.txt", *requirements)
    mark = VENV / ("installed-%s" % (requirements[-1] if requirements else "requirements.txt"))
    if mark.exists() and mark.read_text() == digest(files):
        return
    if not has_pip():
        make_environment()
    print("Installing %s …" % ", ".join(files[1:]), flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for name in files[1:]:
        command += ["-r", str(ROOT / name)]
    if subprocess.call(command) != 0:
        stop("the packages could not be installed; the lines above say why.")
    mark.write_text(digest(files))


def has_pip():
    """Whether .venv is whole: one whose making was cut off has a Python and no pip."""
    command = [str(PYTHON), "-m", "pip", "--version"]
    return PYTHON.exists() and subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def make_environment():
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        stop("Python's venv module is missing; on Debian or Ubuntu: apt-get install python3-venv")
    print("Creating .venv …", flush=True)
    venv.create(str(VENV), with_pip=True)


def flask(*arguments):
    """Run a flask command and stop when it fails."""
    if subprocess.call([str(PYTHON), "-m", "flask", *arguments], cwd=str(ROOT)) != 0:
        stop("flask %s did not succeed; the lines above say why." % " ".join(arguments))


def check_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            stop("port %d is not for ordinary users; choose another one: PORT=8001 make serve" % port)
        except OSError:
            stop("port %d is in use; choose another one: PORT=8001 make serve" % port)


def read_port():
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        stop("PORT must be a number from 1 to 65535, not %r." % text)
    return int(text)


def serve():
    """Install, migrate, load the demo centre when the database is empty, then run web and worker until Ctrl-C."""
    port = read_port()
    check_port(port)
    install()
    os.environ.setdefault("SATISFECIT_PUBLIC_URL", "http://127.0.0.1:%d" % port)
    os.environ.setdefault("FLASK_APP", "app")
    if os.environ.get("SATISFECIT_CLOCK") and "@" not in os.environ["SATISFECIT_CLOCK"]:
        os.environ["SATISFECIT_CLOCK"] += "@%f" % time.time()  # web and worker share one clock
    flask("db", "upgrade")
    if os.environ.get("SATISFECIT_MODE", "demo") == "demo":
        flask("demo", "load", "--if-empty")
    web = [str(PYTHON), "-m", "gunicorn", "--workers", "1", "--threads", "8", "--bind", "127.0.0.1:%d" % port,
           "--log-level", "warning", "app:create_app()"]  # fmt: skip
    worker = [str(PYTHON), "-m", "flask", "jobs", "run"]
    signal.signal(signal.SIGTERM, leave)
    children = []
    try:
        for command in (web, worker):
            children.append(subprocess.Popen(command, cwd=str(ROOT), start_new_session=True))
        wait_until_up(port, children)
        print("\nSatisfecit: %s (Ctrl-C stops it)" % os.environ["SATISFECIT_PUBLIC_URL"], flush=True)
        if os.environ.get("SATISFECIT_MODE", "demo") == "demo":
            flask("demo", "sign-ins")
        watch(children)
    finally:
        end(children)


def leave(_number, _frame):
    raise KeyboardInterrupt


def wait_until_up(port, children):
    for _attempt in range(300):
        if any(child.poll() is not None for child in children):
            stop("web or worker did not start; the lines above say why.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def watch(children):
    """Wait for one of the two to end by itself, which is an error; Ctrl-C ends the wait before."""
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    stop("%s ended by itself." % ("web" if children[0].poll() is not None else "the worker"))


def end(children):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()


def test(arguments):
    """Install the development requirements and run every check: style, types, then the suite."""
    install("requirements-server.txt", "requirements-dev.txt")
    # A file is the work of one process, so that tests which tell a story keep their order.
    suite = ["pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", *arguments]
    checks = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], suite]
    failed = [check[0] for check in checks if subprocess.call([str(PYTHON), "-m", *check], cwd=str(ROOT)) != 0]
    raise SystemExit(1 if failed else 0)


def main(arguments):
    if arguments[:1] not in (["serve"], ["test"], ["install"]):
        sys.stderr.write("usage: python3 run.py serve | test [pytest options] | install\n")
        raise SystemExit(2)
    check_machine()
    os.chdir(str(ROOT))
    if arguments[0] == "serve":
        serve()
    elif arguments[0] == "test":
        test(arguments[1:])
    else:
        install("requirements-server.txt", "requirements-dev.txt")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
