"""The import rules of docs/architecture.md, held as a test."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
GROUND = {"foundation", "estimation"}
PACKAGES = {
    "app": {"demo", "followup", "evidence", "satisfaction", "complaints", "surveys", "contacts", "notifications", *GROUND},
    "demo": {"followup", "evidence", "satisfaction", "complaints", "surveys", "contacts", "notifications", *GROUND},
    "followup": {"complaints", "surveys", "contacts", "notifications", *GROUND},
    "evidence": {"satisfaction", "complaints", "surveys", "contacts", "notifications", *GROUND},
    "satisfaction": {"complaints", "surveys", "contacts", "notifications", *GROUND},
    "complaints": {"contacts", "notifications", *GROUND},
    "surveys": {"contacts", "notifications", *GROUND},
    "contacts": GROUND,
    "notifications": GROUND,
    "foundation": {"estimation"},
    "estimation": set(),
}
# Inside the ground each may import those after it; whoever has tables may import database and many.
FLOORS = ["accounts", "jobs", "ledger", "web", "timing"]
IMPURE = set(
    "models services queries forms views public_views api cli access outbox dispatcher inbound engines"
    " simulator storage pages documents readers exports mailbox security keys verify twilio_sms smtp_mail".split()
)
SHELL = {"app", "followup", "demo"}  # may use the framework anywhere; so may foundation/web, database, many and config
FRAMEWORKS = set(
    "flask flask_babel flask_limiter flask_migrate flask_security flask_smorest flask_sqlalchemy flask_wtf marshmallow"
    " procrastinate psycopg redis requests smtplib imaplib sqlalchemy twilio typst urllib werkzeug wtforms".split()
)


def imports(path):
    """Yield each module ``path`` imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules():
    for package in PACKAGES:
        single = [ROOT / f"{package}.py"] if (ROOT / f"{package}.py").exists() else []
        yield from ((package, path) for path in [*(ROOT / package).rglob("*.py"), *single])


def test_packages_import_only_downwards():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package, path in modules()
        for name in imports(path)
        if (top := name.split(".")[0]) in PACKAGES and top != package and top not in PACKAGES[package]
    ]
    assert wrong == []


def test_the_ground_has_floors():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package, path in modules()
        if package == "foundation" and (floor := path.relative_to(ROOT).parts[1]) in FLOORS
        for name in imports(path)
        if len(parts := name.split(".")) > 1 and parts[0] == "foundation" and parts[1] in FLOORS
        and FLOORS.index(parts[1]) < FLOORS.index(floor)
    ]
    assert wrong == []


def test_modules_are_pure_unless_named_otherwise():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package, path in modules()
        if package not in SHELL and not IMPURE & {path.stem, path.parent.name}
        and not (package == "foundation" and (path.parent.name == "web" or path.stem in {"database", "many", "config"}))
        for name in imports(path)
        if not name.startswith("foundation.web.chart_theme")  # colours, nothing else
        if name.split(".")[0] in FRAMEWORKS
        or name.startswith(("foundation.database", "foundation.many", "foundation.web"))
        or (name.split(".")[0] in PACKAGES and IMPURE & set(name.split(".")))
    ]
    assert wrong == []


def test_layers_are_acyclic():
    done, left = set(), dict(PACKAGES)
    while left:
        ready = {p for p, below in left.items() if below <= done}
        assert ready, f"cycle among {sorted(left)}"
        done |= ready
        for p in ready:
            del left[p]


def test_every_package_has_a_place():
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "migrations", "benchmarks"}
    assert found <= set(PACKAGES)


def test_no_package_hides_a_standard_module():
    assert not set(PACKAGES) & sys.stdlib_module_names


def test_every_view_declares_who_may_open_it(app):
    """Views of third parties (sign-in, API documentation) are named in one table, app.extensions["open_views"]."""
    open_questions = [
        name
        for name, view in app.view_functions.items()
        if name != "static" and name not in app.extensions["open_views"] and not hasattr(view, "access")
    ]
    assert open_questions == []


def test_only_the_clock_reads_the_time():
    """Everyone else calls utc_now() or is given ``now``."""
    readers = {
        str(path.relative_to(ROOT))
        for package, path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    }
    assert readers <= {"foundation/web/clock.py"}
