"""Menu entries, registered by the app for each package and shown to those who may open them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for


@dataclass(frozen=True)
class MenuEntry:
    """A link of the main menu; ``label`` is a lazy translation, ``order`` sorts.

    Who has ``unless`` finds the page elsewhere.
    """

    label: Any
    endpoint: str
    permission: str
    order: int
    unless: str = ""


@dataclass(frozen=True)
class Banner:
    """A sentence on top of every staff page, and the page that says more."""

    text: str
    path: str


def init_navigation(
    app: Flask, entries: list[MenuEntry], own: list[MenuEntry], banners: list[Callable[[], list[Banner]]]
) -> None:
    """Keep the entries of the main menu, those of the menu under a person's name, and what may put up a banner."""
    app.extensions["menu"] = sorted(entries, key=lambda entry: entry.order)
    app.extensions["own_menu"] = sorted(own, key=lambda entry: entry.order)
    app.jinja_env.globals["is_current"] = is_current
    app.jinja_env.globals["banners"] = lambda: [banner for some in banners for banner in some()]


def menu_for(app: Flask, permissions: frozenset[str], menu: str = "menu") -> list[MenuEntry]:
    """Return the entries that someone with ``permissions`` may open, in order; ``own_menu`` is that of a person."""
    may_open = [entry for entry in app.extensions[menu] if entry.permission in permissions]
    return [entry for entry in may_open if entry.unless not in permissions]


def is_current(entry: MenuEntry, shown: list[MenuEntry]) -> bool:
    """Whether the page is of the entry's package, and none of those ``shown`` leads nearer to it."""
    mine = [one for one in shown if request.blueprint and request.blueprint == one.endpoint.split(".")[0]]
    leading = [one for one in mine if request.path.startswith(url_for(one.endpoint))]
    return entry in mine and entry == max(leading or mine, key=lambda one: len(url_for(one.endpoint)) * bool(leading))
