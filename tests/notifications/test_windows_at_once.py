"""Two people change the hours at the same moment, on PostgreSQL, where both have begun before either has ended."""

import threading

import pytest

from foundation.database import db
from notifications.errors import NotificationRefused
from notifications.hours import Choice
from notifications.models import SendingWindow, WindowChoice
from notifications.queries import windows
from notifications.services.windows import choose_windows, save_window
from notifications.windows import Window
from tests.conftest import NOW

pytestmark = pytest.mark.postgresql


def two_at_once(app, act):
    """Let the first act and wait; begin the second, which must wait for the first to commit; return what came of it."""
    second, said = threading.Event(), []

    def run():
        with app.app_context():
            second.set()
            try:
                act(2)
                db.session.commit()
                said.append("done")
            except NotificationRefused as refusal:
                said.append(refusal.code)

    act(1)
    other = threading.Thread(target=run)
    other.start()
    second.wait()
    other.join(0.3)
    assert said == []
    db.session.commit()
    other.join(10)
    return said


def test_of_two_first_changes_of_a_window_the_second_is_asked_again(pg_app):
    def save(who):
        save_window("usual", 0, "", Window(holidays=who == 1), 0, NOW, who)

    assert two_at_once(pg_app, save) == ["version"]
    assert windows.window("usual").window.holidays
    assert db.session.scalars(db.select(SendingWindow.changed_by)).all() == [1]


def test_of_two_later_changes_of_a_window_the_second_is_asked_again(pg_app):
    save_window("usual", 0, "", Window(holidays=True), 0, NOW, 7)
    db.session.commit()
    assert two_at_once(pg_app, lambda who: save_window("usual", 0, "", Window(), 1, NOW, who)) == ["version"]
    assert windows.window("usual").version == 2


def test_of_two_first_choices_the_second_is_asked_again(pg_app):
    keys = {1: "usual", 2: "wide"}

    def choose(who):
        choose_windows(4, {"reply": Choice(keys[who], False), "decision": None}, 0, NOW, who)

    assert two_at_once(pg_app, choose) == ["version"]
    assert windows.choices(4)["reply"].key == "usual"
    assert db.session.scalars(db.select(WindowChoice.changed_by)).all() == [1]
