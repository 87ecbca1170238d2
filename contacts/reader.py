"""A program that reads the rows of a log for whoever imports it: ``python -m contacts.reader DESCRIPTOR``.

Only ``contacts.apart`` starts it. It is told a ``Reading`` on its standard input and writes pickled pieces to its
standard output: lists of rows, None after the last, or what was raised. It imports no framework, so it is small.
"""

import io
import os
import pickle
import signal
import sys
from itertools import islice
from typing import IO, BinaryIO

from contacts.apart import ROWS_AT_ONCE, OwnPlace, read_in_place
from contacts.entries import Reading
from contacts.garbage import rarely_collected
from contacts.mapping import BadMapping
from contacts.reading import UnreadableFile

READ_AT_ONCE = 1 << 18


def main() -> None:
    """Read the file to its end, or until nobody takes the rows."""
    # Whoever imports decides what an interruption from the keyboard means; a pipe that nobody reads is the end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    reading: Reading = pickle.load(sys.stdin.buffer)
    # What a library prints must not come among the rows.
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        source = io.BufferedReader(OwnPlace(int(sys.argv[1])), READ_AT_ONCE)
        with rarely_collected():
            _send(out, source, reading)


def _send(out: IO[bytes], source: BinaryIO, reading: Reading) -> None:
    try:
        rows = read_in_place(source, reading)
        while piece := list(islice(rows, ROWS_AT_ONCE)):
            _put(out, piece)
    except (UnreadableFile, BadMapping) as refusal:
        _put(out, refusal)
        return
    _put(out, None)


def _put(out: IO[bytes], piece: object) -> None:
    # One memory for each piece: in the next the same words are told anew.
    pickle.dump(piece, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


if __name__ == "__main__":
    main()
