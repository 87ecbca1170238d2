"""Home: what stands where, what truly changed, what a thin or empty month says, and to whom."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from satisfaction.changes import proven_changes
from satisfaction.pages import in_unit
from satisfaction.queries.field import fields_of
from satisfaction.services import report
from satisfaction.services.standing import board
from satisfaction.standing import Field
from surveys.models import Invitation
from tests.conftest import NOW
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
from tests.satisfaction.test_satisfaction_page import text_of

SEPTEMBER = date(2026, 9, 1), date(2026, 9, 30)
OCTOBER = FIRST_DAY, LAST_DAY


def drawn(programme, principal, site, said, days=OCTOBER, asked=200):
    """A month of one site: ``said`` are the answers."""
    made = create_draw(programme, create_period(principal, *days), [(site.key, site, "phone", 400, asked)])
    answer(made, site, "phone", [{"satisfaction": value} for value in said])
    return made


@pytest.fixture
def two(app):
    """Two principals with a programme each at Lille."""
    lille = create_site("lille")
    made = {}
    for key, said in (("belline", [5] * 90 + [2] * 10), ("rhone", [4] * 60 + [1] * 40)):
        principal = create_principal(key)
        drawn(create_programme(principal, f"{key}-appel"), principal, lille, said)
        made[key] = principal
    db.session.commit()
    return made


class TestResults:
    def test_every_principal_stands_there_with_interval_and_answers(self, sign_in, two):
        page = text_of(sign_in("quality").get("/satisfaction").text)
        rows = report(first_day=FIRST_DAY, last_day=LAST_DAY, now=NOW, by=("site",))["results"]
        shown = [row for row in rows if row["indicator"] == "satisfaction"]
        assert len(shown) == 4
        for row in shown:
            for value in (row["estimate"], row["lower"], row["upper"]):
                assert " ".join(in_unit(value, "share", bare=True).split()) in page
        assert page.count("100 réponses") >= 4

    def test_a_principal_sees_its_own_only(self, sign_in, two):
        page = sign_in("principal", principal_ids=[two["belline"].id]).get("/satisfaction").text
        assert "Belline" in page and "Rhone" not in page

    def test_of_one_principal_all_headlines_stand_by_site(self, sign_in, two):
        page = text_of(sign_in("quality").get("/satisfaction?principal=belline").text)
        assert "Résultats par site" in page and "Résolu au premier contact" in page and "Rhone-Appel" not in page

    @pytest.mark.parametrize("address", ["?principal=nobody", "?period=2026-13"])
    def test_what_does_not_exist_is_not_found(self, sign_in, two, address):
        assert sign_in("quality").get(f"/satisfaction{address}").status_code == 404

    def test_each_result_leads_to_its_own_page(self, sign_in, two):
        client = sign_in("quality")
        (link, *_rest) = re.findall(
            r'href="(/satisfaction/figures/[^"]+site=lille[^"]*)"', client.get("/satisfaction").text
        )
        assert client.get(link.replace("&amp;", "&")).status_code == 200


class TestChanges:
    @pytest.fixture
    def belline(self, app):
        principal = create_principal("belline")
        return principal, create_programme(principal), create_site("lille")

    def test_a_fall_that_is_proven_is_told_with_its_range_and_comes_first(self, sign_in, belline):
        principal, programme, site = belline
        drawn(programme, principal, site, [5] * 95 + [2] * 5, SEPTEMBER)
        drawn(programme, principal, site, [5] * 60 + [2] * 40)
        db.session.commit()
        page = text_of(sign_in("quality").get("/satisfaction").text)
        assert "35,0 points de moins" in page and "100 réponses, comparées à 100" in page
        assert "Ce résultat a baissé depuis la période précédente, et c’est prouvé." in page

    def test_what_may_be_chance_is_not_told_as_a_change(self, sign_in, belline):
        principal, programme, site = belline
        drawn(programme, principal, site, [5] * 84 + [2] * 16, SEPTEMBER)
        drawn(programme, principal, site, [5] * 80 + [2] * 20)
        db.session.commit()
        page = text_of(sign_in("quality").get("/satisfaction").text)
        assert "points de moins" not in page and "l’écart peut tenir au hasard" in page

    def test_many_looks_ask_for_more(self, app):
        """The same difference is told alone and no longer among many others: one family, Holm."""
        lille = create_site("lille")
        for number in range(4):
            principal = create_principal(f"p{number}")
            programme = create_programme(principal, f"s{number}")
            before, now = ([5] * 88 + [2] * 12, [5] * 76 + [2] * 24) if number == 0 else ([5] * 50 + [2] * 50,) * 2
            drawn(programme, principal, lille, before, SEPTEMBER)
            drawn(programme, principal, lille, now)
        db.session.commit()
        everyone = board(OCTOBER, NOW, scope_of(None), None)
        alone = board(OCTOBER, NOW, scope_of(1), None)
        assert alone.changes and not everyone.changes
        assert (alone.compared, everyone.compared) == (1, 4)

    def test_strata_that_join_as_declared_are_compared_too(self, app):
        """Nobody answered by e-mail: alone that stratum would forbid the figure, and the comparison with it."""
        principal, lille = create_principal(), create_site("lille")
        programme = create_programme(principal, weighting={"merge": ["channel", "site"]})
        rows = [("lille · phone", lille, "phone", 300, 120), ("lille · email", lille, "email", 100, 20)]
        for days, said in ((SEPTEMBER, [5] * 95 + [1] * 5), (OCTOBER, [5] * 60 + [1] * 40)):
            made = create_draw(programme, create_period(principal, *days), rows)
            answer(made, lille, "phone", [{"satisfaction": value} for value in said])
        db.session.commit()
        (change,) = board(OCTOBER, NOW, scope_of(None), None).changes
        assert change.found.estimate == pytest.approx(-0.35)

    def test_another_question_is_another_series(self, belline):
        principal, programme, site = belline
        drawn(programme, principal, site, [5] * 95 + [2] * 5, SEPTEMBER)
        other = create_programme(principal, "autre")
        drawn(other, principal, site, [5] * 60 + [2] * 40, (date(2026, 10, 1), date(2026, 10, 31)))
        db.session.commit()
        assert board(OCTOBER, NOW, scope_of(None), None).compared == 0

    def test_nothing_compared_is_nothing_changed(self):
        assert proven_changes([]) == ([], 0)


def scope_of(principal_id):
    return Scope(frozenset({principal_id})) if principal_id else EVERYTHING


class TestThinAndEmpty:
    def test_a_thin_month_says_how_many_to_ask(self, sign_in, app):
        principal = create_principal("belline")
        drawn(create_programme(principal), principal, create_site("lille"), [5] * 8 + [2] * 2, asked=40)
        db.session.commit()
        page = text_of(sign_in("quality").get("/satisfaction").text)
        # 1,96² × 0,8 × 0,2 ÷ 0,05² = 245,9; a quarter of those asked answered.
        assert "10 réponses laissent une large fourchette. Il en faudrait environ 246" in page
        assert "984 clients à interroger" in page and "Préparer le prochain tirage" in page

    def test_a_month_without_answers_says_to_wait_while_links_are_open(self, sign_in, app):
        principal = create_principal("belline")
        drawn(create_programme(principal), principal, create_site("lille"), [], asked=40)
        db.session.commit()
        assert "40 invitations sont encore ouvertes : attendez, ou relancez." in text_of(
            sign_in("quality").get("/satisfaction").text
        )

    def test_a_month_that_was_not_drawn_leads_to_its_programme(self, sign_in, app):
        principal = create_principal("belline")
        create_programme(principal)
        create_period(principal)
        db.session.commit()
        page = sign_in("quality").get("/satisfaction").text
        assert "Cette période n’a pas été tirée au sort" in page and "/surveys/programmes/apres-appel" in page

    def test_without_any_principal_it_says_what_to_do(self, sign_in, app):
        assert "Pas encore de donneur d’ordre" in sign_in("quality").get("/satisfaction").text


class TestPace:
    def test_the_close_is_reckoned_from_the_last_seven_days(self):
        field = Field("s", "lille", 100, 20, 14, 60, NOW + timedelta(days=10))
        assert field.at_the_close(NOW) == 20 + 14 * 10 // 7

    def test_no_more_can_come_than_links_are_open(self):
        assert Field("s", "lille", 100, 20, 70, 5, NOW + timedelta(days=30)).at_the_close(NOW) == 25

    def test_after_the_close_nothing_comes(self):
        assert Field("s", "lille", 100, 20, 70, 0, None).at_the_close(NOW) == 20

    def test_the_field_counts_who_may_answer_and_who_lately_did(self, app):
        principal = create_principal("belline")
        said = drawn(create_programme(principal), principal, create_site("lille"), [5] * 10, asked=40)
        everyone = db.session.scalars(db.select(Invitation).filter_by(draw_id=said.id).order_by(Invitation.id)).all()
        for number, one in enumerate(everyone):
            one.expires_at = NOW + timedelta(days=5 if number % 2 else -1)
            if one.disposition == "completed":
                one.completed_at = datetime(2026, 11, 20 if number % 2 else 2, tzinfo=UTC)
        db.session.commit()
        (field,) = fields_of(NOW, scope_of(None), OCTOBER)
        assert (field.asked, field.answered, field.lately, field.still_open) == (40, 10, 5, 15)
        assert field.until == NOW + timedelta(days=5)
