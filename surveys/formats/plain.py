"""Texts with markup, as other tools write them: the words, for messages that have none."""

import re

from inscriptis import get_text

MARKED = re.compile(r"<[a-zA-Z/!][^>]*>|&[a-zA-Z#][a-zA-Z0-9]*;")
FORMATTED = re.compile(r"<(?!/?(?:p|br|div|span)\b)[a-zA-Z!]", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\xa0]+")


def plain_text(marked: str) -> tuple[str, bool]:
    """The words of a text in HTML on one line, and whether more than paragraphs was lost: emphasis, links, pictures."""
    if not MARKED.search(marked):
        return marked, False
    words = get_text(f"<body>{marked}</body>")
    return SPACES.sub(" ", words).strip(), bool(FORMATTED.search(marked))
