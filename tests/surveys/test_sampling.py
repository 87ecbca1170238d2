import hashlib
import hmac
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.allocation import Plan
from surveys.refusals import SurveyRefused
from surveys.sampling import StratumSize, Unit, commitment, one_of_each, sample

SEED = hashlib.sha256(b"1").digest()
EVERYONE = Plan("everyone")


def units(*sizes: int) -> list[Unit]:
    """Units a0 a1 … in stratum a, b0 … in b, as many as ``sizes`` says."""
    return [Unit(f"{name}{i}", name) for name, size in zip("abcdefgh", sizes, strict=False) for i in range(size)]


def test_a_stranger_draws_the_same_with_eight_lines():
    frame = units(40, 25)
    drawn = sample(SEED, frame, Plan("proportional", size=13)).drawn
    expected = set()
    for stratum, n in (("a", 8), ("b", 5)):
        ids = [unit.public_id for unit in frame if unit.stratum == stratum]
        ids.sort(key=lambda public_id: hmac.new(SEED, public_id.encode(), hashlib.sha256).digest())
        expected |= set(ids[:n])
    assert drawn == expected


@pytest.mark.parametrize("length", [32, 63, 64, 65, 200])
def test_a_seed_of_any_length_ranks_and_keeps_by_hmac(length):
    seed, one = bytes(range(length)), [Unit(f"c{i}", "a", 1) for i in range(9)]
    ranked = sorted(units(30), key=lambda unit: hmac.digest(seed, unit.public_id.encode(), "sha256"))
    kept = min(one, key=lambda unit: hmac.digest(seed, b"one-of:" + unit.public_id.encode(), "sha256"))
    assert sample(seed, units(30), Plan("proportional", size=7)).drawn == {unit.public_id for unit in ranked[:7]}
    assert one_of_each(seed, one)[0] == [kept]


def test_the_draw_of_a_known_seed_never_changes():
    drawn = sample(SEED, units(10), Plan("proportional", size=3)).drawn
    assert sorted(drawn) == ["a2", "a6", "a8"]
    assert commitment(SEED) == hashlib.sha256(SEED).hexdigest()


@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_the_order_of_the_rows_has_no_influence(shuffle, size):
    frame = [*units(20, 9, 3), *(Unit(f"x{i}", "a", cluster=i // 3) for i in range(12))]
    shuffled = list(frame)
    shuffle.shuffle(shuffled)
    plan = Plan("proportional", size=size)
    assert sample(SEED, shuffled, plan) == sample(SEED, frame, plan)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.data())
def test_strata_give_what_is_asked_and_the_sizes_are_kept(held, data):
    frame = units(*held)
    size = data.draw(st.integers(1, len(frame)))
    result = sample(SEED, frame, Plan("proportional", size=size))
    by_stratum = Counter(public_id[0] for public_id in result.drawn)
    assert len(result.drawn) == size
    assert result.strata == {name: StratumSize(by_stratum[name], n) for name, n in zip("abcdef", held, strict=False)}


def test_a_unit_keeps_its_number_when_others_leave_the_frame():
    """Permanent random numbers: whoever was drawn and stays is drawn again when others go."""
    plan = Plan("fixed", fixed={"a": 10})
    before = sample(SEED, units(100), plan).drawn
    gone = {unit for unit in units(100) if unit.public_id not in before and unit.public_id.endswith("7")}
    assert sample(SEED, [unit for unit in units(100) if unit not in gone], plan).drawn == before


def test_one_contact_of_each_customer_takes_part():
    frame = [Unit("a1", "a", 1), Unit("a2", "a", 1), Unit("b1", "b", 1), Unit("a3", "a"), Unit("b2", "b", 2)]
    result = sample(SEED, frame, EVERYONE)
    assert {"a3", "b2"} <= result.drawn
    assert len(result.drawn & {"a1", "a2", "b1"}) == 1
    assert result.drawn | result.set_aside == {unit.public_id for unit in frame}
    assert sum(size.eligible for size in result.strata.values()) == 3


def test_who_calls_often_is_drawn_as_often_as_who_calls_once():
    """500 customers call once and 100 call five times; a fifth is drawn, with each of 400 seeds.

    The standard error of the mean share is under 0.2 points; ranking by the number that chose the contact
    would draw the frequent callers about three times as often.
    """
    once = [Unit(f"o{i}", "a") for i in range(500)]
    often = [Unit(f"f{i}", "a", cluster=i // 5) for i in range(500)]
    drawn = Counter(
        public_id[0]
        for k in range(1, 401)
        for public_id in sample(
            hashlib.sha256(str(k).encode()).digest(), once + often, Plan("fixed", fixed={"a": 120})
        ).drawn
    )
    assert drawn["o"] / (400 * 500) == pytest.approx(0.2, abs=0.005)
    assert drawn["f"] / (400 * 100) == pytest.approx(0.2, abs=0.01)


def test_each_contact_of_a_customer_is_kept_equally_often():
    kept = Counter(
        one_of_each(hashlib.sha256(str(k).encode()).digest(), [Unit(f"c{i}", "a", 1) for i in range(4)])[0][0].public_id
        for k in range(1, 2001)
    )
    assert all(count == pytest.approx(500, abs=80) for count in kept.values())  # four standard errors


def test_a_public_id_given_twice_is_a_mistake():
    with pytest.raises(ValueError, match="twice"):
        sample(SEED, [Unit("a", "x"), Unit("a", "y")], EVERYONE)


def test_a_short_seed_is_a_mistake():
    with pytest.raises(ValueError, match="32 bytes"):
        sample(SEED[:31], units(3), EVERYONE)


def test_more_than_the_frame_is_refused_with_the_numbers():
    with pytest.raises(SurveyRefused) as refusal:
        sample(SEED, units(10, 10), Plan("proportional", size=21))
    assert refusal.value.code == "larger-than-frame"
    assert refusal.value.facts == {"requested": 21, "available": 20}
