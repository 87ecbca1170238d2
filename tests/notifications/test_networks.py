"""The weather of the simulated network: each share does what it says, and what comes of it settles by itself."""

from collections import Counter
from datetime import timedelta

import pytest

from foundation.database import db
from foundation.web import clock
from notifications import simulator
from notifications.dispatcher.reconciling import ask_after
from notifications.dispatcher.sending import dispatch
from notifications.dispatcher.sweeping import sweep
from notifications.models import OutboxEvent, OutboxMessage, SimulatedHappening, SimulatedMessage
from notifications.networks import PRESETS, Network, provider_keyword
from notifications.quick_replies import quick_replies
from notifications.simulator import network
from tests.conftest import NOW
from tests.notifications.factories import QUICK, create_message, later, states_of


def told(journey):
    return [one.status for one in sorted(journey.happenings, key=lambda one: one.after) if one.tells]


def test_by_default_a_message_is_sent_after_a_second_and_arrives_after_two():
    journey = Network().journey(1)
    assert [(one.status, one.after.total_seconds()) for one in journey.happenings if not one.tells] == [
        ("sent", 1), ("delivered", 2),
    ]  # fmt: skip
    assert told(journey) == ["sent", "delivered"] and not journey.answer_lost


def test_the_same_seed_gives_the_same_journeys_and_another_seed_others():
    first, again, other = (Network(seed=seed, slowest=60, failures={"30003": 50}) for seed in ("a", "a", "b"))
    journeys = [[weather.journey(number) for number in range(20)] for weather in (first, again, other)]
    assert journeys[0] == journeys[1] != journeys[2]


def test_each_share_is_met_among_many_messages():
    weather = Network(failures={"30003": 20, "30005": 10}, out_of_order=30, repeated=25, missing=15, lost_answers=5,
                      seed="shares")  # fmt: skip
    journeys = [weather.journey(number) for number in range(4000)]
    ends = Counter(next(one.code for one in j.happenings if not one.tells and one.status != "sent") for j in journeys)
    heard = [told(journey) for journey in journeys]
    spoken = [statuses for statuses in heard if statuses]
    shares = {
        "30003": ends["30003"] / 4000,
        "30005": ends["30005"] / 4000,
        "missing": 1 - len(spoken) / 4000,
        "out of order": sum(statuses[0] != "sent" for statuses in spoken) / len(spoken),
        "repeated": sum(len(statuses) == 6 for statuses in spoken) / len(spoken),
        "lost": sum(journey.answer_lost for journey in journeys) / 4000,
    }
    wanted = {"30003": 0.2, "30005": 0.1, "missing": 0.15, "out of order": 0.3, "repeated": 0.25, "lost": 0.05}
    assert {name: abs(share - wanted[name]) < 0.02 for name, share in shares.items()} == dict.fromkeys(wanted, True)


def test_changing_one_share_changes_nothing_else():
    rough = [Network(seed="x", slowest=9, repeated=50).journey(number) for number in range(50)]
    rougher = [Network(seed="x", slowest=9, repeated=50, lost_answers=90).journey(number) for number in range(50)]
    assert [journey.happenings for journey in rough] == [journey.happenings for journey in rougher]


@pytest.mark.parametrize(
    "said, heard", [("stop", "STOP"), (" UNSUBSCRIBE ", "STOP"), ("start", "START"), ("ARRET", None), ("stop it", None)]
)
def test_a_provider_heeds_english_words_alone_and_whole(said, heard):
    assert provider_keyword(said) == heard


@pytest.mark.parametrize(
    "asked, answers",
    [
        ("De 1 à 5, êtes-vous satisfait ?", ["1", "2", "3", "4", "5"]),
        ("De 1 (pas du tout) à 5 (tout à fait), répondez par un chiffre.", ["1", "2", "3", "4", "5"]),
        ("Répondez OUI ou NON.", ["OUI", "NON"]),
        ("Reply YES or NO.", ["YES", "NO"]),
        ("Répondez par un chiffre : 1 facture, 2 panne, 3 autre.", ["1", "2", "3"]),
        ("Répondez avec vos mots, ou 0 pour passer.", []),
        ("Ouvert du 3 à 18 h.", []),
        ("Votre dossier R-2026-000123-7 est clos.", []),
    ],
)
def test_the_answers_offered_are_those_asked_for(asked, answers):
    assert list(quick_replies(asked)) == answers


def let_it_blow(weather, refused_seconds=0):
    network.set_weather(weather, refused_seconds, clock.utc_now())
    db.session.commit()


def run(app, seconds):
    """Let the worker do its rounds for so long, one every five seconds."""
    post = app.extensions["notifications"]
    for _round in range(seconds // 5):
        now = later(seconds=5)
        dispatch(post, QUICK)
        simulator.give_receipts(now)
        sweep(post, now, QUICK)


def test_a_refusal_with_retry_after_is_waited_out_and_nothing_is_lost(app):
    let_it_blow(Network(), refused_seconds=40)
    message = create_message()
    post = app.extensions["notifications"]
    dispatch(post, QUICK)
    assert (message.state, message.last_error) == ("queued", "20429")
    assert timedelta(seconds=38) < message.not_before - NOW <= timedelta(seconds=42)
    run(app, 60)
    assert message.state == "delivered"


def test_a_lost_answer_puts_the_message_in_doubt_and_looking_it_up_settles_it(app):
    let_it_blow(Network(quickest=300, slowest=300, lost_answers=100))
    message = create_message()
    run(app, 60)
    assert states_of(message)[:4] == ["queued", "claimed", "in_doubt", "accepted"]
    run(app, 700)
    assert message.state == "delivered"
    assert db.session.scalar(db.select(db.func.count(SimulatedMessage.id))) == 1


def test_receipts_that_never_come_are_asked_for(app):
    let_it_blow(Network(missing=100))
    message = create_message()
    run(app, 20)
    assert message.state == "accepted"
    ask_after(app.extensions["notifications"], later(minutes=16), QUICK)
    assert message.state == "delivered"


def test_receipts_out_of_order_and_thrice_leave_one_end(app):
    let_it_blow(Network(quickest=5, slowest=5, out_of_order=100, repeated=100))
    message = create_message()
    run(app, 60)
    assert message.state == "delivered"
    stored = list(
        db.session.scalars(db.select(OutboxEvent.state).filter_by(source="provider").order_by(OutboxEvent.id))
    )
    assert stored == ["delivered", "sent"], "each once, the later one first"


def test_after_a_bad_day_every_message_has_the_end_the_provider_knows_and_went_out_once(app):
    weather, refused = PRESETS["bad"]
    let_it_blow(Network(**(weather.values() | {"seed": "storm"})), refused)
    for number in range(40):
        create_message(recipient=f"+3363998{number:04}5", body=f"message {number}")
    run(app, 400)
    ask_after(app.extensions["notifications"], later(minutes=16), QUICK)
    ask_after(app.extensions["notifications"], later(minutes=61), QUICK)
    ours = {row.public_id: row.state for row in db.session.scalars(db.select(OutboxMessage).filter_by(resend=0))}
    theirs = Counter(db.session.scalars(db.select(SimulatedMessage.reference)))
    assert max(theirs.values()) == 1 and theirs.keys() == ours.keys()
    assert {row.reference: row.status for row in db.session.scalars(db.select(SimulatedMessage))} == ours
    assert "undelivered" in ours.values()
    assert db.session.scalar(db.select(db.func.count(SimulatedHappening.id))) == 0
