"""Files that wait in the database, in pieces, written and read as streams."""

import io
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO

from sqlalchemy import func, insert, select

from contacts.models import ImportPiece
from foundation.database import db, looking

PIECE = 1_000_000
READ_AT_ONCE = 1 << 18


def keep_pieces(batch_id: int, file: BinaryIO) -> Iterator[int]:
    """Write ``file`` to the database, yielding the bytes written so far after each piece, for the caller to commit."""
    file.seek(0)
    written = 0
    for place, content in enumerate(iter(lambda: file.read(PIECE), b"")):
        db.session.execute(insert(ImportPiece), {"batch_id": batch_id, "place": place, "content": content})
        written += len(content)
        yield written


def stored_file(batch_id: int) -> BinaryIO | None:
    """The committed file of a batch that is still to be imported, seekable, of which one piece at a time is in memory.

    Read outside the session's transaction, so that whoever imports holds none while it reads.
    """
    file = _Pieces(batch_id)
    return io.BufferedReader(file, READ_AT_ONCE) if file.places else None  # type: ignore[return-value]


class _Pieces(io.RawIOBase):
    """The pieces of one file as a file."""

    def __init__(self, batch_id: int) -> None:
        self.batch_id = batch_id
        sizes = select(ImportPiece.place, func.length(ImportPiece.content)).where(ImportPiece.batch_id == batch_id)
        with looking() as connection:
            found = connection.execute(sizes.order_by(ImportPiece.place)).all()
        self.places = [place for place, _size in found]
        #: Where each piece ends.
        self.ends = list(accumulate(size for _place, size in found))
        self.at = 0
        self.held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.ends[-1] if self.ends else 0}[whence]
        self.at = start + offset
        return self.at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        number = bisect_right(self.ends, self.at)
        if number == len(self.ends):
            return 0
        content = self._content(number)
        start = self.at - (self.ends[number] - len(content))
        given = content[start : start + len(buffer)]
        buffer[: len(given)] = given
        self.at += len(given)
        return len(given)

    def _content(self, number: int) -> bytes:
        if self.held[0] != number:
            one = select(ImportPiece.content).where(
                ImportPiece.batch_id == self.batch_id, ImportPiece.place == self.places[number]
            )
            with looking() as connection:
                self.held = number, connection.scalars(one).one()
        return self.held[1]
