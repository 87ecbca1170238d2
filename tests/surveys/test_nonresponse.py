"""Respondents against the frame: the R-indicator, shares that respect the draw, early and late, nothing of a few."""

import csv
import io
import os
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from contacts.models import Contact
from estimation import InvalidInput, NoAnswers
from estimation.representativeness import ResponseCell, r_indicator
from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from surveys.models import AnswerEvent, Draw, FrameUnit
from surveys.nonresponse import Person, nonresponse
from surveys.queries.nonresponse import draw_halves, draw_nonresponse
from tests.surveys.anonymous_factories import create_anonymous_draw, crowd
from tests.surveys.continuous_factories import arrive, closed, continuous_programme, entry, opened, units_of
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_customer,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)

ROUNDS = 20_000 if os.environ.get("LONG") else 2000


def test_two_halves_of_which_one_responds_twice_as_often():
    """By hand: propensities 0.4 and 0.2 in equal halves, S = 0.1, R = 0.8; of S^2 = 0.01 chance adds 0.000101."""
    found = r_indicator([ResponseCell(5000, 1001, 400), ResponseCell(5000, 1001, 200)])
    p, q = 400 / 1001, 200 / 1001
    spread = ((p - q) / 2) ** 2
    bias = (p * (1 - p) + q * (1 - q)) / 1000 / 4
    assert found.unadjusted == pytest.approx(1 - 2 * spread**0.5)
    assert found.estimate == pytest.approx(1 - 2 * (spread - bias) ** 0.5)
    assert found.estimate == pytest.approx(0.8012, abs=5e-4)
    assert found.lower < found.estimate < found.upper


def test_where_all_respond_alike_it_is_one_and_never_beyond():
    found = r_indicator([ResponseCell(100, 50, 20), ResponseCell(900, 450, 180)])
    assert (found.estimate, found.upper) == (1, 1)
    assert found.lower < 1


def test_nobody_asked_and_cells_that_cannot_be_are_refused():
    with pytest.raises(NoAnswers):
        r_indicator([])
    for cell in (ResponseCell(10, 1, 0), ResponseCell(10, 5, 6)):
        with pytest.raises(InvalidInput):
            r_indicator([cell])


def test_the_adjusted_spread_is_unbiased_and_the_interval_covers():
    rng = np.random.default_rng(11)
    sizes, chances, asked = np.array([5, 3, 1, 1]), np.array([0.35, 0.3, 0.15, 0.45]), np.array([600, 400, 300, 300])
    weights = sizes / sizes.sum()
    spread = float(weights @ (chances - weights @ chances) ** 2)
    found = [
        r_indicator(
            [ResponseCell(int(size) * 1000, int(n), int(r)) for size, n, r in zip(sizes, asked, some, strict=True)]
        )
        for some in rng.binomial(asked, chances, (ROUNDS, 4))
    ]
    truth = 1 - 2 * spread**0.5
    assert np.mean([one.lower <= truth <= one.upper for one in found]) >= 0.94
    squares = np.array([((1 - one.estimate) / 2) ** 2 for one in found])
    plain = np.array([((1 - one.unadjusted) / 2) ** 2 for one in found])
    error = squares.std() / ROUNDS**0.5
    assert abs(squares.mean() - spread) < 3 * error
    assert plain.mean() - spread > 5 * error


def people(groups, stratum="s"):
    """``groups``: value → (frame, asked, responded, weight)."""
    found = []
    for value, (frame, asked, responded, weight) in groups.items():
        for number in range(frame):
            taken = number < asked
            found.append(
                Person(
                    {"channel": value}, stratum, f"{value}{number}", weight if taken else None, number < responded,
                    timedelta(minutes=number), int(number >= 8), float(number % 5 + 1),
                )
            )  # fmt: skip
    return found


def test_a_stratum_drawn_more_often_does_not_look_like_one_that_responds_more():
    """Phone drawn 1 of 10, chat 1 of 2, response 50 % in both: unweighted 83 % of answers would be chat."""
    found = nonresponse(people({"phone": (200, 20, 10, 10.0), "chat": (200, 100, 50, 2.0)}), ["channel"])
    chat, phone = found.tables["channel"]
    assert (chat.value, chat.responded, phone.responded) == ("chat", 50, 10)
    assert (chat.share, phone.share) == (pytest.approx(0.5), pytest.approx(0.5))
    assert chat.lower < 0.5 < chat.upper
    assert not chat.stands_out


def test_a_channel_that_does_not_answer_stands_out():
    found = nonresponse(people({"phone": (400, 200, 20, 2.0), "chat": (400, 200, 120, 2.0)}), ["channel"])
    chat, phone = found.tables["channel"]
    assert chat.difference == pytest.approx(120 / 140 - 0.5)
    assert chat.stands_out and phone.stands_out
    assert found.indicators["channel"].estimate == pytest.approx(0.5, abs=0.01)  # 0.1 against 0.6: S = 0.25


def test_a_value_nobody_answered_for_is_told_and_few_answers_go_together():
    groups = {"phone": (100, 50, 30, 2.0), "chat": (40, 20, 3, 2.0), "sms": (40, 20, 2, 2.0), "post": (50, 25, 0, 2.0)}
    rows = {row.value: row for row in nonresponse(people(groups), ["channel"]).tables["channel"]}
    assert set(rows) == {"phone", "(together)", "post"}
    assert (rows["(together)"].responded, rows["(together)"].frame) == (5, 80)
    assert rows["post"].share == 0
    assert (rows["(together)"].lower, rows["(together)"].p_value) == (None, None)  # chosen by who answered


def test_fewer_than_five_answers_tell_nothing():
    found = nonresponse(people({"phone": (100, 50, 2, 2.0), "chat": (100, 50, 2, 2.0)}), ["channel"])
    assert found.tables == {}
    assert found.indicators["channel"] is None
    assert all(group.mean is None for group in (*found.halves, *found.waves))


def test_classes_of_the_weights_with_fewer_than_five_answers_are_told_together():
    counts = {"a": (100, 30), "b": (50, 6), "c": (40, 2), "d": (30, 0)}
    frame = [one for name, (held, some) in counts.items() for one in people({"phone": (held, 30, some, 2.0)}, name)]
    assert nonresponse(frame, ["channel"]).weights == {"(together)": (90, 8), "a": (100, 30), "d": (30, 0)}
    enough = [one for one in frame if one.stratum in "ab"]
    assert nonresponse(enough, ["channel"]).weights == {"a": (100, 30), "b": (50, 6)}
    assert nonresponse([one for one in frame if one.stratum in "cd"], ["channel"]).weights == {}


def test_the_contacts_r_does_not_speak_of_are_counted():
    asked = {"phone": (200, 100, 50, 2.0), "chat": (200, 100, 30, 2.0)}
    left_out = nonresponse(people(asked | {"post": (7, 1, 0, 7.0)}), ["channel"])
    assert (left_out.left_out["channel"], left_out.indicators["channel"].asked) == (7, 200)
    kept = nonresponse(people(asked | {"post": (7, 2, 0, 3.5)}), ["channel"])
    assert (kept.left_out["channel"], kept.indicators["channel"].asked) == (0, 202)


def test_early_and_late_have_means_with_intervals_unless_one_is_of_a_few():
    found = nonresponse(people({"phone": (100, 50, 20, 2.0), "chat": (100, 50, 20, 2.0)}), ["channel"])
    assert [group.n for group in found.halves] == [20, 20]
    gap, low, high = found.difference
    assert low < gap < high
    waves = nonresponse(people({"phone": (100, 50, 10, 2.0)}), ["channel"]).waves
    assert [(group.name, group.n, group.mean) for group in waves] == [("0", 8, None), ("1", 2, None)]


def drawn(app):
    principal, sites = create_principal(), (create_site(), create_site())
    for number in range(120):
        channel = "chat" if number % 3 == 0 else "phone"
        create_contact(principal, sites[number % 2], create_customer(principal), channel=channel, language="fr")
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=60))
    for number, invitation in enumerate(invitations_of(draw)):
        invitation.sent_at = NOW
        if number % 2:
            invitation.disposition = "completed"
            invitation.started_at = invitation.completed_at = NOW + timedelta(minutes=number)
            answer = {"question_id": "satisfaction", "value": number % 5 + 1, "mode": "sms", "at": NOW}
            place = {"invitation_id": invitation.id, "version_id": invitation.version_id, "position": 0}
            db.session.add(AnswerEvent(**answer, **place, kind="answer", idempotency_key=f"k{invitation.id}"))
    db.session.commit()
    return draw


def test_the_halves_read_alone_are_those_of_the_page(app):
    draw = drawn(app)
    alone, of_the_page = draw_halves(draw), draw_nonresponse(draw, EVERYTHING).halves
    assert alone == of_the_page and [half.n for half in alone] == [15, 15]
    assert all(half.mean is not None for half in alone)


def test_the_page_and_its_file_tell_every_known_variable_with_its_n(app, sign_in):
    draw = drawn(app)
    client, key = sign_in("auditor", "en"), draw.programme.key
    page = client.get(f"/surveys/programmes/{key}/non-response").text
    assert "Frame: 120 contacts that could be asked; 60 were asked; n = 30 answered" in page
    for said in ("R-indicator", "Age of the contact at the draw", "Classes of the weights", "in the later half"):
        assert said in page
    assert "eligible after suppression" in page
    assert "classes told together" not in page
    text = client.get(f"/surveys/programmes/{key}/non-response.csv").text.removeprefix("\ufeff")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["variable"] == "channel"]
    assert sum(int(row["frame"]) for row in rows) == 120
    assert sum(int(row["responded"]) for row in rows) == 30
    assert {row["population_name"] for row in rows} == {"eligible_after_suppression"}


def test_the_page_says_what_it_tells_together_and_what_r_leaves_out(app, sign_in):
    draw = drawn(app)
    odd = invitations_of(draw)
    for one in [one for one in odd if one.completed_at][:3]:
        db.session.execute(db.update(FrameUnit).filter_by(contact_id=one.contact_id).values(stratum="metz"))
    spare = db.session.scalars(db.select(FrameUnit).filter_by(draw_id=draw.id, drawn=False)).all()[0]
    db.session.execute(db.update(Contact).filter_by(id=spare.contact_id).values(channel="post"))
    db.session.commit()
    page = sign_in("auditor", "en").get(f"/surveys/programmes/{draw.programme.key}/non-response").text
    assert "classes told together" in page and "Each keeps a weight of its own" in page and "metz" not in page
    assert "without 1 contact of the frame, in groups of which one at most was asked" in page


def test_somebody_of_one_site_sees_the_frame_of_that_site(app, sign_in):
    draw = drawn(app)
    site = invitations_of(draw)[0].site_id
    narrow = sign_in("quality", "en", site_ids=[site], principal_ids=[draw.principal_id])
    assert "Frame: 60 contacts" in narrow.get(f"/surveys/programmes/{draw.programme.key}/non-response").text


def test_an_anonymous_draw_tells_its_strata_and_nothing_else(app, sign_in):
    draw = create_anonymous_draw()
    crowd(draw, 3)
    client, address = sign_in("quality", "en"), f"/surveys/programmes/{draw.programme.key}/non-response"
    page = client.get(address).text
    assert "Only strata are told" in page and "not told" in page
    assert "Age of the contact" not in page
    assert client.get(f"{address}.csv").status_code == 404


def test_a_draw_as_contacts_arrive_has_all_three_pages_and_its_own_population(app, sign_in):
    principal, site = create_principal(), create_site()
    programme = continuous_programme(principal, "1/2", quarantine_days=30)
    opened(programme, datetime(2026, 11, 25, tzinfo=UTC))
    day = datetime(2026, 12, 2, 9, tzinfo=UTC)
    entries = [entry(site, day + timedelta(minutes=n), f"+3361{n // 2:07d}") for n in range(60)]
    arrive(principal, entries, day + timedelta(hours=2))
    draw = closed(
        db.session.scalars(db.select(Draw).filter_by(programme_id=programme.id)).one(), datetime(2027, 1, 4, tzinfo=UTC)
    )
    possible = sum(unit.pi is not None for unit in units_of(draw))
    client = sign_in("quality", "en")
    for page in ("coverage", "integrity", "non-response"):
        answer = client.get(f"/surveys/programmes/{programme.key}/{page}")
        assert answer.status_code == 200
        assert "No finished draw" not in answer.text
    page = client.get(f"/surveys/programmes/{programme.key}/non-response").text
    assert f"Frame: {possible} contacts" in page
    assert "all contactable contacts" in page
    listed = client.get(f"/surveys/draws/{draw.id}/contacts.csv?rung=population").text
    assert listed.count("\n") == 61
