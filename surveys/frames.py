"""The frame of a draw as a file: what every contact of the period was, before the lot fell.

The file is the hash: one line for each contact, sorted by public id, UTF-8, each ended by one line feed.
A line is a JSON array without spaces, non-ASCII letters escaped as ``\\uXXXX``:

    ["<public id>","<stratum>","<standing>",<cluster or null>]

``standing`` is ``eligible``, ``ineligible:<reason>`` or ``suppressed:<reason>``. A contact set aside because its
customer takes part with another one stands as ``eligible`` here: setting it aside is part of the lot, and can be done
again from ``cluster`` (see sampling.py). ``cluster`` numbers the contacts of one customer; it names nobody.
The *frame hash* is the SHA-256 of the whole file, in hexadecimal.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

ELIGIBLE = "eligible"
SEPARATOR = " · "


class FrameEntry(NamedTuple):
    public_id: str
    stratum: str
    standing: str
    cluster: int | None = None


def frame_lines(entries: Iterable[FrameEntry]) -> Iterator[bytes]:
    """The lines of the frame file, whatever the order of ``entries``."""
    for entry in sorted(entries):
        yield json.dumps(entry, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def frame_hash(entries: Iterable[FrameEntry]) -> str:
    """SHA-256 of the frame file, in hexadecimal."""
    digest = hashlib.sha256()
    for line in frame_lines(entries):
        digest.update(line)
    return digest.hexdigest()


def stratum_key(values: Sequence[object]) -> str:
    """One name for a combination of values, never the same for two of them: ``Lille · phone``."""
    return SEPARATOR.join(
        "" if value is None else str(value).replace("\\", "\\\\").replace("·", "\\·") for value in values
    )
