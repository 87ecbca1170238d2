import hashlib
import zlib
from dataclasses import replace

import pytest

from surveys.allocation import Plan
from surveys.continuous_frames import OwnLine, fixed_lines
from surveys.continuous_frames import frame_lines as lines_of
from surveys.frames import ELIGIBLE, FrameEntry, fixed
from surveys.sampling import StratumSize, Unit, commitment, mixed, sample
from surveys.verification import Difference, KeptDraw, changed_lines, difference_words, differences

SEED = hashlib.sha256(b"7").digest()
PLAN = Plan("proportional", size=9)
ENTRIES = [
    *(FrameEntry(f"a{i}", "a", ELIGIBLE, i // 2 if i < 10 else None) for i in range(30)),
    *(FrameEntry(f"b{i}", "b", ELIGIBLE) for i in range(20)),
    FrameEntry("c1", "a", "suppressed:opted-out"),
]


def kept(value: str | None = None) -> KeptDraw:
    units = [Unit(entry.public_id, entry.stratum, entry.cluster) for entry in ENTRIES if entry.standing == ELIGIBLE]
    result, frame = sample(mixed(SEED, value), units, PLAN), fixed(ENTRIES)
    return KeptDraw(
        ENTRIES, PLAN, SEED, commitment(SEED), frame.frame_hash, result.strata, result.drawn, result.set_aside,
        auditor_value=value, fingerprints=frame.fingerprints, multiplicities=result.multiplicities,
        invited={one: one[0] for one in result.drawn},
    )  # fmt: skip


def named(draw: KeptDraw) -> list[tuple[str, str]]:
    return [(difference.code, difference.about) for difference in differences(draw)]


@pytest.mark.parametrize("value", [None, "boule 7, 12, 31, 40, 49 – numéro chance 3"])
def test_an_honest_draw_is_found_identical(value):
    assert named(kept(value)) == []


def test_another_seed_is_noticed_first():
    assert named(replace(kept(), seed=hashlib.sha256(b"8").digest()))[0] == ("seed", "")


def test_another_value_of_the_auditor_draws_others_though_the_seed_opens_its_commitment():
    codes = {code for code, _about in named(replace(kept("twelve"), auditor_value="thirteen"))}
    assert "seed" not in codes
    assert {"drawn-wrongly", "not-drawn"} <= codes


def test_a_unit_swapped_for_another_is_named_with_its_stratum_on_both_sides():
    draw = kept()
    out = min(draw.drawn)
    put_in = min({entry.public_id for entry in ENTRIES} - draw.drawn - draw.set_aside - {"c1"})
    found = differences(replace(draw, drawn=draw.drawn - {out} | {put_in}))
    assert [(one.code, one.about, one.kept or one.found) for one in found] == [
        ("drawn-wrongly", put_in, put_in[0]),
        ("not-drawn", out, out[0]),
        ("not-invited", put_in, ""),
        ("invited-wrongly", out, "a"),
    ]


def test_a_contact_excluded_after_the_draw_is_named():
    changed = [
        entry._replace(standing="suppressed:no-address") if entry.public_id == "b3" else entry for entry in ENTRIES
    ]
    assert ("frame-changed", "b3") in named(replace(kept(), entries=changed))


def test_a_contact_moved_to_another_stratum_is_named_and_so_are_the_sizes():
    moved = [entry._replace(stratum="a") if entry.public_id == "b3" else entry for entry in ENTRIES]
    assert named(replace(kept(), entries=moved))[:4] == [
        ("frame", ""), ("frame-changed", "b3"), ("size", "a"), ("size", "b"),
    ]  # fmt: skip


def test_a_contact_put_into_the_frame_is_named():
    more = [*ENTRIES, FrameEntry("b99", "b", ELIGIBLE)]
    assert ("frame-added", "b99") in named(replace(kept(), entries=more))


def test_of_a_contact_that_vanished_the_print_of_its_id_is_told():
    import zlib

    assert ("frame-removed", f"{zlib.crc32(b'a0'):08x}") in named(replace(kept(), entries=ENTRIES[1:]))


def test_a_changed_frame_is_found_where_no_fingerprints_were_kept():
    assert ("frame", "") in named(replace(kept(), entries=ENTRIES[1:], fingerprints=b""))


def test_a_false_size_is_named_by_its_stratum():
    draw = kept()
    assert named(replace(draw, strata={**draw.strata, "b": StratumSize(4, 19)})) == [("size", "b")]


def test_a_false_number_of_contacts_behind_a_customer_is_named():
    draw = kept()
    one = min(draw.multiplicities)
    assert draw.multiplicities[one] == 2
    assert named(replace(draw, multiplicities={**draw.multiplicities, one: 3})) == [("multiplicity", one)]


def test_a_size_that_cannot_be_drawn_is_told_as_refused():
    assert ("refused", "") in named(replace(kept(), plan=Plan("proportional", size=900)))


def test_what_the_ledger_says_otherwise_is_named():
    assert named(replace(kept(), recorded={"drawn": (9, 10)})) == [("ledger", "drawn")]


@pytest.mark.parametrize(
    "one, words",
    [
        (Difference("size", "b", "4 of 19", "4 of 20"), "stratum b: kept 4 of 19, drawn again 4 of 20"),
        (Difference("not-invited", "a1"), "contact a1 (stratum a) was drawn and has no invitation"),
    ],
)
def test_each_difference_is_said_in_one_line(one, words):
    assert difference_words(one, {"a1": "a"}) == words


def test_an_invitation_moved_to_another_stratum_is_named():
    honest = kept()
    one = min(honest.drawn)
    assert named(replace(honest, invited={**honest.invited, one: "b"})) == [("invited-elsewhere", one)]


def test_two_contacts_whose_ids_share_a_print_are_not_taken_for_one_another():
    alike = "4e95fd5dc205", "fd307daabe30"
    assert zlib.crc32(alike[0].encode()) == zlib.crc32(alike[1].encode())
    before = [OwnLine(one, "", ELIGIBLE, None, "2026-12-01T00:00:00.000000Z", 0.5, 0) for one in alike]
    after = [before[0], before[1]._replace(taken=1)]
    told = changed_lines(fixed_lines(before).fingerprints, zip(lines_of(after), after, strict=True))
    assert [(one.code, one.about) for one in told] == [("frame-changed", alike[1])]
