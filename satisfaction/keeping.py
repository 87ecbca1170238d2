"""Figures once computed, kept in the process by all that they are computed from.

Formulas cost more than reading the cells, and the counts of a closed period do not change any more. What is asked for
is hashed with every count in it, so a kept figure is never an old one; one that is forgotten only costs time.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from threading import Lock
from typing import Any

from satisfaction.cells import Singly
from satisfaction.findings import Finding

MOST = 64
_kept: OrderedDict[str, list[Finding]] = OrderedDict()
_lock = Lock()


def kept(work: Callable[..., list[Finding]], *asked: Any) -> list[Finding]:
    """What ``work`` gives for ``asked``, computed once for each content; ``work`` must depend on nothing else."""
    digest = hashlib.sha256(json.dumps([work.__name__, asked], default=_plain).encode()).hexdigest()
    with _lock:
        if digest in _kept:
            _kept.move_to_end(digest)
            return _kept[digest]
    found = work(*asked)
    with _lock:
        _kept[digest] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [type(value).__name__, *(_keyed(getattr(value, field.name)) for field in fields(value))]
    if isinstance(value, Singly):
        return value.stamp
    if isinstance(value, Set):
        return sorted(value, key=repr)
    if isinstance(value, Mapping):
        return _keyed(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _keyed(value: Any) -> Any:
    """Mappings as pairs: their keys may be anything."""
    if isinstance(value, Mapping):
        return sorted(([key, _keyed(one)] for key, one in value.items()), key=repr)
    return value
