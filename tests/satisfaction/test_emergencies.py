"""Words of emergency: found however they are written, put before a person at once and once, and never acted upon."""

from datetime import timedelta

import pytest

from complaints.models import Case, Proposal
from foundation.accounts.models import User
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from foundation.ledger.models import Entry
from notifications.models import Alert
from notifications.queries.alerts import ripe_for
from satisfaction.emergencies import BUILT_IN, LATE, Watch, phrases, settled, written
from satisfaction.engines import emergency_round, on_let_go
from satisfaction.models import Emergency
from satisfaction.queries.emergencies import waiting
from satisfaction.services.emergencies import WordRefused, list_word, strike_word
from surveys.models import AnonymousAnswer, AnswerText
from surveys.models.answers import AnswerEvent
from tests.conftest import NOW, create_user, submit_with
from tests.satisfaction.factories import add_event
from tests.satisfaction.test_comments import belline, secret, write  # noqa: F401

WATCH = Watch(phrases([]))


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("J’ai envie de MOURIR", ("self_harm",)),
        ("Je pense au suicide tous les jours", ("self_harm",)),
        ("Je sais où vous habitez", ("threat",)),
        ("Mon père est à l’hôpital, il ne peut plus respirer", ("health",)),
        ("Ma fille est mineure !", ("minor",)),
        ("Suicide, menace de mort", ("self_harm", "threat")),
        ("Réponse rapide et précise.", ()),
        ("La bombette du mineurat", ()),
    ],
    ids=["capitals", "ending", "accents", "apostrophe", "minor", "two", "none", "inside-a-word"],
)
def test_words_are_found_however_they_are_written(text, kinds):
    assert WATCH.kinds_in(text) == kinds


def test_every_built_in_phrase_is_kept_as_it_is_written_and_finds_itself():
    for kind, known in BUILT_IN.items():
        for phrase in known:
            assert written(phrase) == phrase
            assert kind in WATCH.kinds_in(f"Bonjour, {phrase.removesuffix('*')}.")


@pytest.mark.parametrize(
    "seconds, newest, after",
    [(599, 50, (10, 40, 0)), (600, 50, (40, 50, 600)), (6000, 40, (40, 40, 6000))],
    ids=["too-soon", "moves", "nothing-new"],
)
def test_what_is_read_again_reaches_back_ten_minutes_at_least(seconds, newest, after):
    since = NOW + timedelta(seconds=seconds)
    floor, top, moment = settled(10, 40, NOW, newest, since)
    assert (floor, top, (moment - NOW).total_seconds()) == after


def mails_for(role, now, **scope):
    user = db.session.get_one(User, create_user(role, **scope).id)
    user.created_at = NOW - timedelta(days=30)
    db.session.commit()
    return [alert for alert in ripe_for(user, now) if alert.kind == "emergency"]


def test_an_emergency_is_told_at_any_hour_and_once(belline):  # noqa: F811
    night = NOW.replace(hour=2)
    emergency_round(night)
    event = write(belline.first, "Je n’en peux plus, j’ai envie de mourir.", question="more")
    recent = db.update(AnswerEvent).where(AnswerEvent.id == event.id).values(at=night)
    db.session.execute(recent, execution_options={"synchronize_session": False})
    for seconds in (5, 10, 15):
        emergency_round(night + timedelta(seconds=seconds))
    (row,) = db.session.scalars(db.select(Emergency))
    assert row.comment == f"event:{event.id}" and row.kinds == ["self_harm"]
    assert db.session.scalar(db.select(db.func.count()).select_from(Alert).filter_by(kind="emergency")) == 1
    (alert,) = mails_for("quality", night + timedelta(seconds=20))
    assert alert.path == f"/satisfaction/comments/event:{event.id}"
    assert "mourir" not in str(alert.text) + str(alert.facts)
    assert mails_for("manager", night, principal_ids=[belline.id + 1]) == [] == mails_for("admin", night)


def test_an_answer_stored_late_is_read_all_the_same(belline):  # noqa: F811
    """Its id is below one that was read already: its transaction took its time."""
    emergency_round(NOW)
    late = write(belline.first, "rien", question="more")
    write(belline.first, "rien non plus", question="even_more")
    emergency_round(NOW + timedelta(seconds=5))
    db.session.get_one(AnswerText, late.id).text = "C’est une menace de mort."
    db.session.commit()
    emergency_round(NOW + LATE)
    emergency_round(NOW + LATE + timedelta(seconds=5))
    assert [row.comment for row in db.session.scalars(db.select(Emergency))] == [f"event:{late.id}"]


def test_nothing_but_an_alert_follows(belline):  # noqa: F811
    emergency_round(NOW)
    before = belline.first.disposition
    write(belline.first, "Je vais venir avec une arme.", question="more")
    emergency_round(NOW + timedelta(seconds=5))
    assert db.session.scalars(db.select(Case)).all() == [] == db.session.scalars(db.select(Proposal)).all()
    assert belline.first.disposition == before


def test_whoever_takes_it_in_hand_ends_the_alert(sign_in, belline):  # noqa: F811
    emergency_round(NOW)
    event = write(belline.first, "Au secours", question="more")
    emergency_round(NOW + timedelta(seconds=5))
    address = f"/satisfaction/comments/event:{event.id}"
    quality = sign_in("quality")
    assert "attend une personne" in " ".join(quality.get("/satisfaction/comments").text.split())
    assert submit_with(sign_in("auditor"), f"{address}/in-hand", page="/accounts/password").status_code in (403, 404)
    assert submit_with(quality, f"{address}/in-hand", page=address).status_code == 302
    db.session.expire_all()
    (row,) = db.session.scalars(db.select(Emergency))
    assert row.taken_at and row.taken_by and waiting(EVERYTHING) == []
    assert db.session.scalars(db.select(Alert).filter_by(kind="emergency")).one().ended_at == row.taken_at
    assert db.session.scalars(db.select(Entry.kind)).all() == ["comment.emergency-taken"]
    assert "attend une personne" not in " ".join(quality.get("/satisfaction/comments").text.split())


def test_words_that_were_no_answer_are_read_too_and_by_whoever_may(sign_in, belline):  # noqa: F811
    """A message left to a person stands in no list of comments; the alert leads to it all the same."""
    emergency_round(NOW)
    add_event(belline.first, None, None, kind="person")
    event = db.session.scalars(db.select(AnswerEvent).filter_by(kind="person")).one()
    db.session.add(AnswerText(answer_event_id=event.id, text="Je vais mourir"))
    db.session.commit()
    emergency_round(NOW + timedelta(seconds=5))
    (row,) = db.session.scalars(db.select(Emergency))
    page = sign_in("quality").get(f"/satisfaction/comments/{row.comment}")
    assert page.status_code == 200 and "Je vais mourir" in page.text
    assert "Je vais mourir" not in sign_in("quality").get("/satisfaction/comments").text


def test_words_that_were_erased_wait_for_nobody(belline):  # noqa: F811
    emergency_round(NOW)
    event = write(belline.first, "Au secours", question="more")
    emergency_round(NOW + timedelta(seconds=5))
    assert len(waiting(EVERYTHING)) == 1
    db.session.delete(db.session.get_one(AnswerText, event.id))
    db.session.commit()
    assert waiting(EVERYTHING) == []


def test_anonymous_words_are_told_when_they_are_let_go(sign_in, secret):  # noqa: F811
    row = db.session.scalars(db.select(AnonymousAnswer).filter_by(stratum="lille")).first()
    row.answers = [["satisfaction", 1, ""], ["comment", None, "J’ai envie de mourir"]]
    db.session.flush()
    on_let_go(row.draw_id, stratum="lille", said=[row.answers], sign=-1)
    assert db.session.scalars(db.select(Emergency)).all() == [], "taken back is not let go"
    on_let_go(row.draw_id, stratum="lille", said=[row.answers], sign=1)
    db.session.commit()
    (found,) = db.session.scalars(db.select(Emergency))
    page = sign_in("quality").get(f"/satisfaction/comments/{found.comment}")
    assert page.status_code == 200 and "envie de mourir" in page.text
    assert (
        sign_in("quality", principal_ids=[secret.id + 1]).get(f"/satisfaction/comments/{found.comment}").status_code
        == 404
    )


def test_the_list_is_edited_with_a_trace_by_whoever_sees_all(sign_in, belline):  # noqa: F811
    address = "/satisfaction/comments/emergency-words"
    quality = sign_in("quality")
    assert submit_with(quality, address, phrase="  Sous MON pont ", kind="health").status_code == 302
    assert "sous mon pont" in quality.get(address).text
    assert Watch(phrases([("sous mon pont", "health", True)])).kinds_in("Je dors sous mon pont") == ("health",)
    refused = submit_with(quality, address, phrase="ab", kind="health")
    assert refused.status_code == 400 and 'value="ab"' in refused.text
    assert submit_with(quality, f"{address}/strike", page=address, phrase="cancer").status_code == 302
    assert Watch(phrases([("cancer", "health", False)])).kinds_in("un cancer") == ()
    assert 'value="cancer"' not in quality.get(address).text
    kinds = db.session.scalars(db.select(Entry.kind).order_by(Entry.id)).all()
    assert kinds == ["emergency-word.listed", "emergency-word.struck"]
    one_site = sign_in("manager", principal_ids=[belline.id])
    assert "form method" not in one_site.get(address).text.replace("sign-out", "").split("<main", 1)[1]


def test_a_phrase_that_cannot_be_listed_is_refused(app):
    for typed, code in (("  ", "empty"), ("*", "empty"), ("ab*", "short")):
        with pytest.raises(WordRefused) as refusal:
            list_word(typed, "threat", 1, NOW)
        assert refusal.value.code == code
    strike_word("not there", 1, NOW)
    assert db.session.scalars(db.select(Entry)).all() == []
