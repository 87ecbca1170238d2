"""In which encoding a file is written: guessed on a bounded sample, then held against all of it."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from charset_normalizer import from_bytes

from contacts.reading.tables import UnreadableFile

# Western office programs write these when they do not write UTF-8; others would only be guesses.
LEGACY_ENCODINGS = ["cp1252", "mac_roman", "cp850"]
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
AT_ONCE = 1 << 18
SAMPLED_BYTES = 1 << 16
# No log writes these; where they are, the bytes are no text or were read in the wrong encoding.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
# The same among ASCII alone, as bytes to take out: many times faster than the expression.
NUL = b"\0"
ASCII_CONTROLS = bytes([*range(0x01, 0x09), *range(0x0E, 0x1C), 0x7F])


def encoding_of(file: BinaryIO) -> str:
    """The encoding in which all of ``file`` is text, without its mark. Raises ``unreadable-encoding``."""
    file.seek(0)
    has_mark = file.read(2) in UTF16_MARKS
    candidates = ["utf-16"] if has_mark else chain(["utf-8-sig"], _guessed(file))
    for encoding in candidates:
        if is_text(file, encoding):
            return encoding
    raise UnreadableFile("unreadable-encoding")


def is_text(file: BinaryIO, encoding: str) -> bool:
    """Whether every byte of ``file`` is a letter of ``encoding`` that people write."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return not any(_has_controls(piece, decoder) for piece in _pieces(file)) and not decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False


def _has_controls(piece: bytes, decoder: codecs.IncrementalDecoder) -> bool:
    # Of one byte a letter, and none left over from the piece before: looked through without reading it.
    if piece.isascii() and NUL not in piece and not decoder.getstate()[0]:
        return piece.translate(None, ASCII_CONTROLS) != piece
    return bool(CONTROLS.search(decoder.decode(piece)))


def _guessed(file: BinaryIO) -> Iterator[str]:
    """Western encodings, the likeliest first, by the lines that are not plain ASCII."""
    for match in from_bytes(_sample(file), cp_isolation=LEGACY_ENCODINGS):
        yield match.encoding


def _sample(file: BinaryIO) -> bytes:
    sample = bytearray()
    file.seek(0)
    while len(sample) < SAMPLED_BYTES and (line := file.readline(SAMPLED_BYTES)):
        if not sample or not line.isascii():
            sample += line
    return bytes(sample)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(AT_ONCE):
        yield piece
