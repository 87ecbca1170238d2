"""When an alert is ripe for its reader: their hours, their digests, and an hour between two mails on one subject."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from foundation.accounts.roles import PERMISSIONS, ROLES
from notifications.alerting import (
    APART,
    AT_ONCE,
    BREACHED,
    DAILY,
    DUE_SOON,
    EMERGENCY,
    HOURLY,
    HOWS,
    KINDS,
    NEVER,
    NO_FILE,
    OFFERED,
    STUCK,
    Reader,
    Waiting,
    hows_of,
    ripe,
)

PARIS = ZoneInfo("Europe/Paris")
READER = Reader()


def at(text: str) -> datetime:
    """A moment as the clocks of Paris show it; 23 November 2026 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def told(how: str, raised: str, now: str, kind: str = BREACHED, reader: Reader = READER, last: str = "") -> bool:
    last_told = {"case:1": at(last)} if last else {}
    return bool(ripe([Waiting(1, kind, "case:1", at(raised))], {kind: how}, reader, last_told, at(now)))


@pytest.mark.parametrize(
    "how, raised, now, expected",
    [
        (AT_ONCE, "2026-11-23T09:20", "2026-11-23T09:20", True),
        (AT_ONCE, "2026-11-22T22:00", "2026-11-22T22:00", False),
        (AT_ONCE, "2026-11-22T22:00", "2026-11-23T07:00", True),
        (HOURLY, "2026-11-23T09:20", "2026-11-23T09:59", False),
        (HOURLY, "2026-11-23T09:20", "2026-11-23T10:00", True),
        (HOURLY, "2026-11-23T09:20", "2026-11-23T10:07", True),
        (HOURLY, "2026-11-23T19:20", "2026-11-23T20:00", False),
        (HOURLY, "2026-11-23T19:20", "2026-11-24T07:00", True),
        (DAILY, "2026-11-23T07:30", "2026-11-23T07:59", False),
        (DAILY, "2026-11-23T07:30", "2026-11-23T08:00", True),
        (DAILY, "2026-11-23T08:30", "2026-11-23T19:00", False),
        (DAILY, "2026-11-20T15:00", "2026-11-23T07:30", False),
        (DAILY, "2026-11-20T15:00", "2026-11-23T08:00", True),
        (NEVER, "2026-11-23T09:20", "2026-11-23T10:20", False),
    ],
)
def test_each_way_has_its_moment_and_weekends_and_nights_have_none(how, raised, now, expected):
    assert told(how, raised, now) is expected


def test_a_stuck_dispatcher_is_told_at_night_to_whoever_wants_it_at_once():
    assert told(AT_ONCE, "2026-11-22T03:00", "2026-11-22T03:00", kind=STUCK)
    assert not told(HOURLY, "2026-11-22T03:00", "2026-11-22T04:00", kind=STUCK)


def test_an_emergency_is_told_at_night_and_cannot_be_turned_off():
    assert told(AT_ONCE, "2026-11-22T03:00", "2026-11-22T03:00", kind=EMERGENCY)
    assert hows_of("manager", {EMERGENCY: NEVER, BREACHED: NEVER})[EMERGENCY] == AT_ONCE


def test_whoever_reads_at_weekends_is_told_at_weekends():
    reader = Reader(weekends=True, daily_hour=9)
    assert told(DAILY, "2026-11-21T23:00", "2026-11-22T09:00", reader=reader)


def test_the_hours_are_those_of_the_reader_s_zone():
    reunion = Reader(zone="Indian/Reunion")
    assert told(AT_ONCE, "2026-11-23T04:00", "2026-11-23T04:00", reader=reunion)
    assert not told(AT_ONCE, "2026-11-23T17:00", "2026-11-23T17:00", reader=reunion)


@pytest.mark.parametrize("minutes, expected", [(59, False), (60, True)])
def test_a_subject_rests_for_an_hour(minutes, expected):
    now = (at("2026-11-23T10:00") + timedelta(minutes=minutes)).astimezone(PARIS).replace(tzinfo=None).isoformat()
    assert told(AT_ONCE, "2026-11-23T10:01", now, last="2026-11-23T10:00") is expected


@pytest.mark.parametrize("seed", range(20))
def test_over_random_weeks_no_subject_is_told_twice_within_an_hour_and_nothing_is_lost(seed):
    dice = random.Random(seed)
    reader = Reader(
        zone=dice.choice(["Europe/Paris", "America/Martinique", "Indian/Reunion"]),
        opens=dice.randrange(5, 9), closes=dice.randrange(18, 25), daily_hour=dice.randrange(9, 18),
        weekends=dice.random() < 0.5,
    )  # fmt: skip
    hows = {kind: dice.choice(HOWS[:3]) for kind in KINDS}
    # Across the change of clocks of 25 October.
    start = datetime(2026, 10, 22, tzinfo=UTC)
    raised = [
        Waiting(n, dice.choice(KINDS), f"s{dice.randrange(4)}", start + timedelta(minutes=dice.randrange(8000)))
        for n in range(120)
    ]
    last: dict[str, datetime] = {}
    mails, seen = defaultdict(list), set()
    now = start
    while now < start + timedelta(days=20):
        waiting = [one for one in raised if one.id not in seen and one.raised_at <= now]
        chosen = ripe(waiting, hows, reader, last, now)
        for one in chosen:
            seen.add(one.id)
            mails[one.subject_key].append(now)
            assert (one.kind in (STUCK, EMERGENCY) and hows[one.kind] == AT_ONCE) or reader.is_reading(now)
        last |= {one.subject_key: now for one in chosen}
        now += timedelta(seconds=dice.randrange(30, 3000))
    assert seen == {one.id for one in raised}
    for moments in mails.values():
        distinct = sorted(set(moments))
        assert all(later - earlier >= APART for earlier, later in pairwise(distinct))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_offered_alerts_exactly_when_it_may_open_their_page(role):
    assert (role in OFFERED) == ("notifications.alerts" in PERMISSIONS[role])
    assert set(hows_of(role, {})) == set(OFFERED.get(role, ()))


def test_the_defaults_tell_each_what_is_theirs():
    assert hows_of("handler", {}) == {DUE_SOON: HOURLY, BREACHED: AT_ONCE}
    assert hows_of("admin", {}) == {STUCK: AT_ONCE, "counts_off": HOURLY, NO_FILE: HOURLY}
    quality = {DUE_SOON: NEVER, BREACHED: NEVER, "low_score": DAILY, NO_FILE: AT_ONCE, EMERGENCY: AT_ONCE}
    assert hows_of("quality", {}) == quality
    assert hows_of("principal", {}) == hows_of("auditor", {}) == {}
    assert hows_of("handler", {BREACHED: NEVER})[BREACHED] == NEVER
