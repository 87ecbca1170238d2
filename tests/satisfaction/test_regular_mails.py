"""Mails about the figures: when they go out, to whom, what they say, and that each goes out once."""

from datetime import UTC, datetime, timedelta

import pytest

from foundation.database import db
from foundation.ledger.models import Access
from notifications.models import OutboxMessage
from satisfaction.engines import mail_round
from satisfaction.models import RegularMail
from satisfaction.pages import in_unit
from satisfaction.queries.regular_mails import due_mails
from satisfaction.regular_mails import MONTHLY, WEEKLY, due_slot, last_slot
from satisfaction.services import report
from satisfaction.services.regular_mails import MailRefused, schedule_pack
from tests.conftest import NOW, create_user, signed_in, submit_with
from tests.satisfaction.factories import (
    FIRST_DAY,
    LAST_DAY,
    answer,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

BEFORE = NOW - timedelta(days=60)


@pytest.fixture
def belline(app):
    principal, lille, lyon = create_principal("belline"), create_site("lille"), create_site("lyon")
    rows = [("lille", lille, "phone", 300, 90), ("lyon", lyon, "phone", 200, 60)]
    draw = create_draw(create_programme(principal), create_period(principal), rows)
    answer(draw, lille, "phone", [{"satisfaction": 5}] * 50 + [{"satisfaction": 2}] * 10)
    answer(draw, lyon, "phone", [{"satisfaction": 4}] * 30 + [{"satisfaction": 1}] * 10)
    db.session.commit()
    return principal


def reader(role, **changes):
    user = create_user(role, **changes)
    user.created_at = BEFORE
    db.session.commit()
    return user


def mails():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)).all()


class TestMoments:
    def test_a_week_goes_out_on_monday_at_the_hour_of_the_reader(self):
        # 23 November 2026 is a Monday; 8 o'clock in Paris is 7 in UTC.
        assert last_slot(WEEKLY, "Europe/Paris", 8, NOW) == datetime(2026, 11, 23, 7, tzinfo=UTC)
        assert last_slot(WEEKLY, "Indian/Reunion", 8, NOW) == datetime(2026, 11, 23, 4, tzinfo=UTC)
        early = datetime(2026, 11, 23, 6, 59, tzinfo=UTC)
        assert last_slot(WEEKLY, "Europe/Paris", 8, early) == datetime(2026, 11, 16, 7, tzinfo=UTC)

    def test_a_month_goes_out_on_its_first_monday(self):
        assert last_slot(MONTHLY, "Europe/Paris", 8, NOW) == datetime(2026, 11, 2, 7, tzinfo=UTC)

    def test_what_is_stale_or_from_before_it_was_wanted_is_never_sent(self):
        assert due_slot(WEEKLY, "Europe/Paris", 8, BEFORE, NOW) is not None
        assert due_slot(WEEKLY, "Europe/Paris", 8, BEFORE, NOW + timedelta(days=2)) is None
        assert due_slot(WEEKLY, "Europe/Paris", 8, NOW, NOW) is None


class TestWeek:
    def test_it_is_written_once_to_who_works_with_it_and_to_nobody_else(self, app, belline):
        quality = reader("quality")
        for role in ("auditor", "handler", "admin"):
            reader(role)
        reader("principal", principal_ids=[belline.id])
        for _round in range(2):
            mail_round(NOW)
        (mail,) = mails()
        assert mail.recipient == quality.email and mail.subject == "Satisfaction\u202f: votre semaine"
        assert "Rien n’attend cette semaine" in mail.body and "http://localhost/satisfaction/week" in mail.body

    def test_who_says_no_gets_none_and_who_asks_gets_one_from_then_on(self, app, sign_in):
        client = sign_in("quality")
        submit_with(client, "/satisfaction/week/mail", page="/satisfaction/week", wanted="no")
        mail_round(NOW + timedelta(days=7))
        assert mails() == []
        submit_with(client, "/satisfaction/week/mail", page="/satisfaction/week", wanted="yes")
        mail_round(NOW)
        assert mails() == []
        mail_round(NOW + timedelta(days=7))
        assert len(mails()) == 1

    def test_the_page_offers_it_to_an_auditor(self, sign_in, app):
        assert "Me l’envoyer chaque lundi" in sign_in("auditor").get("/satisfaction/week").text


class TestPack:
    def test_it_says_what_the_page_says_with_range_and_answers(self, app, belline):
        reader_of_belline = reader("principal", principal_ids=[belline.id])
        schedule_pack(belline.id, reader_of_belline.id, WEEKLY, BEFORE, 1)
        db.session.commit()
        mail_round(NOW)
        (mail,) = mails()
        rows = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, by=("site",))["results"]
        shown = [row for row in rows if row["indicator"] == "satisfaction"]
        assert len(shown) == 3
        for row in shown:
            ends = [in_unit(row[name], "share", bare=True) for name in ("lower", "upper")]
            said = f"{in_unit(row['estimate'], 'share')}, entre {ends[0]} et {ends[1]} ({row['n']} réponses)"
            assert said in mail.body
        assert mail.subject == "Belline, octobre 2026\u202f: satisfaction"
        assert "http://localhost/satisfaction?principal=belline&period=2026-10" in mail.body
        assert "&#" not in mail.body and "&lt;" not in mail.body

    def test_that_it_was_taken_is_noted(self, app, belline):
        one = reader("principal", principal_ids=[belline.id])
        schedule_pack(belline.id, one.id, WEEKLY, BEFORE, 1)
        db.session.commit()
        mail_round(NOW)
        found = db.session.scalars(db.select(Access)).one()
        assert (found.subject, found.actor_id) == ("report:belline", one.id)

    def test_a_reader_of_one_site_gets_no_other(self, app, belline):
        lille = db.session.scalars(db.select(db.metadata.tables["sites"].c.id).filter_by(key="lille")).one()
        one = reader("auditor", site_ids=[lille])
        schedule_pack(belline.id, one.id, WEEKLY, BEFORE, 1)
        db.session.commit()
        mail_round(NOW)
        (mail,) = mails()
        assert "Lille" in mail.body and "Lyon" not in mail.body

    def test_nobody_is_sent_what_they_may_not_see(self, app, belline):
        other = create_principal("rhone")
        stranger = reader("principal", principal_ids=[other.id])
        with pytest.raises(MailRefused, match="unknown-reader"):
            schedule_pack(belline.id, stranger.id, WEEKLY, BEFORE, 1)
        # Somebody whose scope was narrowed since gets it no more.
        db.session.add(
            RegularMail(
                user_id=stranger.id, kind="pack", principal_id=belline.id, rhythm=WEEKLY, is_on=True, since=BEFORE
            )
        )
        db.session.commit()
        assert due_mails(NOW) == []

    def test_a_quality_lead_schedules_it_and_its_reader_stops_it(self, app, sign_in, belline):
        one = reader("principal", email="sofia@example.org", principal_ids=[belline.id])
        client = sign_in("quality")
        answered = submit_with(client, "/satisfaction/packs?principal=belline", reader=one.id, rhythm=MONTHLY)
        assert answered.status_code == 302
        page = client.get("/satisfaction/packs").text
        assert "sofia@example.org" in page and "Le premier lundi de chaque mois" in page
        row = db.session.scalars(db.select(RegularMail).filter_by(kind="pack")).one()
        assert (row.user_id, row.principal_id, row.is_on) == (one.id, belline.id, True)
        own = signed_in(app, one)
        submit_with(own, f"/satisfaction/week/packs/{belline.id}/stop", page="/satisfaction/week")
        db.session.expire_all()
        assert not db.session.scalars(db.select(RegularMail).filter_by(kind="pack")).one().is_on

    def test_a_form_without_a_reader_is_refused(self, sign_in, belline):
        answered = submit_with(sign_in("quality"), "/satisfaction/packs?principal=belline", rhythm=MONTHLY)
        assert answered.status_code == 400
        assert db.session.scalars(db.select(RegularMail)).all() == []

    def test_a_principal_may_not_schedule_and_another_principal_does_not_exist(self, sign_in, belline):
        assert sign_in("principal", principal_ids=[belline.id]).get("/satisfaction/packs").status_code == 403
        other = create_principal("rhone")
        db.session.commit()
        client = sign_in("quality", principal_ids=[other.id])
        assert client.get("/satisfaction/packs?principal=belline").status_code == 404
        stop = f"/satisfaction/packs/{belline.id}/1/stop"
        assert submit_with(client, stop, page="/satisfaction/packs").status_code == 404
