"""The raw e-mails, each whole in a file named after its SHA-256, written once and never again."""

import hashlib
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from flask import Flask


class RawMailLost(Exception):
    """The file of an e-mail is gone, or is not what was kept."""


@dataclass(frozen=True)
class Kept:
    """Where one raw mail is: its hash, its path below the folder, its size in bytes."""

    sha256: str
    path: str
    size: int


def mail_files(app: Flask) -> Path:
    """Return the folder of raw mails, below that of everything people send us."""
    return Path(app.config["ATTACHMENTS_DIR"]) / "mail"


def keep(folder: Path, raw: bytes) -> Kept:
    """Write ``raw`` to disk for good, before anybody is told that we have it. Raises OSError."""
    digest = hashlib.sha256(raw).hexdigest()
    kept = Kept(digest, f"{digest[:2]}/{digest}.eml", len(raw))
    target = folder / kept.path
    if not (target.exists() and target.stat().st_size == kept.size):
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, raw)
    return kept


def load(folder: Path, path: str, sha256: str) -> bytes:
    """Return a raw mail. Raises RawMailLost unless it is there, byte for byte."""
    try:
        raw = (folder / path).read_bytes()
    except OSError as error:
        raise RawMailLost(path) from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise RawMailLost(path)
    return raw


def forget(folder: Path, hashes: Collection[str]) -> None:
    """Delete raw mails for good; those that are gone already are no fault."""
    for digest in hashes:
        (folder / f"{digest[:2]}/{digest}.eml").unlink(missing_ok=True)


def _write_whole(target: Path, raw: bytes) -> None:
    """A crash at any moment leaves the whole file or none; a power cut too."""
    draft = target.with_name(f".{secrets.token_hex(8)}.part")
    with draft.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
