"""The frame of a draw as a file: what every contact of the period was, before the lot fell.

The file is the hash: one line for each contact, sorted by public id, UTF-8, each ended by one line feed.
A line is a JSON array without spaces, non-ASCII letters escaped as ``\\uXXXX``:

    ["<public id>","<stratum>","<standing>",<cluster or null>]

``standing`` is ``eligible``, ``ineligible:<reason>`` or ``suppressed:<reason>``. A contact set aside because its
customer takes part with another one stands as ``eligible`` here: setting it aside is part of the lot, and can be done
again from ``cluster`` (see sampling.py). ``cluster`` numbers the contacts of one customer; it names nobody.
The *frame hash* is the SHA-256 of the whole file, in hexadecimal.

A hash says that something was changed, not what. So beside it eight bytes of each line are kept, its *fingerprint*, in
the order of the file: the CRC-32 of the public id, and the first four bytes of the line's SHA-256. They locate a
change; that there is one, the frame hash decides.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

ELIGIBLE = "eligible"
SEPARATOR = " · "
#: What json.dumps makes of a text, without its questions about what it was given.
_quoted_once = json.encoder.encode_basestring_ascii


class FrameEntry(NamedTuple):
    public_id: str
    stratum: str
    standing: str
    cluster: int | None = None


#: A FrameEntry, or a plain tuple of the same.
Line = tuple[str, str, str, int | None]


class Fixed(NamedTuple):
    """What fixes a frame: its hash, and the fingerprints of its lines."""

    frame_hash: str
    fingerprints: bytes


def frame_lines(entries: Iterable[Line]) -> Iterator[bytes]:
    """The lines of the frame file, whatever the order of ``entries``."""
    for public_id, stratum, standing, cluster in sorted(entries):
        shared = "null" if cluster is None else cluster
        yield f"[{_quoted_once(public_id)},{_quoted(stratum)},{_quoted(standing)},{shared}]\n".encode("ascii")


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return json.dumps(text)


def fixed(entries: Iterable[Line]) -> Fixed:
    """Hash and fingerprints of the frame that ``entries`` make."""
    lines = list(frame_lines(entries))
    return Fixed(hashlib.sha256(b"".join(lines)).hexdigest(), b"".join(map(fingerprint, lines)))


def fingerprint(line: bytes) -> bytes:
    """The eight bytes that locate a line of the frame file."""
    return zlib.crc32(line[2 : line.index(b'"', 2)]).to_bytes(4) + hashlib.sha256(line).digest()[:4]


def frame_hash(entries: Iterable[Line]) -> str:
    """SHA-256 of the frame file, in hexadecimal."""
    return fixed(entries).frame_hash


def stratum_parts(key: str) -> list[str]:
    """The values that ``stratum_key`` made the name of."""
    parts = re.split(r"(?<!\\) · ", key)
    return [re.sub(r"\\([\\·])", r"\1", part) for part in parts]


def stratum_key(values: Sequence[object]) -> str:
    """One name for a combination of values, never the same for two of them: ``Lille · phone``."""
    return SEPARATOR.join(
        "" if value is None else str(value).replace("\\", "\\\\").replace("·", "\\·") for value in values
    )
