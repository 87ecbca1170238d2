"""Finding the links in a plain text, so that a page can make them ones."""

import re
from collections.abc import Iterator

# A full stop, comma or closing bracket after an address belongs to the sentence.
_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]»'•]")


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield ``text`` in pieces, each with whether it is a link."""
    at = 0
    for found in _LINK.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(text):
        yield text[at:], False
