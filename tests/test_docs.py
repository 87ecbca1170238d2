"""What the documents promise is there: commands, settings, files and decisions."""

import re
from pathlib import Path

import pytest

from foundation.config import DEFAULTS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]


def section(title: str) -> str:
    return re.split(r"^## ", README.split(f"## {title}\n", 1)[1], flags=re.MULTILINE)[0]


def commands(app) -> set[str]:
    """Return ``group command`` of every command of ours."""
    ours = {"accounts", "backup", "contacts", "demo", "evidence", "jobs", "ledger", "notifications", "satisfaction"}
    found = set()
    for name, command in app.cli.commands.items():
        if name in ours | {"surveys"}:
            found |= {" ".join(path) for path in leaves(command, (name,))}
    return found


def leaves(command, path):
    inner = getattr(command, "commands", {})
    if not inner:
        yield path
    for name, one in inner.items():
        yield from leaves(one, (*path, name))


def test_every_command_is_in_the_readme(app):
    table = section("Commands")
    missing = [name for name in sorted(commands(app) - {"demo sign-ins"}) if f"`{name}" not in table]
    assert missing == []


def test_every_setting_is_in_the_readme_and_no_other():
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", "\n".join(re.findall(r"^\| (.*)", section("Settings"), re.MULTILINE))))
    assert named == set(DEFAULTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text())
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_files_named_for_contributors_are_there():
    named = re.findall(r"`((?:[a-z_]+/)+[\w.]*)`", (ROOT / "CONTRIBUTING.md").read_text())
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
