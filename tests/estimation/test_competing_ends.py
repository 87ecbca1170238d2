"""Delayed entry, curves read on a day, and ends that compete: against R and against each other."""

import math

import pytest
from hypothesis import strategies as st

from estimation import InvalidInput, NoAnswers, competing_ends, incidence_at, kaplan_meier, shown_until, still_open_at
from tests.estimation.profiles import given

ENTRIES = [0, 0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8]
TIMES = [3, 5, 4, 6, 9, 3, 10, 7, 12, 9, 14, 12]
EVENTS = [day == "1" for day in "101110110110"]
DAYS = [1, 2, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12, 12]
ENDS = [{"a": "answer", "w": "withdrawn", "j": "joined", "-": None}[end] for end in "aaw-aja-waa-wa-a"]


def test_delayed_entry_agrees_with_r():
    """R 4.2.2, survival 3.5-3: survfit(Surv(entry - 0.5, time, event) ~ 1, conf.type = "log-log")."""
    curve = kaplan_meier(TIMES, EVENTS, entries=ENTRIES)
    assert [(one.time, one.n_at_risk, one.n_events) for one in curve.points] == [
        *((3, 6, 1), (4, 5, 1), (6, 6, 1), (7, 6, 1), (9, 6, 2), (10, 4, 1), (14, 1, 1))
    ]
    expected = [
        (0.833333333333, 0.152145154863, 0.2731228499284, 0.974712426691),
        (0.666666666667, 0.192450089730, 0.1946166368062, 0.904434164323),
        (0.555555555556, 0.189758347518, 0.1594651266112, 0.828462026889),
        (0.462962962963, 0.179304784547, 0.1269914012397, 0.750219685680),
        (0.308641975309, 0.149088238130, 0.0720545775502, 0.591319571254),
        (0.231481481481, 0.130261905989, 0.0446295234390, 0.502276942343),
    ]
    got = [(one.survival, one.std_error, *one.log_log) for one in curve.points[:-1]]
    for line, wanted in zip(got, expected, strict=True):
        assert line == pytest.approx(wanted, abs=1e-11)
    assert (curve.median, curve.median_lower, curve.median_upper) == (7, 3, None)


def test_a_curve_read_on_a_day_agrees_with_r():
    """R: summary(survfit, times = c(5, 8.5, 11))."""
    curve = kaplan_meier(TIMES, EVENTS, entries=ENTRIES)
    read = [still_open_at(curve, day, TIMES, ENTRIES) for day in (5, 8.5, 11)]
    assert [one.n_at_risk for one in read] == [6, 6, 3]
    assert [one.estimate for one in read] == pytest.approx([0.666666666667, 0.462962962963, 0.231481481481])
    assert [one.log_log.lower for one in read] == pytest.approx([0.194616636806, 0.126991401240, 0.044629523439])
    assert read[0].closed == pytest.approx(1 / 3)
    assert still_open_at(curve, 6, TIMES, ENTRIES).estimate == pytest.approx(0.555555555556)
    assert read[0].closed_log_log == pytest.approx((1 - 0.904434164323, 1 - 0.194616636806))


def test_before_the_first_and_after_the_last_day():
    times, events = [4, 6, 9], [True, False, False]
    curve = kaplan_meier(times, events)
    before, after = still_open_at(curve, 3, times), still_open_at(curve, 10, times)
    assert (before.estimate, before.log_log, before.n_at_risk) == (1.0, None, 3)
    assert (after.estimate, after.closed, after.closed_log_log) == (None, None, None)
    ended = kaplan_meier([4], [True])
    assert still_open_at(ended, 99, [4]).estimate == 0
    with pytest.raises(InvalidInput):
        still_open_at(curve, -1, times)


def test_a_curve_stops_where_few_are_left():
    times = [*range(1, 21)]
    assert shown_until(times, [True] * 20) == 11
    assert shown_until(times, [True] * 20, least=21) is None


def test_competing_ends_agree_with_r():
    """R 4.2.2, survival 3.5-3: survfit(Surv(time, factor(end)) ~ 1), states and their std.err."""
    ends = competing_ends(DAYS, ENDS)
    assert ends.days == (1, 2, 4, 5, 7, 8, 10, 11, 12)
    assert (ends.n, ends.n_censored) == (16, 4)
    assert ends.still_open[2::3] == pytest.approx((0.677083333333, 0.380859375, 0.095214843750))
    answered, withdrawn, joined = (ends.curves[name] for name in ("answer", "withdrawn", "joined"))
    assert [one.incidence for one in answered[2::3]] == pytest.approx([0.192708333333, 0.412760416667, 0.603190104167])
    assert [one.std_error for one in answered] == pytest.approx(
        [
            *(0.0605153647845, 0.0826797284708, 0.1002322290824, 0.1123620714404, 0.1238352944088),
            *(0.1307069176075, 0.1307069176075, 0.1388503266154, 0.1380820388559),
        ]
    )
    assert [one.std_error for one in withdrawn[1:8:3]] == pytest.approx(
        [0.0605153647845, 0.0915901616206, 0.1196067945325]
    )
    assert (joined[-1].incidence, joined[-1].std_error) == pytest.approx((0.0677083333333, 0.0653337964238))
    assert joined[0].log_log is None
    assert incidence_at(answered, 6).time == 5
    assert incidence_at(answered, 0.5) is None


def test_what_cannot_be_read_is_refused():
    with pytest.raises(NoAnswers):
        competing_ends([], [])
    with pytest.raises(InvalidInput):
        competing_ends([3], ["answer"], entries=[4])
    with pytest.raises(InvalidInput):
        kaplan_meier([3, 4], [True, True], entries=[1])
    with pytest.raises(InvalidInput):
        incidence_at((), math.nan)


SPELLS = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(["answer", "withdrawn", None]), st.integers(0, 30)),
    min_size=1,
    max_size=40,
)


def spelled(spells):
    """Times, ends and days of entry, none of them after its time."""
    return [t for t, _, _ in spells], [end for _, end, _ in spells], [min(e, t) for t, _, e in spells]


@given(SPELLS)
def test_with_one_end_it_is_kaplan_and_meier(spells):
    times, ends, entries = spelled([(t, end and "answer", e) for t, end, e in spells])
    curve = kaplan_meier(times, [end is not None for end in ends], entries=entries)
    [points] = competing_ends(times, ends, entries=entries).curves.values() or [()]
    for point, plain in zip(points, curve.points, strict=True):
        assert point.incidence == pytest.approx(1 - plain.survival)
        assert plain.std_error is None or point.std_error == pytest.approx(plain.std_error, abs=1e-7)


@given(SPELLS)
def test_all_ends_and_what_is_open_make_the_whole(spells):
    times, ends, entries = spelled(spells)
    found = competing_ends(times, ends, entries=entries)
    for place, left in enumerate(found.still_open):
        assert left + sum(curve[place].incidence for curve in found.curves.values()) == pytest.approx(1)


@given(SPELLS)
def test_incidences_rise_within_their_limits(spells):
    times, ends, _ = spelled(spells)
    for curve in competing_ends(times, ends).curves.values():
        values = [one.incidence for one in curve]
        assert values == sorted(values)
        for one in curve:
            assert one.log_log is None or 0 <= one.log_log.lower <= one.incidence <= one.log_log.upper <= 1


@given(SPELLS, st.randoms())
def test_the_order_of_spells_does_not_matter(spells, random):
    shuffled = random.sample(spells, len(spells))
    one, other = (competing_ends(*spelled(each)[:2], entries=spelled(each)[2]) for each in (spells, shuffled))
    assert one == other


@given(SPELLS)
def test_whoever_entered_at_once_was_never_late(spells):
    times, ends, _ = spelled(spells)
    events = [end is not None for end in ends]
    assert kaplan_meier(times, events, entries=[0] * len(times)) == kaplan_meier(times, events)


@given(SPELLS)
def test_calling_withdrawal_censored_overstates_the_answers(spells):
    times, ends, _ = spelled(spells)
    found = competing_ends(times, ends).curves.get("answer", ())
    naive = kaplan_meier(times, [end == "answer" for end in ends])
    for one in naive.points:
        assert 1 - one.survival >= incidence_at(found, one.time).incidence - 1e-12
