"""Who may open a view: a mark on the function, enforced by ``accounts`` before each request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Access:
    """What a view asks of its visitor: a permission, or nothing for the ``reason`` given.

    ``by_key``: it is for programs that show a key, and for nobody who is signed in.
    """

    permission: str | None
    reason: str = ""
    by_key: bool = False


def permitted(permission: str) -> Callable[[View], View]:
    """Open the view to the signed-in whose role has ``permission``."""
    return _marked(Access(permission))


def for_keys(permission: str) -> Callable[[View], View]:
    """Open the view to programs whose key has ``permission``. A session never opens it: another site could use one."""
    return _marked(Access(permission, by_key=True))


def public(reason: str) -> Callable[[View], View]:
    """Open the view to everyone; ``reason`` says what protects what it shows."""
    return _marked(Access(None, reason))


def _marked(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark
