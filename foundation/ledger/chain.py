"""The chain of entries: canonical JSON, commitments, hashes, and finding the first break."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def canonical(value: Any) -> str:
    """Return ``value`` as JSON with one spelling only: keys sorted, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def commitment(salt: str, personal: dict[str, Any]) -> str:
    """Return what proves ``personal`` later, to whoever is shown it with its salt, and says nothing without."""
    return _sha256(f"{salt}\n{canonical(personal)}")


@dataclass(frozen=True)
class Fact:
    """What an entry says, before it has a place."""

    id: int
    kind: str
    subject: str
    actor_id: int | None
    principal_id: int | None
    recorded_at: datetime
    facts: str  # canonical JSON
    commitment: str | None


@dataclass(frozen=True)
class Link:
    """An entry in its place."""

    number: int
    previous: str
    hash: str
    fact: Fact


def seal(fact: Fact, number: int, previous: str) -> str:
    """Return the hash of ``fact`` as entry ``number`` after the entry whose hash is ``previous``."""
    return _sha256(
        canonical(
            {
                "number": number,
                "previous": previous,
                "id": fact.id,
                "kind": fact.kind,
                "subject": fact.subject,
                "actor": fact.actor_id,
                "principal": fact.principal_id,
                "at": moment(fact.recorded_at),
                "facts": fact.facts,
                "commitment": fact.commitment,
            }
        )
    )


def moment(at: datetime) -> str:
    """Return the one spelling of an aware datetime in the chain."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold.

    ``code``: ``missing`` (no entry of that number), ``moved`` (it does not follow the
    one before), ``changed`` (its hash is not that of what it says), ``cut`` (the chain
    ends before its head), ``forked`` (its end is not the recorded head).
    """

    code: str
    number: int


@dataclass(frozen=True)
class Verified:
    """How far the chain was followed; ``hash`` is that of the last sound entry."""

    number: int = 0
    hash: str = GENESIS
    broken: Break | None = None


def follow(links: Iterable[Link], start: Verified = Verified()) -> Verified:
    """Follow ``links``, in the order of their numbers, from ``start`` to the end or to the first break."""
    number, previous = start.number, start.hash
    for link in links:
        if code := _fault(link, number + 1, previous):
            return Verified(number, previous, Break(code, number + 1))
        number, previous = link.number, link.hash
    return Verified(number, previous)


def against_head(followed: Verified, number: int, digest: str) -> Verified:
    """Return ``followed`` with a break if it does not end at the recorded head."""
    if followed.broken:
        return followed
    if followed.number < number:
        return Verified(followed.number, followed.hash, Break("cut", followed.number + 1))
    if (followed.number, followed.hash) != (number, digest):
        return Verified(followed.number, followed.hash, Break("forked", followed.number))
    return followed


def _fault(link: Link, expected: int, previous: str) -> str | None:
    if link.number != expected:
        return "missing"
    if link.previous != previous:
        return "moved"
    if link.hash != seal(link.fact, link.number, link.previous):
        return "changed"
    return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
