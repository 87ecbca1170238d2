"""The whole chain on a real database: a small survey whose figures were worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.accounts.scope import Scope
from foundation.database import db
from satisfaction.services import ReportRefused, report
from surveys.models import Draw, FrameUnit, Invitation, ProgrammeVersion, QuestionnaireVersion
from surveys.questionnaires import content_hash
from surveys.storage import model_definition
from tests.satisfaction.factories import (
    FIRST_DAY,
    LAST_DAY,
    add_event,
    answer,
    create_case,
    create_draw,
    create_period,
    create_principal,
    create_programme,
    create_site,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OCTOBER = {"first_day": FIRST_DAY, "last_day": LAST_DAY, "now": NOW}


def happy(count, of, question="satisfaction"):
    return [{question: 5}] * count + [{question: 1}] * (of - count)


@pytest.fixture
def belline(app):
    """Lille: 400 contacts, 40 drawn, 24 of 30 happy. Lyon: 100 contacts, 40 drawn, 10 of 40 happy."""
    principal, lille, lyon = create_principal(), create_site("lille"), create_site("lyon")
    programme = create_programme(principal)
    rows = [("lille", lille, "phone", 400, 40), ("lyon", lyon, "email", 100, 40)]
    draw = create_draw(programme, create_period(principal), rows, ineligible=20)
    answer(draw, lille, "phone", happy(24, 30))
    answer(draw, lyon, "email", happy(10, 40))
    db.session.commit()
    return principal, programme, draw, lille, lyon


def figures(**changes):
    return {(row["indicator"], *row["by"].values()): row for row in report(**OCTOBER | changes)["results"]}


def test_sites_count_by_their_contacts_and_not_by_their_answers(belline):
    """0.8 × 24/30 + 0.2 × 10/40 = 0.69, where the answers alone would say 34/70 = 0.486."""
    row = figures()["satisfaction",]
    assert row["estimate"] == pytest.approx(0.69)
    assert (row["n"], row["population"], row["weighting"]) == (70, 500, "design")
    assert row["lower"] < 0.69 < row["upper"]


def test_the_report_has_the_agreed_shape(belline):
    found = report(**OCTOBER, by=["channel", "site"], survey_key="apres-appel")
    assert found["survey"] == "apres-appel"
    assert found["period"] == {"from": "2026-10-01", "to": "2026-10-31"}
    assert found["population_name"] == "Belline"
    agreed = (
        "by,indicator,question,unit,estimate,lower,upper,confidence_level,n,n_effective,events,exposure,population,"
        "series,method,weighting,flags"
    )
    for row in found["results"]:
        assert set(agreed.split(",")) <= set(row)
    crossed = [row["by"] for row in found["results"] if row["indicator"] == "satisfaction"]
    assert crossed == [{}, {"site": "lille", "channel": "phone"}, {"site": "lyon", "channel": "email"}]


def test_the_coverage_tells_how_far_the_programme_got(belline):
    (line,) = report(**OCTOBER)["coverage"]
    assert (line["contacts"], line["eligible"], line["drawn"], line["answered"]) == (520, 500, 80, 70)
    assert line["still_open"] == 10
    assert line["response_rate_rr1"] == pytest.approx(70 / 80)


def test_a_corrected_answer_counts_once_and_a_skipped_or_voided_one_not_at_all(belline):
    _, _, draw, lille, _ = belline
    before = figures()["satisfaction",]["n"]
    (first, second, third) = answer(draw, lille, "phone", [{"satisfaction": 1}] * 3)
    add_event(first, "satisfaction", 5)
    add_event(second, "satisfaction", None, kind="void")
    add_event(third, "satisfaction", None, kind="skip")
    found = figures(by=["site"])
    assert found["satisfaction",]["n"] == before + 1
    assert found["satisfaction", "lille"]["estimate"] == pytest.approx(25 / 31)


def test_an_answer_after_the_end_neither_counts_nor_takes_away_the_one_before(belline):
    _, _, draw, lille, _ = belline
    before = figures()["satisfaction",]
    (invitation,) = answer(draw, lille, "phone", [{"satisfaction": 5}])
    with_it = figures()["satisfaction",]
    add_event(invitation, "satisfaction", 1, kind="late")
    assert figures()["satisfaction",] == with_it
    assert with_it["n"] == before["n"] + 1


@pytest.mark.parametrize("disposition, n", [("partial", 72), ("broken_off", 70), ("started", 70), ("refused", 70)])
def test_an_interview_counts_when_it_is_complete_or_half_done(belline, disposition, n):
    _, _, draw, lille, _ = belline
    answer(draw, lille, "phone", happy(2, 2), disposition=disposition)
    assert figures()["satisfaction",]["n"] == n


def test_whoever_could_not_be_drawn_is_not_in_the_population_of_a_figure(belline):
    """N_h stands in every weight: contacts set aside for another of their customer are contacts, but not in it."""
    _, _, draw, _, _ = belline
    aside = {"status": "suppressed", "reason": "same-customer", "pi_drawn": None, "pi_eligible": None}
    some = db.select(FrameUnit.contact_id).where(FrameUnit.draw_id == draw.id, FrameUnit.status == "eligible")
    chosen = db.session.scalars(some.where(FrameUnit.drawn.is_(False)).limit(30)).all()
    db.session.execute(db.update(FrameUnit).where(FrameUnit.contact_id.in_(chosen)).values(aside))
    assert figures()["satisfaction",]["population"] == 470
    (line,) = report(**OCTOBER)["coverage"]
    assert (line["contacts"], line["eligible"]) == (520, 470)


def test_an_invitation_past_its_day_or_answered_by_file_is_open_no_more(belline):
    _, _, draw, _, _ = belline
    mine = db.update(Invitation).where(Invitation.draw_id == draw.id)
    for values, still_open in (
        ({"expires_at": NOW}, 0),
        ({"expires_at": NOW + timedelta(seconds=1)}, 10),
        ({"expires_at": None, "collection": "file"}, 0),
    ):
        db.session.execute(mine.values(values))
        assert report(**OCTOBER)["coverage"][0]["still_open"] == still_open


def test_a_draw_under_way_is_no_draw_yet(belline):
    principal, programme, _, lille, _ = belline
    before = figures(last_day=date(2026, 11, 30))["satisfaction",]
    november = create_period(principal, date(2026, 11, 1), date(2026, 11, 30))
    draw = create_draw(programme, november, [("lille", lille, "phone", 500, 50)])
    under_way = {"state": "requested", "seed": None, "frame_hash": None}
    db.session.execute(db.update(Draw).where(Draw.id == draw.id).values(under_way))
    assert figures(last_day=date(2026, 11, 30))["satisfaction",] == before


def test_yes_and_no_are_read_as_solved(belline):
    _, _, _, lille, _ = belline
    for invitation in db.session.scalars(db.select(Invitation).filter_by(disposition="completed")):
        add_event(invitation, "solved", "yes" if invitation.site_id == lille.id else "no")
    assert figures()["solved",]["estimate"] == pytest.approx(0.8)


def test_nothing_is_estimated_before_the_period_is_closed_and_drawn(app):
    principal = create_principal()
    create_programme(principal)
    assert figures()["satisfaction",]["flags"] == ["no-closed-period"]
    create_period(principal)
    assert figures()["satisfaction",]["estimate"] is None


def test_a_late_seed_marks_every_figure_it_leads_to(app):
    principal, lille = create_principal(), create_site()
    draw = create_draw(
        create_programme(principal), create_period(principal), [("all", lille, "phone", 100, 50)], late=True
    )
    answer(draw, lille, "phone", happy(30, 40))
    assert figures()["satisfaction",]["flags"] == ["seed-late"]


def test_contacts_set_aside_for_another_of_their_customer_are_said(app):
    principal, lille = create_principal(), create_site()
    aside = {"ineligible": {}, "suppressed": {"same-customer": 3}}
    rows = [("all", lille, "phone", 100, 50)]
    draw = create_draw(create_programme(principal), create_period(principal), rows, exclusions=aside)
    answer(draw, lille, "phone", happy(30, 50))
    assert figures()["satisfaction",]["flags"] == ["one-per-customer"]


def test_days_outside_the_closed_periods_are_said(belline):
    found = figures(last_day=date(2026, 11, 15))
    assert "period-incomplete" in found["satisfaction",]["flags"]
    assert "period-incomplete" in found["complaints",]["flags"]
    assert found["satisfaction",]["population"] == 500


def test_part_of_a_period_is_no_population(belline):
    assert figures(last_day=date(2026, 10, 30))["satisfaction",]["flags"] == ["no-closed-period"]


def test_two_months_are_two_sets_of_strata(belline):
    principal, programme, _, lille, _ = belline
    november = create_period(principal, date(2026, 11, 1), date(2026, 11, 30))
    draw = create_draw(programme, november, [("lille", lille, "phone", 500, 50)])
    answer(draw, lille, "phone", happy(50, 50))
    found = figures(last_day=date(2026, 11, 30))["satisfaction",]
    assert found["estimate"] == pytest.approx((0.69 + 1) / 2)
    assert found["population"] == 1000


def test_another_wording_inside_the_period_has_no_figure(belline):
    principal, programme, _, lille, _ = belline
    changed = create_programme(principal, "autre", definition=_reworded()).latest
    november = create_period(principal, date(2026, 11, 1), date(2026, 11, 30))
    draw = create_draw(programme, november, [("lille", lille, "phone", 500, 50)], programme_version_id=changed.id)
    answer(draw, lille, "phone", happy(50, 50))
    found = figures(last_day=date(2026, 11, 30), survey_key="apres-appel")
    assert found["satisfaction",]["flags"] == ["series-break"]
    assert found["satisfaction",]["estimate"] is None


def test_a_break_is_told_with_its_version_its_class_and_the_series_that_begins(belline):
    _, programme, _, _, _ = belline
    answer_november(belline, reworded(programme))
    found = report(**OCTOBER | {"last_day": date(2026, 11, 30)}, survey_key="apres-appel")
    assert found["series_breaks"] == [
        {
            "principal": "belline", "survey": "apres-appel", "question": "satisfaction", "kind": "wording",
            "version": 2, "published_on": "2026-11-04", "series_number": 2, "inside": True,
        }
    ]  # fmt: skip
    after = report(first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), now=NOW, survey_key="apres-appel")
    rows = {row["indicator"]: row for row in after["results"]}
    assert (rows["satisfaction"]["estimate"], rows["satisfaction"]["series_number"]) == (1, 2)
    assert rows["recommendation"]["series_number"] == 1
    assert [each["inside"] for each in after["series_breaks"]] == [False]
    before = report(**OCTOBER, survey_key="apres-appel")
    assert before["series_breaks"] == []
    earlier = next(row for row in before["results"] if row["indicator"] == "satisfaction")
    assert rows["satisfaction"]["series"] != earlier["series"]


def test_a_change_of_typing_joins_what_was_asked_before_and_after(belline):
    _, programme, _, _, _ = belline
    title = {"fr": "Cet échange vous a-t-il donné satisfaction", "en": "Were you satisfied with this contact"}
    answer_november(belline, reworded(programme, title))
    found = report(**OCTOBER | {"last_day": date(2026, 11, 30)}, survey_key="apres-appel")
    rows = {row["indicator"]: row for row in found["results"]}
    assert found["series_breaks"] == []
    assert rows["satisfaction"]["estimate"] == pytest.approx((0.69 + 1) / 2)


def reworded(programme, title=None):
    """Version 2 of what a programme asks, published on 4 November."""
    first = programme.latest.version
    questions = [dict(raw) for raw in first.definition["questions"]]
    questions[0]["title"] = title or {"fr": "Content ?", "en": "Happy?"}
    definition = {**first.definition, "questions": questions}
    at = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    version = QuestionnaireVersion(
        questionnaire_id=first.questionnaire_id, number=2, definition=definition, created_at=at, published_at=at,
        content_hash=content_hash(definition),
    )  # fmt: skip
    terms = {name: getattr(programme.latest, name) for name in ("collection", "promise", "rules", "strata")}
    db.session.add(version)
    db.session.flush()
    row = ProgrammeVersion(programme_id=programme.id, number=2, version_id=version.id, in_force_from=at, **terms)
    row.created_at = at
    db.session.add(row)
    db.session.flush()
    db.session.expire(programme, ["versions"])
    return row


def answer_november(belline, terms):
    principal, programme, _, lille, _ = belline
    november = create_period(principal, date(2026, 11, 1), date(2026, 11, 30))
    draw = create_draw(programme, november, [("lille", lille, "phone", 500, 50)], programme_version_id=terms.id)
    answer(draw, lille, "phone", happy(50, 50))


def _reworded():
    definition = model_definition("post_contact")
    definition["questions"][0]["title"] = {"fr": "Content ?", "en": "Happy?"}
    return definition


def test_a_channel_across_strata_is_a_domain(app):
    principal, lille = create_principal(), create_site()
    programme = create_programme(principal, strata=["site"])
    draw = create_draw(
        programme, create_period(principal), [("lille", lille, "phone", 300, 60), ("lille", lille, "chat", 100, 40)]
    )
    answer(draw, lille, "phone", happy(30, 50))
    answer(draw, lille, "chat", happy(35, 35))
    found = figures(by=["channel"])
    assert found["satisfaction", "phone"]["estimate"] == pytest.approx(0.6)
    assert found["satisfaction", "phone"]["method"] == "wilson_design_domain"
    assert found["satisfaction",]["estimate"] == pytest.approx(65 / 85)


def test_another_principal_sees_nothing_of_this_one(belline):
    programme = belline[1]
    other = create_principal("rhone")
    scope = Scope(frozenset({other.id}))
    found = report(**OCTOBER, scope=scope)
    assert {row["principal"] for row in found["results"]} == {"rhone"}
    assert found["coverage"] == []
    assert all(row["estimate"] is None for row in found["results"])
    with pytest.raises(ReportRefused, match="unknown-survey"):
        report(**OCTOBER, scope=scope, survey_key=programme.key)
    with pytest.raises(ReportRefused, match="unknown-principal"):
        report(**OCTOBER, scope=scope, principal_key="belline")


def test_who_sees_one_site_gets_the_figures_of_that_site(belline):
    _, _, _, lille, _ = belline
    found = figures(scope=Scope(None, frozenset({lille.id})), by=["site"])
    assert found["satisfaction",]["estimate"] == pytest.approx(0.8)
    assert ("satisfaction", "lyon") not in found
    assert found["satisfaction",]["population"] == 400


def test_complaints_are_set_against_the_contacts_of_the_same_days(belline):
    principal, _, draw, lille, lyon = belline
    within, after = datetime(2026, 10, 9, 8, tzinfo=UTC), datetime(2026, 11, 1, 8, tzinfo=UTC)
    for site in (lille, lille, lyon, None):
        create_case(principal, site, within)
    create_case(principal, lille, within, origin="survey", invitation=answered_by(draw)[0].public_id)
    ended = create_case(principal, lille, after)
    create_case(principal, lille, within, follows_id=ended.id)
    found = figures(by=["site"])
    assert (found["complaints",]["events"], found["complaints",]["exposure"]) == (4, 520)
    assert found["complaints",]["estimate"] == pytest.approx(4000 / 520)
    assert found["complaints", "lille"]["events"] == 2
    born = found["complaints_from_surveys",]
    assert (born["events"], born["exposure"], born["unit"]) == (1, len(answered_by(draw)), "share")


def answered_by(draw):
    return db.session.scalars(
        db.select(Invitation).filter_by(draw_id=draw.id).where(Invitation.disposition.in_(["completed", "partial"]))
    ).all()


def test_a_complaint_of_no_known_site_is_not_charged_to_the_sites_of_one_reader(belline):
    principal, _, _, lille, _ = belline
    within = datetime(2026, 10, 9, 8, tzinfo=UTC)
    for site in (lille, None, None):
        create_case(principal, site, within, due_on=date(2026, 10, 19))
    found = figures(scope=Scope(None, frozenset({lille.id})))
    assert (found["complaints",]["events"], found["complaints",]["exposure"]) == (1, 420)
    assert found["complaints_in_time",]["n"] == 1


def test_the_last_hour_of_a_day_counts_in_the_principals_zone(belline):
    principal, _, _, lille, _ = belline
    create_case(principal, lille, datetime(2026, 10, 31, 22, 30, tzinfo=UTC))
    create_case(principal, lille, datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    assert figures()["complaints",]["events"] == 1


def test_late_and_open_complaints_count_and_those_not_yet_due_do_not(belline):
    principal, _, _, lille, _ = belline
    came = datetime(2026, 10, 5, 8, tzinfo=UTC)
    due = date(2026, 10, 19)
    for _ in range(6):
        create_case(principal, lille, came, due_on=due, met_at=datetime(2026, 10, 19, 23, 59, tzinfo=UTC))
    create_case(principal, lille, came, due_on=due, met_at=datetime(2026, 10, 20, 0, 0, tzinfo=UTC))
    create_case(principal, lille, came, due_on=due)
    create_case(principal, lille, came, due_on=due, void_at=datetime(2026, 10, 12, tzinfo=UTC))
    create_case(principal, lille, came, due_on=date(2026, 10, 31))
    row = figures(now=datetime(2026, 10, 25, tzinfo=UTC))["complaints_in_time",]
    assert (row["events"], row["n"]) == (6, 8)
    assert row["estimate"] == pytest.approx(0.75)


def test_the_counts_of_the_cells_sum_to_the_answers(belline):
    found = figures(by=["site", "channel"])
    cells = [row["n"] for key, row in found.items() if key[0] == "satisfaction" and len(key) == 3]
    assert sum(cells) == found["satisfaction",]["n"] == 70


@pytest.mark.postgresql
def test_postgresql_counts_the_same(pg_app):
    principal, lille = create_principal(), create_site()
    draw = create_draw(create_programme(principal), create_period(principal), [("all", lille, "phone", 100, 50)])
    answered = answer(draw, lille, "phone", happy(30, 40))
    for invitation in answered:
        add_event(invitation, "solved", "yes")
    create_case(principal, lille, datetime(2026, 10, 9, 8, tzinfo=UTC), due_on=date(2026, 10, 19))
    found = figures(by=["site", "channel"])
    assert found["satisfaction", "lille", "phone"]["estimate"] == pytest.approx(0.75)
    assert found["solved",]["estimate"] == 1
    assert found["complaints",]["events"] == 1
    assert (found["complaints_in_time",]["events"], found["complaints_in_time",]["n"]) == (0, 1)
