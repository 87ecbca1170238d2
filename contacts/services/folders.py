"""Files in folders that others write to: opened, listed and moved without ever following a link.

Every step is taken relative to a folder that is open already, so that nobody can put a link in its place in between.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import structlog
from flask import current_app

log = structlog.get_logger()

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
DONE, FAILED = "done", "failed"
#: In bytes. A file system takes 255; a number, ".rejects.csv" and ".part" may be added.
LONGEST_NAME = 200
#: How those who copy name a file that is not whole yet.
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")


class FolderRefused(Exception):
    """``no-root``, ``folder-outside`` or ``folder-missing``: it cannot be watched; ``folder-busy``: nor left alone."""

    def __init__(self, code: str, folder: str = "") -> None:
        super().__init__(f"{code} {folder}".strip())
        self.code = code
        self.folder = folder


@dataclass(frozen=True)
class Found:
    """A file as it lies in its folder; ``changed`` in nanoseconds since 1970.

    It is the later of two dates: whoever copies can set that of the content, nobody that of the entry.
    """

    name: str
    size: int
    changed: int


@contextmanager
def opened(folder: str) -> Iterator[int]:
    """The folder of that name below the watched root, open. Raises FolderRefused."""
    root = current_app.config["WATCH_DIR"]
    if not root:
        raise FolderRefused("no-root")
    parts = Path(folder).parts
    if not parts or Path(folder).is_absolute() or ".." in parts or {DONE, FAILED} & set(parts):
        raise FolderRefused("folder-outside", folder)
    held: list[int] = []
    try:
        _go_down(root, folder, held)
        yield held[-1]
    finally:
        for descriptor in held:
            os.close(descriptor)


def _go_down(root: str, folder: str, held: list[int]) -> None:
    """Open the root and each folder below it, never through a link."""
    try:
        held.append(os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        for part in Path(folder).parts:
            held.append(os.open(part, FOLDER, dir_fd=held[-1]))
    except FileNotFoundError as error:
        raise FolderRefused("folder-missing", folder) from error
    except OSError as error:
        # A link is refused as such (ELOOP), or for not being a folder.
        raise FolderRefused("folder-outside", folder) from error


def files_in(folder: int) -> list[Found]:
    """The files of an open folder, by name: no links, no folders, nothing hidden or marked as unfinished.

    One whose name cannot be kept is left where it is and named in the log; it holds no other file up.
    """
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            if not _can_be_kept(entry.name):
                log.warning("a file of a watched folder has a name that cannot be kept", name=ascii(entry.name))
                continue
            at = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(at.st_mode):
                found.append(Found(entry.name, at.st_size, max(at.st_mtime_ns, at.st_ctime_ns)))
    return sorted(found, key=lambda one: one.name)


def _can_be_kept(name: str) -> bool:
    """Whether a name is text, with room behind it for what is added when the file is put away."""
    try:
        return len(name.encode()) <= LONGEST_NAME
    except UnicodeEncodeError:  # another system wrote it, in an encoding of its own
        return False


def open_file(folder: int, name: str) -> BinaryIO:
    """A file of an open folder for reading. Raises FileNotFoundError for what is gone, or no file any more."""
    try:
        descriptor = os.open(name, FILE, dir_fd=folder)
    except OSError as error:
        raise FileNotFoundError(name) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileNotFoundError(name)
    return os.fdopen(descriptor, "rb")


def put_away(folder: int, name: str, into: str, mark: int, beside: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Move a file into the folder ``into`` beside it, after what is written beside it there: (ending, lines).

    ``mark`` is put into the name where another file has it. All of it may be done again after a crash.
    """
    with _made(folder, into) as target:
        free = _free_name(target, name, mark)
        for ending, lines in beside:
            _write(target, free + ending, lines)
        os.rename(name, free, src_dir_fd=folder, dst_dir_fd=target)
        os.fsync(target)
    os.fsync(folder)


@contextmanager
def _made(folder: int, name: str) -> Iterator[int]:
    with suppress(FileExistsError):
        os.mkdir(name, 0o770, dir_fd=folder)
    descriptor = os.open(name, FOLDER, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _free_name(folder: int, name: str, mark: int) -> str:
    """``name``, or another with ``mark`` before its ending where there is such a file already."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{mark}.{ending}" if dot and stem else f"{name}-{mark}"


def _write(folder: int, name: str, lines: Iterable[str]) -> None:
    """Write whole or not at all."""
    part = f".{name}.part"
    with os.fdopen(os.open(part, NEW, 0o660, dir_fd=folder), "w", encoding="utf-8-sig", newline="") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
