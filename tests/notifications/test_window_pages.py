"""The page of hours: shown, tried, saved, chosen, refused."""

import re

import pytest

from contacts.models import Principal
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from notifications.queries import windows
from tests.conftest import NOW

HOURS = {"name": "", "whose": "0", "opens": "09:00", "closes": "18:30", "days": ["0", "2"], "version": "0"}
USUAL = "/notifications/windows/0/usual"


@pytest.fixture(autouse=True)
def principal(app):
    db.session.add(Principal(key="edr", name="Énergie du Rhône", brand="EDR", created_at=NOW))
    db.session.commit()


def hidden(page):
    """The count of changes that a form carries."""
    return re.search(r'name="version"[^>]* value="(\d+)"', page.text)[1]


@pytest.fixture
def quality(sign_in):
    return sign_in("quality")


def test_the_page_says_what_the_hours_mean_from_cayenne_to_mamoudzou(quality):
    page = quality.get("/notifications/windows").text
    for words in ("Horaires habituels", "08:00 – 20:00", "Strasbourg", "Cayenne", "Mamoudzou", "Saint-Denis"):
        assert words in page


def test_hours_are_shown_before_they_are_saved(quality, submit):
    shown = submit(USUAL, client=quality, act="show", **HOURS)
    words = shown.text.replace("\xa0", " ").replace("\u202f", " ")
    assert shown.status_code == 200 and "28 déc. 2026, 9 h 00" in words  # the Monday after a Christmas on Friday
    assert windows.window("usual").version == 0
    assert submit(USUAL, client=quality, act="save", **HOURS).status_code == 302
    kept = windows.window("usual").window.document()
    assert kept == {"from": "09:00", "to": "18:30", "days": [0, 2], "holidays": False}
    assert "09:00 – 18:30" in quality.get("/notifications/windows").text


@pytest.mark.parametrize(
    "change, words",
    [
        ({"days": []}, "ne serait jamais ouverte"),
        ({"closes": "09:00"}, "ne serait jamais ouverte"),
        ({"closes": "late"}, "20:00"),
        ({"closes": "20:00+01:00"}, "20:00"),
        ({"opens": ""}, 'id="opens-error"'),
        ({"whose": "7"}, 'id="whose-error"'),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_words(quality, submit, change, words):
    answer = submit(USUAL, client=quality, act="save", **(HOURS | change))
    assert answer.status_code == 400
    assert words in answer.text
    assert windows.window("usual").version == 0


def test_of_two_who_change_the_hours_the_second_keeps_what_was_typed(quality, submit):
    submit(USUAL, client=quality, act="save", **HOURS)
    second = submit(USUAL, client=quality, act="save", **(HOURS | {"closes": "17:15"}))
    assert second.status_code == 409
    assert "17:15" in second.text and "09:00 – 18:30" in second.text
    again = submit(USUAL, client=quality, act="save", **(HOURS | {"closes": "17:15", "version": hidden(second)}))
    assert again.status_code == 302 and windows.window("usual").window.document()["to"] == "17:15"


def test_a_new_window_has_a_name(quality, submit):
    nameless = submit("/notifications/windows/new", client=quality, act="save", **(HOURS | {"name": " "}))
    assert nameless.status_code == 400 and "Donnez un nom" in nameless.text
    assert len(windows.windows(EVERYTHING)) == 2


def test_who_chooses_reads_what_holds_without_a_choice(quality, submit):
    assert "Par défaut (Horaires larges)" in quality.get("/notifications/windows/0").text
    submit("/notifications/windows/0", client=quality, reply="any", version="0")
    assert "Comme la maison (À toute heure)" in quality.get("/notifications/windows/1").text


def test_a_principal_gets_a_window_of_its_own(quality, submit):
    submit("/notifications/windows/new", client=quality, act="save", **(HOURS | {"name": "Soirées", "whose": "1"}))
    submit("/notifications/windows/1/usual", client=quality, act="save", **(HOURS | {"whose": "1", "closes": "24:00"}))
    assert windows.window("usual", 1).window.document()["to"] == "24:00"
    assert windows.window("usual").version == 0
    assert "Soirées" in quality.get("/notifications/windows").text


def test_which_messages_wait_is_chosen_and_left_to_the_house(quality, submit):
    page = "/notifications/windows/1"
    chosen = {"acknowledgement": "usual", "decision": "any", "reply": "", "survey": "", "version": "0"}
    assert submit(page, client=quality, **chosen).status_code == 302
    assert windows.window_for(1, "acknowledgement", "sms")["key"] == "usual"
    assert windows.window_for(1, "decision", "sms") is None
    assert windows.chosen_by(1) == {"acknowledgement", "decision"}
    assert "Énergie du Rhône" in quality.get("/notifications/windows").text


def test_of_two_who_choose_the_windows_the_second_sees_both_choices(quality, submit):
    page = "/notifications/windows/1"
    assert hidden(quality.get(page)) == "0"
    submit(page, client=quality, acknowledgement="usual", acknowledgement_emails="y", decision="any", version="0")
    second = submit(page, client=quality, acknowledgement="wide", version="0")
    assert second.status_code == 409
    words = second.text.split('role="alert"')[1].split("</div>")[0]
    assert "Horaires habituels (les courriels attendent aussi)" in words and "À toute heure" in words
    assert '<option selected value="wide">' in second.text
    assert windows.choices(1)["acknowledgement"].key == "usual"
    assert submit(page, client=quality, acknowledgement="wide", decision="", version=hidden(second)).status_code == 302
    assert windows.choices(1)["acknowledgement"].key == "wide" and windows.chosen_by(1) == {"acknowledgement"}


def test_who_sees_one_principal_changes_its_hours_and_not_those_of_the_house(sign_in, submit):
    mine = sign_in("quality", principal_ids=[1])
    assert mine.get("/notifications/windows").status_code == 200
    assert mine.get(USUAL).status_code == mine.get("/notifications/windows/0").status_code == 404
    assert mine.get("/notifications/windows/2/usual").status_code == 404
    taken = submit("/notifications/windows/1/usual", client=mine, act="save", **(HOURS | {"whose": "1"}))
    assert taken.status_code == 302
    refused = submit("/notifications/windows/new", client=mine, act="save", **(HOURS | {"whose": "0", "name": "x"}))
    assert refused.status_code == 400


def test_a_manager_reads_the_hours_and_does_not_change_them(sign_in):
    manager = sign_in("manager")
    page = manager.get("/notifications/windows").text
    assert "08:00 – 22:00" in page and "/windows/new" not in page
    assert manager.get(USUAL).status_code == 403
