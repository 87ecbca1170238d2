"""The draw of a sample: who is taken, given a seed and a list, and nothing else.

Everything here can be done again by a stranger with the standard library. The exact bytes:

- the *seed* is 32 bytes or more; its *commitment* is the SHA-256 of those bytes, in hexadecimal;
- an auditor may give a *value* after the period has closed; the draw then uses HMAC-SHA-256 with the seed's bytes as
  key and ``"auditor:"`` + the value in UTF-8 as message, 32 bytes, in place of the seed (``mixed``);
- the *number* of a unit is HMAC-SHA-256 with the seed as key and the ASCII bytes of its public id as message
  (a permanent random number: it depends on no other unit, nor on the order of the list);
- inside a stratum, units are ranked by number, smallest first, compared as 32 bytes; the first n_h are drawn;
- of several contacts of one customer (one *cluster*) only one takes part in the draw: the one with the smallest
  HMAC-SHA-256 of ``"one-of:" + public id``. This is another number than the one that ranks, because the smallest
  of several ranking numbers is small, and whoever calls often would be drawn too often.

So every unit that takes part in stratum h is drawn with probability n_h / N_h exactly, and stands for all the contacts
of its cluster (its *multiplicity*): its weight is N_h / n_h times their number.
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import NamedTuple

from surveys.allocation import Plan, sizes

SEED_BYTES = 32
#: What SHA-256 takes at once.
BLOCK = 64
KEEP_PREFIX = b"one-of:"
MIX_PREFIX = b"auditor:"


class Unit(NamedTuple):
    """One contact that may be drawn. ``cluster`` numbers the customer it shares with other units, if any."""

    public_id: str
    stratum: str
    cluster: int | None = None


#: A Unit, or a plain tuple of the same: of a hundred thousand, objects would be most of the work.
Drawable = tuple[str, str, int | None]


class StratumSize(NamedTuple):
    """``drawn`` (n_h) of ``eligible`` (N_h) units: the inclusion probability as two integers."""

    drawn: int
    eligible: int


@dataclass(frozen=True)
class Sample:
    """The result of a draw. ``set_aside`` are the units whose customer takes part with another contact.

    ``multiplicities``: how many units those of a cluster that take part stand for, themselves included; else 1.
    """

    drawn: frozenset[str]
    set_aside: frozenset[str]
    strata: dict[str, StratumSize] = field(default_factory=dict)
    multiplicities: Mapping[str, int] = field(default_factory=dict)


def commitment(seed: bytes) -> str:
    """SHA-256 of the seed in hexadecimal: it can be published before the seed, and binds it."""
    return hashlib.sha256(seed).hexdigest()


def mixed(seed: bytes, value: str | None) -> bytes:
    """The seed that ranks: ``seed`` itself, or mixed with the value that an auditor gave."""
    return seed if value is None else hmac.digest(seed, MIX_PREFIX + value.encode(), "sha256")


def number(seed: bytes, public_id: str) -> bytes:
    """The permanent random number of a unit: 32 bytes, compared from the left."""
    return hmac.digest(seed, public_id.encode("ascii"), "sha256")


def _numbering(seed: bytes, prefix: bytes = b"") -> Callable[[str], bytes]:
    """The HMAC-SHA-256 of ``prefix`` and a public id, for many of them.

    By RFC 2104: what the key alone decides is hashed once, not again for each of a hundred thousand units.
    """
    block = (seed if len(seed) <= BLOCK else hashlib.sha256(seed).digest()).ljust(BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + prefix)
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def of(public_id: str) -> bytes:
        inside, outside = inner.copy(), outer.copy()
        inside.update(public_id.encode("ascii"))
        outside.update(inside.digest())
        return outside.digest()

    return of


def one_of_each(seed: bytes, units: Iterable[Drawable]) -> tuple[list[Drawable], frozenset[str]]:
    """The units that take part, one of each cluster, and the public ids of those set aside."""
    units = list(units)
    taking_part = [unit for unit in units if unit[2] is None]
    clusters: dict[int, list[Drawable]] = defaultdict(list)
    for unit in units:
        if unit[2] is not None:
            clusters[unit[2]].append(unit)
    set_aside: set[str] = set()
    kept = _numbering(seed, KEEP_PREFIX)
    for members in clusters.values():
        members.sort(key=lambda unit: kept(unit[0]))
        taking_part.append(members[0])
        set_aside.update(public_id for public_id, _stratum, _cluster in members[1:])
    return taking_part, frozenset(set_aside)


def sample(seed: bytes, units: Iterable[Drawable], plan: Plan) -> Sample:
    """Draw as ``plan`` says. The order of ``units`` has no influence.

    Raises SurveyRefused when the plan asks for more than there is, ValueError for a public id given twice
    or a seed that is too short.
    """
    if len(seed) < SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes or more, not {len(seed)}")
    units = list(units)
    if len({unit[0] for unit in units}) < len(units):
        raise ValueError("a public id appears twice")
    taking_part, set_aside = one_of_each(seed, units)
    strata, numbered = defaultdict(list), _numbering(seed)
    for public_id, stratum, _cluster in taking_part:
        strata[stratum].append((numbered(public_id), public_id))
    asked = sizes({stratum: len(ranked) for stratum, ranked in strata.items()}, plan)
    clusters = Counter(cluster for _public_id, _stratum, cluster in units if cluster is not None)
    return Sample(
        drawn=frozenset(public_id for stratum in strata for _, public_id in nsmallest(asked[stratum], strata[stratum])),
        set_aside=set_aside,
        strata={stratum: StratumSize(asked[stratum], len(strata[stratum])) for stratum in sorted(strata)},
        multiplicities={one: clusters[cluster] for one, _stratum, cluster in taking_part if cluster is not None},
    )
