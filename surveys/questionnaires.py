"""Questionnaires as documents: their hash, their compiled form, and what forbids publishing them."""

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache

from surveys.definitions import CompiledVersion, Definition, compiled
from surveys.publication import Problem, problems

__all__ = ["CompiledVersion", "Definition", "Problem", "canonical_json", "compile_version", "content_hash", "problems"]

USUAL_LOW_SCORE = 2
BELOW_EVERY_SCALE = -1


def canonical_json(definition: Definition) -> str:
    """The one way to write a definition: sorted keys, no spaces, letters as they are."""
    return json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(definition: Definition) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(definition).encode()).hexdigest()


def compile_version(definition: Definition, low_score: int | None = USUAL_LOW_SCORE) -> CompiledVersion:
    """The version ready to run, with the programme's threshold in its conditions; kept per process by content.

    ``low_score`` None means that no score counts as low.
    The definition must be free of ``problems``; of any other the behaviour is not defined.
    """
    return _compiled(canonical_json(definition), BELOW_EVERY_SCALE if low_score is None else low_score)


@lru_cache(maxsize=256)
def _compiled(text: str, low_score: int) -> CompiledVersion:
    return compiled(json.loads(text), hashlib.sha256(text.encode()).hexdigest(), low_score)


_kept: dict[tuple[str, int | None], CompiledVersion] = {}


def published_version(digest: str, low_score: int | None, definition: Callable[[], Definition]) -> CompiledVersion:
    """The published version of that content hash; ``definition`` is called once in the life of the process.

    A published version never changes, so its hash is all that an interview has to read.
    """
    if (digest, low_score) not in _kept:
        _kept[digest, low_score] = compile_version(definition(), low_score)
    return _kept[digest, low_score]
