"""The names of columns, compared as people mean them."""

import re
import unicodedata


def plain_name(name: str) -> str:
    """``name`` in small letters and digits alone: without accents, spaces or signs."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in letters if not unicodedata.combining(c)))
