"""The new words of a reply, without the mail it quotes."""

import re

from mailparser_reply import EmailReplyParser

# The library's patterns take time that grows with the square of the text: beyond this nothing is looked for.
_READ = 6_000
_PARSER = EmailReplyParser(languages=["fr", "en"])
_BLANK_LINES = re.compile(r"\n\s*\n(\s*\n)+")
_WROTE = r"(?:Le|On)\b[^\n]{0,300}"
_END = r"(?:a écrit|wrote)\s?:"
# A long name breaks the line of who wrote over two or three; in one line the library knows it.
_BROKEN = re.compile(rf"^({_WROTE}(?:\n(?!\s*\n)[^\n]{{0,200}}){{1,2}}?{_END})\s*$", re.MULTILINE)
_ABOVE = re.compile(rf"\A\s*{_WROTE}{_END}\s*\n((?:\s*(?:>[^\n]*)?\n)+)", re.MULTILINE)
# What French phones write under a mail; the library knows one of the ways.
_PHONE = re.compile(r"^Envoyé (?:de|à partir de) mon\b", re.MULTILINE)
_ORIGINAL = re.compile(r"^-+ ?Message d['’]origine ?-+$", re.MULTILINE | re.IGNORECASE)


def new_words(text: str) -> str:
    """Return what the sender added; all of it when nothing is quoted, or nothing else would be left."""
    plain = _tidy(text)
    head = _BROKEN.sub(lambda found: found[1].replace("\n", " "), plain[:_READ])
    below = _ABOVE.sub("", head + "\n", count=1).strip()
    if below != head.strip():
        return (below + plain[_READ:]).strip() or plain
    kept = (_PARSER.read(_ORIGINAL.sub("-----Original Message-----", head)).latest_reply or "").strip()
    if not kept:
        return plain
    return kept if _is_cut(kept, head) else plain


def bare_words(text: str) -> str:
    """Return ``text`` without what a phone or a person puts under every mail."""
    plain = _tidy(text)
    read = _PARSER.read(_PHONE.sub("Envoyé depuis mon", plain[:_READ]))
    return read.replies[0].body.strip() if plain else ""


def _tidy(text: str) -> str:
    """Return ``text`` with one blank line where there were several: many of them keep the library busy."""
    return _BLANK_LINES.sub("\n\n", text).strip()


def _is_cut(kept: str, head: str) -> bool:
    """Whether the library left something out, rather than only tidied the blanks."""
    return len("".join(kept.split())) < len("".join(head.split()))
