import hashlib
from dataclasses import replace

from surveys.allocation import Plan
from surveys.frames import ELIGIBLE, FrameEntry, frame_hash
from surveys.sampling import StratumSize, Unit, commitment, sample
from surveys.verification import KeptDraw, differences

SEED = hashlib.sha256(b"7").digest()
PLAN = Plan("proportional", size=9)
ENTRIES = [
    *(FrameEntry(f"a{i}", "a", ELIGIBLE, i // 2 if i < 10 else None) for i in range(30)),
    *(FrameEntry(f"b{i}", "b", ELIGIBLE) for i in range(20)),
    FrameEntry("c1", "a", "suppressed:opted-out"),
]


def kept() -> KeptDraw:
    units = [Unit(entry.public_id, entry.stratum, entry.cluster) for entry in ENTRIES if entry.standing == ELIGIBLE]
    result = sample(SEED, units, PLAN)
    return KeptDraw(
        ENTRIES, PLAN, SEED, commitment(SEED), frame_hash(ENTRIES), result.strata, result.drawn, result.set_aside
    )


def codes(draw: KeptDraw) -> list[str]:
    return [difference.code for difference in differences(draw)]


def test_an_honest_draw_is_found_identical():
    assert codes(kept()) == []


def test_another_seed_is_noticed():
    assert codes(replace(kept(), seed=hashlib.sha256(b"8").digest()))[0] == "seed"


def test_a_unit_swapped_for_another_is_named():
    draw = kept()
    out = min(draw.drawn)
    put_in = min({entry.public_id for entry in ENTRIES} - draw.drawn - draw.set_aside - {"c1"})
    found = differences(replace(draw, drawn=draw.drawn - {out} | {put_in}))
    assert [(one.code, one.kept, one.found) for one in found] == [("drawn", [put_in], [out])]


def test_a_contact_excluded_after_the_draw_is_noticed():
    changed = [
        entry._replace(standing="suppressed:no-address") if entry.public_id == "b3" else entry for entry in ENTRIES
    ]
    assert "frame" in codes(replace(kept(), entries=changed))


def test_a_contact_that_vanished_is_noticed():
    assert "frame" in codes(replace(kept(), entries=ENTRIES[1:]))


def test_a_false_probability_is_noticed():
    draw = kept()
    assert codes(replace(draw, strata={**draw.strata, "b": StratumSize(4, 19)})) == ["strata"]
