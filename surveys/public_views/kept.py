"""Pages that many people see alike: rendered once, kept by this process, and filled in for each of them.

What differs between two people is put in places; whatever else differs must be in the key.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping

from markupsafe import Markup

# A part nobody can guess, so that no text of a questionnaire can be taken for a place.
_SEAL = secrets.token_hex(8)
_PLACES = re.compile(rf"\[{_SEAL}:(\w+)\]")
#: So many pages are kept; some hundred kB for each version that is asked. A full house is emptied and fills again.
MOST = 400
_kept: dict[Hashable, list[str]] = {}


def place(name: str) -> Markup:
    """What to put into a template where ``filled`` is to write the value of that name."""
    return Markup(f"[{_SEAL}:{name}]")


def filled(key: Hashable, render: Callable[[], str], values: Mapping[str, str]) -> str:
    """The page of that key with ``values`` in its places; ``render`` is called where it is not kept yet.

    The values are written as they are: escape what people wrote.
    """
    pieces = _kept.get(key)
    if pieces is None:
        if len(_kept) >= MOST:
            _kept.clear()
        pieces = _kept[key] = _PLACES.split(render())
    # Between two pieces of the page stands the name of a place.
    return "".join([values[piece] if number % 2 else piece for number, piece in enumerate(pieces)])
