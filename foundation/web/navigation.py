"""Menu entries, registered by the app for each package and shown to those who may open them."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request


@dataclass(frozen=True)
class MenuEntry:
    """A link of the main menu; ``label`` is a lazy translation, ``order`` sorts."""

    label: Any
    endpoint: str
    permission: str
    order: int


def init_navigation(app: Flask, entries: list[MenuEntry]) -> None:
    app.extensions["menu"] = sorted(entries, key=lambda entry: entry.order)
    app.jinja_env.globals["is_current"] = is_current


def menu_for(app: Flask, permissions: frozenset[str]) -> list[MenuEntry]:
    """Return the entries that someone with ``permissions`` may open, in order."""
    return [entry for entry in app.extensions["menu"] if entry.permission in permissions]


def is_current(entry: MenuEntry) -> bool:
    """Whether the page shown belongs to the entry's package."""
    return bool(request.blueprint) and request.blueprint == entry.endpoint.split(".")[0]
