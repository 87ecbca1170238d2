"""The binder as one ZIP: its manifest, and the same bytes for the same content."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

FORMAT = "satisfecit-binder/1"
MANIFEST = "manifest.json"
# The earliest moment a ZIP can hold: a real one would make two equal binders differ.
NO_MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE_BY_ALL = 0o644 << 16


def json_file(value: Any) -> bytes:
    """Return ``value`` as JSON for people: indented, keys sorted, letters as they are."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def manifest(members: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """Return the file that names every other one with its SHA-256, and vouches for itself."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    body = {"format": FORMAT, "signed": False, **about, "files": files}
    spelt = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return json_file({"body": body, "sha256": hashlib.sha256(spelt.encode()).hexdigest()})


def archive(members: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """Return the ZIP of ``members`` with its manifest, by name; ``about`` goes into the manifest."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as binder:
        for name, content in sorted({**members, MANIFEST: manifest(members, about)}.items()):
            entry = zipfile.ZipInfo(name, NO_MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                READABLE_BY_ALL,
                3,  # Unix, whatever machine it is made on
            )
            binder.writestr(entry, content)
    return written.getvalue()
