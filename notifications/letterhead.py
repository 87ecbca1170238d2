"""The HTML of an e-mail, made from its text: paragraphs, links, the name of who writes; nothing from elsewhere."""

import re
from html import escape

from notifications.linking import pieces

# Mail readers drop style sheets, so the few rules stand where they apply.
_BODY = "margin:0;padding:24px 16px;font:16px/1.5 system-ui,'Segoe UI',Roboto,Arial,sans-serif"
_COLUMN = "max-width:36em;margin:0 auto"
_BRAND = "margin:0 0 24px;font-weight:700"
_PARAGRAPH = "margin:0 0 16px"
_LINK = "overflow-wrap:anywhere"


def html_of(text: str, title: str, brand: str, language: str) -> str:
    """Return ``text`` as a whole HTML document, with nothing to load and nothing that tells when it is read."""
    head = f'<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
    name = f'<p style="{_BRAND}">{escape(brand)}</p>\n' if brand else ""
    paragraphs = "\n".join(_paragraph(one) for one in re.split(r"\n\s*\n", text.strip()))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>{head}</head>\n'
        f'<body style="{_BODY}"><div style="{_COLUMN}">\n{name}{paragraphs}\n</div></body>\n</html>\n'
    )


def _paragraph(text: str) -> str:
    words = "".join(_link(piece) if is_link else escape(piece) for piece, is_link in pieces(text.strip("\n")))
    return f'<p style="{_PARAGRAPH}">{words.replace(chr(10), "<br>" + chr(10))}</p>'


def _link(address: str) -> str:
    return f'<a href="{escape(address)}" style="{_LINK}">{escape(address)}</a>'
