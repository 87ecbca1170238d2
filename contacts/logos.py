"""A logo as somebody sends it, made into a small PNG of our own writing; or a code that says why not.

What is inside decides, never the name of the file. The picture is drawn anew, so that nothing but its pixels is left:
no text, no place where it was taken, nothing behind its end. SVG is not taken: it may hold scripts.
"""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_FILE = 2_000_000
MOST_PIXELS = 16_000_000
#: As it is stored: twice what a page shows, for dense screens.
WIDEST, HIGHEST = 400, 96
LARGEST_SERVED = 24_000
COLOURS = 64


class BadLogo(Exception):
    """A file that is no logo; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Logo:
    """A PNG, its size in pixels and its name: the beginning of its SHA-256, 32 hexadecimal digits."""

    content: bytes
    width: int
    height: int
    name: str


def read_logo(raw: bytes) -> Logo:
    """The logo in ``raw`` (PNG, JPEG, WebP, GIF). Raises BadLogo ``logo-too-large``, ``logo-unreadable``."""
    if len(raw) > LARGEST_FILE:
        raise BadLogo("logo-too-large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=FORMATS) as sent:
                if sent.width * sent.height > MOST_PIXELS:
                    raise BadLogo("logo-too-large")
                drawn = sent.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadLogo("logo-unreadable") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadLogo("logo-too-large") from error
    drawn.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    content = _png(drawn)
    return Logo(content, drawn.width, drawn.height, hashlib.sha256(content).hexdigest()[:32])


def _png(drawn: Image.Image) -> bytes:
    """The picture as PNG, with fewer colours where it would be too heavy for a phone."""
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    written = _written(clean)
    if len(written) > LARGEST_SERVED:
        written = _written(clean.quantize(COLOURS))
    if len(written) > LARGEST_SERVED:
        raise BadLogo("logo-too-large")
    return written


def _written(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
