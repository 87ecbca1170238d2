"""Words without the person who is named in them, for readers who may not know who complains."""

import re

HIDDEN = "••••"
TITLES = {"madame", "mademoiselle", "monsieur", "mme", "mlle", "mrs", "miss"}
_SHORTEST_NAME = 3


def without_identity(text: str, name: str = "", email: str | None = None, phone: str | None = None) -> str:
    """Return ``text`` with name, e-mail address and phone (E.164, also as people write it) struck out.

    Each part of the name is struck out where it stands as a word of its own; titles and initials stay.
    """
    patterns = [_spaced(name), re.escape(email) if email else "", _phone(phone or ""), *_parts(name)]
    found = "|".join(pattern for pattern in patterns if pattern)
    return re.sub(found, HIDDEN, text, flags=re.IGNORECASE) if found else text


def _spaced(name: str) -> str:
    words = r"\s+".join(re.escape(word) for word in name.split())
    return rf"(?<!\w){words}(?!\w)" if words else ""


def _parts(name: str) -> list[str]:
    words = {word for word in re.findall(r"\w+", name) if len(word) >= _SHORTEST_NAME and word.casefold() not in TITLES}
    return [rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(words)]


def _phone(phone: str) -> str:
    """The last nine figures, whatever stands between them and whatever prefix is before them."""
    figures = re.sub(r"\D", "", phone)[-9:]
    return r"[+(]?(?:\d[ .()-]?){0,5}" + r"[ .-]?".join(figures) + r"(?!\d)" if len(figures) == 9 else ""
