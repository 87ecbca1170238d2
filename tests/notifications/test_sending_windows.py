"""Windows that can be changed: whose counts, what a programme keeps, and what each means where."""

import json
from datetime import UTC, datetime, time

import pytest

from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Entry
from notifications.errors import NotificationRefused
from notifications.hours import BUILT_IN, Choice
from notifications.queries import windows
from notifications.services.windows import choose_windows, save_window
from notifications.windows import Window
from tests.conftest import NOW
from tests.notifications.factories import create_message

SHORT = Window(time(9), time(12), frozenset({0, 1}))


def save(key="usual", principal_id=0, name="", shown=SHORT, version=0):
    return save_window(key, principal_id, name, shown, version, NOW, actor_id=1)


def test_an_installation_begins_with_two_windows(app):
    assert {one.key: one.window for one in windows.windows(EVERYTHING)} == BUILT_IN


def test_a_principal_s_own_hours_come_before_those_of_the_house(app):
    save(principal_id=0)
    save(principal_id=4, shown=Window(time(10), time(11)))
    assert windows.window("usual", 4).window == Window(time(10), time(11))
    assert windows.window("usual", 5).window == windows.window("usual").window == SHORT
    assert windows.window("no-such") is None


def test_who_sees_one_principal_sees_its_windows_and_those_of_the_house(app):
    save(principal_id=4, key=None, name="Été à l'île")
    save(principal_id=5, key=None, name="Other")
    mine = Scope(principal_ids=frozenset({4}))
    assert [one.name for one in windows.windows(mine)] == ["", "", "Été à l'île"]
    assert windows.windows(mine)[2].key.startswith("ete-a-l-ile-")


def test_a_window_without_an_open_day_is_refused(app):
    with pytest.raises(NotificationRefused, match="window-never-open"):
        save(shown=Window(weekdays=frozenset()))


def test_of_two_who_change_a_window_the_second_is_told(app):
    save(version=0)
    with pytest.raises(NotificationRefused, match="version"):
        save(version=0, shown=Window())
    assert windows.window("usual").window == SHORT
    assert save(version=1, shown=Window()).version == 2


@pytest.mark.parametrize(
    "purpose, channel, expected",
    [
        ("survey", "sms", "usual"),
        ("survey", "email", "usual"),
        ("decision", "sms", "wide"),
        ("reply", "sms", "wide"),
        ("decision", "email", None),  # an e-mail wakes nobody
        ("acknowledgement", "sms", None),  # it answers somebody who has just written
        ("account", "email", None),
    ],
)
def test_without_a_choice_each_purpose_has_hours_that_suit_it(app, purpose, channel, expected):
    found = windows.window_for(4, purpose, channel)
    assert (found and found["key"]) == expected


def choose(principal_id, purpose, choice):
    choose_windows(principal_id, {purpose: choice}, windows.choices_version(principal_id), NOW, 1)


def test_a_choice_is_the_principal_s_then_the_house_s_and_can_be_taken_back(app):
    choose(0, "acknowledgement", Choice("usual", True))
    for _again in range(2):
        choose(4, "acknowledgement", Choice("any", False))
    assert windows.window_for(4, "acknowledgement", "sms") is None
    assert windows.window_for(5, "acknowledgement", "email")["key"] == "usual"
    choose(4, "acknowledgement", None)
    choose(4, "acknowledgement", None)
    assert windows.window_for(4, "acknowledgement", "sms")["key"] == "usual"
    kept = db.session.scalars(db.select(Entry).filter_by(kind="sending_window.chosen").order_by(Entry.id)).all()
    facts = [json.loads(one.facts) for one in kept]
    assert [(one["principal_id"], one["key"]) for one in facts] == [(None, "usual"), (4, "any"), (4, None)]
    with pytest.raises(NotificationRefused, match="unknown-window"):
        choose(4, "reply", Choice("no-such", True))
    with pytest.raises(NotificationRefused, match="unknown-purpose"):
        choose(4, "account", Choice("usual", True))


def test_a_programme_follows_its_window_when_that_is_changed_and_else_keeps_its_hours(app):
    kept = windows.window("usual").document
    save()
    assert windows.current(kept, 4) == {"key": "usual", **SHORT.document()}
    without_key = Window().document()
    assert windows.current(without_key, 4) == without_key
    assert windows.current({"key": "gone", **without_key}, 4) == {"key": "gone", **without_key}
    assert windows.current(None, 4) is None


def test_what_a_window_means_is_shown_for_each_place_with_its_own_holidays(app):
    now = datetime(2026, 12, 1, 5, tzinfo=UTC)  # 06:00 in Paris, 09:00 in Réunion
    shown = {one.place.name: one for one in windows.moments(Window(), now)}
    assert shown["Paris"].now == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert shown["Saint-Denis"].now == now
    assert shown["Cayenne"].now == datetime(2026, 12, 1, 11, tzinfo=UTC)
    # 25 December is a Friday: the Saturday after it is a holiday in Alsace only.
    assert shown["Paris"].after_holiday == datetime(2026, 12, 26, 7, tzinfo=UTC)
    assert shown["Strasbourg"].after_holiday == datetime(2026, 12, 28, 7, tzinfo=UTC)
    assert shown["Saint-Denis"].holiday.date() != shown["Paris"].holiday.date()  # the abolition of slavery, 20 December


def test_a_message_whose_window_opens_after_it_expires_says_so_at_once(app):
    evening = datetime(2026, 11, 24, 20, tzinfo=UTC)  # 21:00 in Paris
    late = create_message(now=evening, window=Window(), expires_at=datetime(2026, 11, 25, 7, tzinfo=UTC))
    assert (late.state, late.last_error) == ("expired", "window-after-expiry")
    assert (
        create_message(now=evening, window=Window(), expires_at=datetime(2026, 11, 25, 8, tzinfo=UTC)).state == "queued"
    )
    assert create_message(now=evening, expires_at=datetime(2026, 11, 25, 7, tzinfo=UTC)).state == "queued"
