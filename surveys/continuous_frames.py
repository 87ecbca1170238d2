"""The frame of a continuous draw as a file: every contact in the order it was decided, and what was decided of it.

The file is the hash: one line for each contact of the period, and one for each decision of another continuous draw that
stood in the history of one of their customers, in the order of decision, each ended by one line feed. A line is a JSON
array without spaces, non-ASCII letters escaped as ``\\uXXXX``:

    ["<public id>","<stratum>","<standing>",<cluster>,"<moment>",<pi>,<taken>]
    [<draw>,"<a/b>",<days of quarantine>,<cluster>,"<moment>",<pi>,<taken>]

``standing`` is ``eligible``, ``ineligible:<reason>`` or ``suppressed:<reason>``; ``cluster`` numbers the customers who
have several lines and names nobody, null for all others; ``moment`` is that of the decision, in UTC to the microsecond;
``pi`` is the probability, null where the lot was not asked; ``taken`` is 1 or 0. Of the other draws the first number
is that of the draw; their own frames tell how their decisions came about, here they are taken as they were.
The *frame hash* is the SHA-256 of the whole file, in hexadecimal; fingerprints are kept beside it as in ``frames``.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from surveys.frames import Fixed, fingerprint


class OwnLine(NamedTuple):
    """A contact of the period."""

    public_id: str
    stratum: str
    standing: str
    cluster: int | None
    at: str
    pi: float | None
    taken: int


class OtherLine(NamedTuple):
    """What another continuous draw decided of a customer who is also in this one."""

    draw: int
    rate: str
    quarantine_days: int
    cluster: int
    at: str
    pi: float
    taken: int


Line = OwnLine | OtherLine


def written_moment(moment: datetime) -> str:
    """A moment as the file has it: 2026-10-05T08:00:00.000000Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def frame_lines(lines: Iterable[Line]) -> Iterator[bytes]:
    """The lines of the file, in the order given."""
    for line in lines:
        yield json.dumps(line, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def fixed_lines(lines: Iterable[Line]) -> Fixed:
    """Hash and fingerprints of the file; the fingerprints are of the contacts of the period alone."""
    digest, prints = hashlib.sha256(), bytearray()
    for line in lines:
        (written,) = frame_lines([line])
        digest.update(written)
        if isinstance(line, OwnLine):
            prints += fingerprint(written)
    return Fixed(digest.hexdigest(), bytes(prints))
