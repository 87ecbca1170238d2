"""Where an invitation stands and where it may go: the whole table, its history, and the same totals everywhere."""

import csv
import io
from collections import Counter
from random import Random

import pytest

from contacts.models import Customer
from contacts.services import hold_customer
from foundation.database import db
from surveys.dispositions import DISPOSITIONS, OUTCOMES, may_become, outcomes
from surveys.models import Invitation, InvitationEvent
from surveys.queries.draws import draw_ladder
from surveys.queries.invitations import contact_name as name_of
from surveys.services.deliveries import note_deliveries
from surveys.services.invitations import move
from surveys.services.sending import send_invitations
from tests.surveys.anonymous_factories import complete, create_anonymous_draw, invite, random_answers
from tests.surveys.factories import (
    NOW,
    create_contacts,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)

#: Every allowed step, written down once more by hand: from → to. What is not here is refused.
ALLOWED = {
    "drawn": "held queued not_sent ineligible started partial broken_off refused wrong_person completed",
    "held": "queued not_sent ineligible started partial broken_off refused wrong_person completed",
    "queued": "held not_sent sent delivered failed undeliverable started partial broken_off refused wrong_person"
    " completed",
    "sent": "delivered failed undeliverable started partial broken_off refused wrong_person completed",
    "delivered": "started partial broken_off refused wrong_person completed",
    "failed": "sent delivered started partial broken_off refused wrong_person completed",
    "undeliverable": "delivered started partial broken_off refused wrong_person completed",
    "started": "partial broken_off refused wrong_person completed",
    "partial": "completed",
    "broken_off": "partial completed",
    "refused": "",
    "wrong_person": "",
    "ineligible": "",
    "not_sent": "",
    "completed": "",
    "erased": "",
}
CODES = {
    "drawn": "3.11", "held": "3.11", "queued": "3.11", "not_sent": "3.11", "sent": "3.19", "delivered": "3.19",
    "failed": "3.30", "undeliverable": "4.30", "started": "2.12", "partial": "1.2", "broken_off": "2.12",
    "refused": "2.11", "wrong_person": "4.70", "ineligible": "4.10", "completed": "1.1", "erased": "3.19",
}  # fmt: skip


@pytest.mark.parametrize("current", sorted(DISPOSITIONS))
def test_each_step_is_allowed_or_refused_as_the_table_says(current):
    assert {name for name in DISPOSITIONS if may_become(current, name)} == set(ALLOWED[current].split())


def test_each_disposition_has_its_code():
    assert {name: one.aapor for name, one in DISPOSITIONS.items()} == CODES


def test_the_codes_of_one_outcome_begin_with_its_digit():
    digits = {"I": "1", "P": "1", "R": "2", "NC": "2", "O": "2", "UH": "3", "UO": "3", "NE": "4"}
    assert all(one.aapor.startswith(digits[one.outcome]) for one in DISPOSITIONS.values())


def test_every_invitation_counts_under_one_outcome():
    counts = dict.fromkeys(DISPOSITIONS, 1)
    summed = outcomes(counts)
    assert sum(summed.values()) == len(DISPOSITIONS)
    assert set(summed) == set(OUTCOMES)
    assert (summed["I"], summed["P"], summed["NE"]) == (1, 1, 3)


@pytest.mark.usefixtures("app")
def test_a_step_that_is_refused_leaves_no_trace():
    draw = mixed()
    done = next(one for one in invitations_of(draw) if one.disposition == "completed")
    before = db.session.scalar(db.select(db.func.count()).select_from(InvitationEvent))
    assert not move(done, "refused", NOW)
    assert db.session.scalar(db.select(db.func.count()).select_from(InvitationEvent)) == before


def mixed():
    """A draw whose invitations stand at many places."""
    principal = create_principal()
    create_contacts(principal, [create_site()], each=12)
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=8))
    held = invitations_of(draw)[0]
    hold_customer(held.customer_id, "complaint", "complaint:1", NOW)
    for _piece in send_invitations(draw.id, "a secret for tests that is long enough", "https://avis.example", NOW):
        db.session.commit()
    _held, one, two, three, four, *_rest = invitations_of(draw)
    note_deliveries([(each.id, "delivered", NOW, None) for each in (one, two, three)])
    note_deliveries([(four.id, "failed", NOW, "30005")])
    for invitation, step in ((one, "completed"), (two, "refused")):
        db.session.refresh(invitation)
        assert move(invitation, step, NOW)
    db.session.commit()
    return draw


def _read(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def _stands(rows):
    return Counter(row["disposition"] for row in rows if row["stands"] == "1")


@pytest.mark.usefixtures("app")
def test_invariant_9_totals_on_screen_in_the_ladder_and_in_the_history_are_the_same(app, sign_in):
    draw = mixed()
    client = sign_in("quality", "en")
    on_screen = draw_ladder(draw).overall.dispositions
    history = _read(client.get(f"/surveys/draws/{draw.id}/dispositions.csv").text)
    ladder = _read(client.get(f"/surveys/draws/{draw.id}/ladder.csv").text)
    printed = app.test_cli_runner().invoke(args=["surveys", "dispositions", draw.programme.key])
    in_ladder = {row["reason"]: int(row["count"]) for row in ladder if row["step"] == "stands" and not row["stratum"]}
    assert _stands(history) == _stands(_read(printed.stdout)) == on_screen == in_ladder
    assert set(on_screen) >= {"held", "completed", "refused", "undeliverable", "queued", "delivered"}
    page = client.get(f"/surveys/draws/{draw.id}/invitations?stands=completed").text
    assert "1 invitation" in page
    assert f"{len(history)} steps of 8 invitations" in printed.stderr


@pytest.mark.usefixtures("app")
def test_the_last_step_of_every_invitation_is_where_it_stands():
    draw = mixed()
    for invitation in invitations_of(draw):
        last = db.session.scalars(
            db.select(InvitationEvent).filter_by(invitation_id=invitation.id).order_by(InvitationEvent.id.desc())
        ).first()
        assert last.disposition == db.session.get(Invitation, invitation.id).disposition


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("role", ["quality", "auditor"])
def test_the_history_of_one_invitation_shows_its_steps_and_nobodys_identity(sign_in, role):
    draw = mixed()
    invitation = next(one for one in invitations_of(draw) if one.disposition == "completed")
    phone = db.session.get(Customer, invitation.customer_id).phone
    client = sign_in(role)
    page = client.get(f"/surveys/invitations/{invitation.public_id}").text
    assert "1.1" in page and "3.19" in page and invitation.public_id in page
    assert phone not in page


@pytest.mark.usefixtures("app")
def test_a_stranger_to_the_principal_has_no_such_invitation(sign_in):
    draw, other = mixed(), create_principal()
    db.session.commit()
    client = sign_in("quality", principal_ids=[other.id])
    assert client.get(f"/surveys/invitations/{invitations_of(draw)[0].public_id}").status_code == 404
    assert client.get(f"/surveys/draws/{draw.id}/invitations").status_code == 404
    assert client.get(f"/surveys/draws/{draw.id}/dispositions.csv").status_code == 404


def test_of_an_anonymous_draw_no_page_and_no_file_tells_who_has_answered(app, sign_in):
    draw = create_anonymous_draw()
    quiet, answered = invite(draw), invite(draw)
    for each in (quiet, answered):
        db.session.add(InvitationEvent(invitation_id=each.id, disposition="sent", reason="", at=NOW))
    complete(answered, random_answers(Random(1)))
    client = sign_in("quality", "en")
    pages = [client.get(f"/surveys/invitations/{each.public_id}").text for each in (quiet, answered)]
    bare = [
        page.replace(each.public_id, "").replace(name_of(each), "")
        for page, each in zip(pages, (quiet, answered), strict=True)
    ]
    assert bare[0] == bare[1]
    assert "complete" not in bare[1]
    rows = _read(client.get(f"/surveys/draws/{draw.id}/dispositions.csv").text)
    told = [{name: row[name] for name in ("disposition", "aapor", "reason", "at", "stands")} for row in rows]
    assert told[: len(told) // 2] == told[len(told) // 2 :]
    assert _stands(rows) == {"sent": 2}
    assert client.get(f"/surveys/draws/{draw.id}/invitations?stands=completed").status_code == 404
    assert "2 invitations" in client.get(f"/surveys/draws/{draw.id}/invitations?stands=sent").text
