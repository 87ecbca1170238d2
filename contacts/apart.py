"""The rows of a log read by a process of their own, so that one core reads while another writes.

The process (``contacts.reader``) is given the file as a descriptor and everything else by its standard input. It sends
back pieces of rows through a pipe that holds two or three of them and waits while that is full. So it never runs far
ahead, and where nobody reads any more, whatever ended them, its next piece ends it.
"""

import fcntl
import io
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any, BinaryIO

from contacts.entries import Reading, ReadRow, Reject
from contacts.importing import read_rows
from contacts.opening import open_table

ROOT = Path(__file__).parent.parent
PROGRAM = ("-m", "contacts.reader")
#: Rows of one piece, and the bytes that may wait in the pipe: a piece is some 400 kB.
ROWS_AT_ONCE = 1000
WAITING_BYTES = 1 << 20


class ReaderLost(RuntimeError):
    """The process ended before the last row. The rows so far are good: an import goes on behind them."""


def read_in_place(source: BinaryIO | bytes, reading: Reading) -> Iterator[ReadRow | Reject]:
    """The rows of a file behind those that are passed over. Raises UnreadableFile and BadMapping at the first row."""
    table = open_table(source, reading.mapping, reading.sheet)
    rest = islice(table.rows(), reading.passed_over, None)
    yield from read_rows(rest, table.columns, reading.mapping, reading.around)


@contextmanager
def read_apart(source: BinaryIO | bytes, reading: Reading) -> Iterator[Iterator[ReadRow | Reject]]:
    """Give the rows of ``source`` as ``read_in_place`` does; the process is ended with the block.

    The rows raise what opening and reading the file raises (UnreadableFile, BadMapping), and ReaderLost. Raises OSError
    where no process can be started.
    """
    with _on_disk(source) as file, _started(file, reading) as process:
        yield _rows(process)


@contextmanager
def _on_disk(source: BinaryIO | bytes) -> Iterator[BinaryIO]:
    """``source`` as a file of the system, for another process to read: a copy where it is none."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        file.fileno()
    except OSError:
        with tempfile.TemporaryFile() as copy:
            file.seek(0)
            copyfileobj(file, copy)
            copy.flush()
            yield copy
        return
    yield file


@contextmanager
def _started(file: BinaryIO, reading: Reading) -> Iterator["subprocess.Popen[bytes]"]:
    """A reader at work. It is ended at the end of the block, whatever ends that."""
    number = file.fileno()
    process = subprocess.Popen(
        [sys.executable, *PROGRAM, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(number,),
        cwd=ROOT,
    )
    try:
        told, said = _pipes(process)
        with suppress(BrokenPipeError):  # it ended at once: the missing rows say so
            pickle.dump(reading, told)
            told.close()
        _widen(said)
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in _pipes(process):
            with suppress(BrokenPipeError):
                pipe.close()


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin and process.stdout
    return process.stdin, process.stdout


def _widen(pipe: IO[bytes]) -> None:
    """Let the pipe hold some pieces; where the system does not, it holds what it holds."""
    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, WAITING_BYTES)


def _rows(process: "subprocess.Popen[bytes]") -> Iterator[ReadRow | Reject]:
    _told, said = _pipes(process)
    while True:
        piece = _next_piece(said)
        if piece is None:
            return
        if isinstance(piece, Exception):
            raise piece
        yield from piece


def _next_piece(pipe: IO[bytes]) -> Any:
    """Some rows, what was raised, or None after the last. Only our own program writes into this pipe."""
    try:
        return pickle.load(pipe)
    except (EOFError, pickle.UnpicklingError) as lost:
        raise ReaderLost from lost


class OwnPlace(io.RawIOBase):
    """A file by its descriptor, read at a place of one's own: the place of the descriptor is shared with others."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        size = os.fstat(self.descriptor).st_size
        self.at = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: size}[whence] + offset
        return self.at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        piece = os.pread(self.descriptor, len(buffer), self.at)
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)
