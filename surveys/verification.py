"""A draw done again from what was kept of it, and what differs: by the name of the contact or the stratum."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from surveys.allocation import Plan
from surveys.continuous_frames import OwnLine
from surveys.frames import ELIGIBLE, FrameEntry, fingerprint, fixed, frame_lines
from surveys.refusals import SurveyRefused
from surveys.sampling import Sample, StratumSize, Unit, commitment, mixed, sample

PRINT = struct.Struct(">I4s")
Share = tuple[int | None, int | None]


@dataclass(frozen=True)
class KeptDraw:
    """What was kept of a draw: the frame as it was before the lot, and what came out.

    ``fingerprints``: see ``surveys.frames``; empty for draws made before they were kept, where a change is found but
    not located. ``invited``: stratum by public id of those who have an invitation; None where that is not known.
    """

    entries: Sequence[FrameEntry]
    plan: Plan
    seed: bytes
    commitment: str
    frame_hash: str
    strata: Mapping[str, StratumSize]
    drawn: frozenset[str]
    set_aside: frozenset[str]
    auditor_value: str | None = None
    fingerprints: bytes = b""
    multiplicities: Mapping[str, int] | None = None
    invited: Mapping[str, str] | None = None
    recorded: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    """What the ledger says otherwise than the tables: name → (ledger, table)."""
    shares: Mapping[str, Share] = field(default_factory=dict)
    """The probability that each contact keeps, by public id: the numbers n_h and N_h of its stratum."""
    adrift: Sequence[str] = ()
    """Public ids of units whose contact is not there, or is another."""


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was kept: a code, what it is about (a public id, a stratum, a name), and both sides.

    Codes: ``ledger`` (a fact of the draw), ``seed``, ``frame`` (the whole), ``frame-changed``, ``frame-added``,
    ``frame-removed`` (a contact), ``refused``, ``size`` (a stratum), ``drawn-wrongly``, ``not-drawn``, ``set-aside``,
    ``multiplicity``, ``share``, ``adrift``, ``not-invited``, ``invited-wrongly``, ``invited-elsewhere`` (a contact).
    """

    code: str
    about: str
    kept: object = ""
    found: object = ""


def differences(kept: KeptDraw) -> list[Difference]:
    """What a second draw finds otherwise than it was kept; an empty list when all is identical."""
    found = [Difference("ledger", name, *sides) for name, sides in kept.recorded.items()]
    if kept.commitment != (again := commitment(kept.seed)):
        found.append(Difference("seed", "", kept.commitment, again))
    found += _in_frame(kept)
    units = [Unit(one.public_id, one.stratum, one.cluster) for one in kept.entries if one.standing == ELIGIBLE]
    try:
        drawn = sample(mixed(kept.seed, kept.auditor_value), units, kept.plan)
    except (SurveyRefused, ValueError) as refusal:
        return [*found, Difference("refused", "", "", getattr(refusal, "code", str(refusal)))]
    return [
        *found,
        *in_sizes(kept.strata, drawn.strata),
        *_in_lot(kept, drawn),
        *in_shares(kept.shares, _shares(kept)),
        *(Difference("adrift", public_id) for public_id in kept.adrift),
        *in_invitations(kept.drawn, kept.invited, {one.public_id: one.stratum for one in kept.entries}),
    ]


def _in_frame(kept: KeptDraw) -> Iterator[Difference]:
    again = fixed(kept.entries)
    if again.frame_hash == kept.frame_hash:
        return
    yield Difference("frame", "", kept.frame_hash, again.frame_hash)
    yield from changed_lines(kept.fingerprints, zip(frame_lines(kept.entries), sorted(kept.entries), strict=True))


def changed_lines(fingerprints: bytes, lines: Iterable[tuple[bytes, FrameEntry | OwnLine]]) -> Iterator[Difference]:
    """The contacts whose lines are not those that were printed; of a hundred thousand, two ids may share a CRC-32."""
    if not fingerprints:
        return
    before: dict[int, list[bytes]] = {}
    for number, digest in PRINT.iter_unpack(fingerprints):
        before.setdefault(number, []).append(digest)
    for line, entry in lines:
        number, digest = PRINT.unpack(fingerprint(line))
        if not (was := before.get(number)):
            yield Difference("frame-added", entry.public_id, "", entry.standing)
        elif digest in was:
            was.remove(digest)
        else:
            yield Difference("frame-changed", entry.public_id, was.pop().hex(), f"{entry.stratum}, {entry.standing}")
    for number, was in before.items():
        yield from (Difference("frame-removed", f"{number:08x}") for _digest in was)


def in_sizes(kept: Mapping[str, StratumSize], again: Mapping[str, StratumSize]) -> Iterator[Difference]:
    """The strata of which another number was drawn, or could be, than was kept."""
    for stratum in sorted(kept.keys() | again.keys()):
        was, now = kept.get(stratum), again.get(stratum)
        if was != now:
            yield Difference("size", stratum, _size(was), _size(now))


def _shares(kept: KeptDraw) -> dict[str, Share]:
    """The numbers of the stratum, as they are kept, of each contact that took part."""
    sizes = kept.strata
    taking_part = (one for one in kept.entries if one.standing == ELIGIBLE and one.public_id not in kept.set_aside)
    return {one.public_id: sizes.get(one.stratum, (None, None)) for one in taking_part}


def in_shares(kept: Mapping[str, Share], strata: Mapping[str, Share]) -> Iterator[Difference]:
    """The contacts that keep another probability than that of their stratum; ``strata``: what each should keep."""
    for public_id, share in sorted(kept.items()):
        if share != (should := tuple(strata.get(public_id, (None, None)))):
            yield Difference("share", public_id, _share(share), _share(should))


def _share(share: Share | tuple[int | None, ...]) -> str:
    return "none" if share == (None, None) else f"{share[0]} of {share[1]}"


def _size(size: StratumSize | None) -> str:
    return f"{size.drawn} of {size.eligible}" if size else "0 of 0"


def _in_lot(kept: KeptDraw, again: Sample) -> Iterator[Difference]:
    strata = {one.public_id: one.stratum for one in kept.entries}
    for public_id in sorted(kept.drawn - again.drawn):
        yield Difference("drawn-wrongly", public_id, strata.get(public_id, ""))
    for public_id in sorted(again.drawn - kept.drawn):
        yield Difference("not-drawn", public_id, "", strata[public_id])
    for public_id in sorted(kept.set_aside ^ again.set_aside):
        yield Difference("set-aside", public_id, strata.get(public_id, ""))
    for public_id, number in sorted((kept.multiplicities or {}).items()):
        if number != (counted := again.multiplicities.get(public_id, 1)):
            yield Difference("multiplicity", public_id, number, counted)


def in_invitations(
    drawn: AbstractSet[str], invited: Mapping[str, str] | None, strata: Mapping[str, str]
) -> Iterator[Difference]:
    """Those drawn who have no invitation, or one in another stratum, and those invited who were not drawn."""
    if invited is None:
        return
    for public_id in sorted(drawn - invited.keys()):
        yield Difference("not-invited", public_id)
    for public_id in sorted(invited.keys() - drawn):
        yield Difference("invited-wrongly", public_id, invited[public_id])
    for public_id in sorted(drawn & invited.keys()):
        if invited[public_id] != strata.get(public_id, invited[public_id]):
            yield Difference("invited-elsewhere", public_id, invited[public_id], strata[public_id])


_SAID = {
    "ledger": "{about}: the ledger says {kept}, the tables say {found}",
    "seed": "seed: it does not open the commitment {kept}, its own would be {found}",
    "frame": "frame: the hash kept is {kept}, that of the frame as it stands is {found}",
    "frame-changed": "contact {about}: its line in the frame was changed; it stands now as {found}",
    "frame-added": "contact {about}: added to the frame; it stands now as {found}",
    "frame-removed": "a contact was removed from the frame: the CRC-32 of its public id is {about}",
    "refused": "the draw cannot be made again: {found}",
    "size": "stratum {about}: kept {kept}, drawn again {found}",
    "drawn-wrongly": "contact {about} (stratum {kept}) was not drawn by this seed, and is kept as drawn",
    "not-drawn": "contact {about} (stratum {found}) was drawn by this seed, and is not kept as drawn",
    "set-aside": "contact {about} (stratum {kept}): set aside otherwise than its customer's lot says",
    "multiplicity": "contact {about}: kept as standing for {kept} contacts, stands for {found}",
    "share": "contact {about}: kept with the probability {kept}, its stratum says {found}",
    "adrift": "contact {about}: is in the frame, and no such contact is recorded",
    "decision": "contact {about}: kept as {kept}, decided again {found}",
    "probability": "contact {about}: kept with the probability {kept}, computed again {found}",
    "order": "contact {about}: decided at {found}, before a line above it of the same customer, of {kept}",
    "not-invited": "contact {about} (stratum {stratum}) was drawn and has no invitation",
    "invited-wrongly": "contact {about} (stratum {kept}) has an invitation and was not drawn",
    "invited-elsewhere": "contact {about}: its invitation says stratum {kept}, the frame says {found}",
}


def difference_words(one: Difference, strata: Mapping[str, str]) -> str:
    """One line of English that names the contact or the stratum; ``strata`` has the stratum of each public id."""
    return _SAID[one.code].format(
        about=one.about or '""', kept=one.kept, found=one.found, stratum=strata.get(one.about, "")
    )
