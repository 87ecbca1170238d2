"""Continuous draws in the database: opened, decided as contacts come, closed, decided again."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.models import Contact, Period
from contacts.services import hold_customer, record_entries
from contacts.services.merging import merge
from foundation.database import db
from foundation.jobs.models import Job
from foundation.ledger.models import Entry as LedgerEntry
from notifications.services import opt_out
from surveys import continuous_verification
from surveys.continuous import Plan, is_hit
from surveys.continuous_frames import OtherLine, OwnLine, fixed_lines, frame_lines
from surveys.eligibility import Cap, Rules
from surveys.models import Draw, FrameUnit, Invitation, SeedCommitment
from surveys.queries.continuous import kept_continuous_draw
from surveys.queries.draws import draw_ladder
from surveys.queries.seeds import opened as seed_of
from surveys.refusals import SurveyRefused
from surveys.services.continuous import close_draw, open_draw
from surveys.services.drawing import carry_out
from surveys.services.draws import request_draw
from surveys.services.seeds import commit_seed
from surveys.services.sending import send_invitations
from tests.surveys.continuous_factories import (
    FIRST,
    LAST,
    arrive,
    closed,
    continuous_programme,
    entry,
    opened,
    units_of,
)
from tests.surveys.factories import create_principal, create_programme_of, create_site

BEFORE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["app", "pg_app"])
def place(request):
    """Where SQL or locks may differ."""
    request.getfixturevalue(request.param)
    return create_principal(), create_site()


@pytest.fixture
def here(app):
    return create_principal(), create_site()


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def callers(principal, site, days=range(1, 29), each=6):
    """On each day ``each`` people call, of whom the first is the same one every day and the second every third."""
    for day in days:
        entries = []
        for n in range(each):
            who = n if n == 0 else n + 10 * (day % 3) if n == 1 else n + 100 * day
            entries.append(entry(site, at(day, 8), f"+336{who:08d}"))
        arrive(principal, entries, at(day, 20))


def test_a_contact_is_decided_in_the_transaction_that_records_it(place):
    principal, site = place
    draw = opened(continuous_programme(principal, "1/1", quarantine_days=30), BEFORE)
    record_entries(principal.id, "log", [entry(site, at(1), "+33600000001")], at(1, 10))
    assert [(unit.status, unit.pi, unit.drawn, unit.decided_at) for unit in units_of(draw)] == [
        ("eligible", 1.0, True, at(1, 10))
    ]
    db.session.rollback()
    assert units_of(draw) == []
    assert db.session.scalars(db.select(Invitation)).all() == []


def test_who_is_taken_follows_from_the_seed_and_the_quarantine(here):
    principal, site = here
    draw = opened(continuous_programme(principal, "1/3", quarantine_days=10), BEFORE)
    callers(principal, site)
    seed = seed_of(db.session.get_one(SeedCommitment, draw.seed_commitment_id))
    plan, units = Plan.from_json(draw.allocation), units_of(draw)
    taken: dict[int, datetime] = {}
    for unit in units:
        hit = is_hit(seed, unit.public_id, plan.rate(unit.stratum))
        last = taken.get(unit.customer_id)
        free = last is None or unit.decided_at - last >= timedelta(days=10)
        assert unit.drawn == (hit and free)
        if unit.drawn:
            taken[unit.customer_id] = unit.decided_at
    assert len(units) == 28 * 6
    every_day = [unit.pi for unit in units if unit.customer_id == units[0].customer_id]
    assert every_day[1] == pytest.approx(1 / 3 * 2 / 3)
    assert every_day[20] == pytest.approx(1 / 3 * (1 - sum(every_day[11:20])))
    assert db.session.scalar(db.select(db.func.count()).select_from(Invitation)) == sum(unit.drawn for unit in units)


def test_two_programmes_of_a_principal_leave_one_person_alone_together(here):
    principal, site = here
    first = opened(continuous_programme(principal, "1/2", quarantine_days=10), BEFORE)
    other = opened(continuous_programme(principal, "1/2", quarantine_days=20), BEFORE)
    arrive(principal, [entry(site, at(day), "+33600000001") for day in (1, 2)], at(2, 10))
    found = [(unit.draw_id, unit.pi) for draw in (first, other) for unit in units_of(draw)]
    assert found == [
        (first.id, 0.5), (first.id, pytest.approx(0.125)), (other.id, 0.25), (other.id, pytest.approx(0.0625)),
    ]  # fmt: skip
    assert sum(unit.drawn for draw in (first, other) for unit in units_of(draw)) <= 1


def test_a_quarantine_reaches_back_into_the_draw_of_the_period_before(here):
    principal, site = here
    programme = continuous_programme(principal, "1/2", quarantine_days=30)
    december = opened(programme, BEFORE)
    arrive(principal, [entry(site, at(28), "+33600000001")], at(28, 10))
    january = opened(programme, at(29), date(2027, 1, 1), date(2027, 1, 31))
    new_year = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    arrive(principal, [entry(site, new_year, "+33600000001")], new_year)
    assert [unit.pi for draw in (december, january) for unit in units_of(draw)] == [0.5, 0.25]
    assert not (units_of(december)[0].drawn and units_of(january)[0].drawn)


def test_what_comes_out_of_order_is_decided_in_the_order_of_recording(here):
    principal, site = here
    draw = opened(continuous_programme(principal, "1/2", quarantine_days=10), BEFORE)
    arrive(principal, [entry(site, at(9), "+33600000001")], at(9, 20))
    arrive(principal, [entry(site, at(2), "+33600000001")], at(12, 20))  # a week late
    units = units_of(draw)
    assert [unit.pi for unit in units] == [0.5, 0.25]
    assert [unit.decided_at for unit in units] == [at(9, 20), at(12, 20)]


def test_other_reasons_not_to_ask_leave_the_probability_of_later_contacts_alone(here):
    principal, site = here
    draw = opened(continuous_programme(principal, "1/2", quarantine_days=30), BEFORE)
    phone = "+33600000001"
    arrive(principal, [entry(site, at(1), phone)], at(1, 10))
    opt_out(phone, principal.id, "link", at(2))
    arrive(
        principal,
        [entry(site, at(3), phone), entry(site, at(3), None), entry(site, at(3), "+33600000002", outcome="abandoned")],
        at(3, 10),
    )
    assert [(unit.status, unit.reason, unit.pi) for unit in units_of(draw)] == [
        ("eligible", "", 0.5),
        ("suppressed", "opted-out", None),
        ("suppressed", "no-address", None),
        ("ineligible", "outcome-abandoned", None),
    ]


def test_an_open_complaint_delays_the_message_and_not_the_lot(here):
    principal, site = here
    draw = opened(continuous_programme(principal, "1/1"), BEFORE)
    arrive(principal, [entry(site, at(1), "+33600000001")], at(1, 10))
    customer_id = units_of(draw)[0].customer_id
    hold_customer(customer_id, "complaint", "complaint:1", at(2))
    arrive(principal, [entry(site, at(3), "+33600000001")], at(3, 10))
    hold_customer(customer_id, "staff", "staff:1", at(4))
    arrive(principal, [entry(site, at(5), "+33600000001")], at(5, 10))
    assert [(unit.reason, unit.drawn) for unit in units_of(draw)] == [("", True), ("", True), ("hold-staff", False)]


def test_whoever_a_batch_has_invited_is_lost_to_the_coverage_and_not_to_the_weights(place):
    principal, site = place
    batch = create_programme_of(principal, quarantine_days=30)
    period = Period(principal_id=principal.id, first_day=date(2026, 11, 1), last_day=date(2026, 11, 20))
    db.session.add(period)
    arrive(principal, [entry(site, datetime(2026, 11, 5, 9, tzinfo=UTC), "+33600000001")], BEFORE)
    period.closed_at, period.population, period.frame_hash = BEFORE, 1, "0" * 64
    db.session.flush()
    asked = request_draw(batch, date(2026, 11, 1), date(2026, 11, 20), 1, at(1))
    db.session.commit()
    for _piece in carry_out(asked.id, at(1)):
        db.session.commit()
    draw = opened(continuous_programme(principal, "1/2", quarantine_days=30), at(1))
    arrive(principal, [entry(site, at(2), "+33600000001")], at(2, 10))
    assert [(unit.status, unit.reason, unit.pi) for unit in units_of(draw)] == [("suppressed", "quarantine", None)]


def test_whoever_was_taken_under_a_row_merged_since_is_left_alone_until_the_quarantine_is_over(place):
    principal, site = place
    draw = opened(continuous_programme(principal, "1/1", quarantine_days=10), BEFORE)
    arrive(principal, [entry(site, at(1, 8), "+33600000001"), entry(site, at(1, 8), "+33600000002")], at(1))
    kept, other = (unit.customer_id for unit in units_of(draw))
    arrive(principal, [entry(site, at(12, 8), "+33600000002")], at(12))
    merge(kept, other, at(12, 10))
    db.session.commit()
    arrive(principal, [entry(site, at(21, 8), "+33600000001")], at(21))
    arrive(principal, [entry(site, at(22, 8), "+33600000001")], at(22, 10))
    *before, within, after = units_of(draw)
    assert [unit.drawn for unit in before] == [True, True, True]
    assert (within.customer_id, within.status, within.reason, within.pi) == (kept, "suppressed", "quarantine", None)
    assert (after.customer_id, after.drawn, after.pi) == (kept, True, 1.0)
    assert continuous_verification.differences(kept_continuous_draw(closed(draw, AFTER))) == []


def test_who_is_taken_is_written_to_at_once_by_the_usual_way(here):
    principal, site = here
    draw = opened(continuous_programme(principal, "1/1"), BEFORE)
    arrive(principal, [entry(site, at(1), "+33600000001")], at(1, 10))
    job = db.session.scalars(db.select(Job).filter_by(kind="surveys.send")).one()
    for _piece in send_invitations(job.payload["draw_id"], "a secret for tests", "http://localhost", at(1, 10)):
        db.session.commit()
    assert db.session.scalars(db.select(Invitation.disposition)).all() == ["queued"]
    assert draw.state == "running"


def test_closing_the_period_fixes_the_frame_reveals_the_seed_and_tells_the_ledger(place):
    principal, site = place
    draw = opened(continuous_programme(principal, "1/4", quarantine_days=10), BEFORE)
    callers(principal, site)
    assert draw.seed is None
    draw = closed(draw, AFTER)
    assert (draw.state, draw.population_name, draw.population, draw.eligible) == ("drawn", "contactable", 168, 168)
    assert draw.late is False
    kept = kept_continuous_draw(draw)
    assert draw.frame_hash == fixed_lines(kept.lines).frame_hash
    made = db.session.scalars(db.select(LedgerEntry).filter_by(kind="draw.made")).one()
    facts = json.loads(made.facts) if isinstance(made.facts, str) else made.facts
    assert (facts["seed"], facts["frame_hash"], facts["population"]) == (draw.seed, draw.frame_hash, 168)
    assert draw_ladder(draw).adds_up
    assert continuous_verification.differences(kept) == []


def test_closing_twice_or_after_a_crash_comes_to_the_same(here):
    principal, site = here
    draw = opened(continuous_programme(principal, "1/4", quarantine_days=10), at(4))
    arrive(principal, [entry(site, at(5), "+33600000001")], at(5, 10))
    db.session.execute(db.update(Contact).values(recorded_at=at(5)))
    period = db.session.get_one(Period, draw.period_id)
    with pytest.raises(SurveyRefused) as refused:
        next(close_draw(draw.id, AFTER))
    assert refused.value.code == "period-open"
    db.session.rollback()
    period.closed_at, period.population, period.frame_hash = AFTER, 1, "0" * 64
    db.session.commit()
    pieces = close_draw(draw.id, AFTER)
    next(pieces)
    db.session.commit()
    pieces.close()  # whoever did it is gone
    for _piece in close_draw(draw.id, AFTER):
        db.session.commit()
    known = db.session.get_one(Draw, draw.id, populate_existing=True)
    assert (known.state, len(units_of(known))) == ("drawn", 1)
    assert list(close_draw(draw.id, AFTER)) == []


def test_contacts_recorded_before_the_opening_or_after_the_closing_are_counted_apart(here):
    principal, site = here
    arrive(principal, [entry(site, at(1), "+33600000001"), entry(site, at(1), "+33600000009", outcome="abandoned")],
           at(1, 20))  # fmt: skip
    draw = opened(continuous_programme(principal, "1/1"), at(2))
    arrive(principal, [entry(site, at(3), "+33600000002")], at(3, 20))
    draw = closed(draw, AFTER)
    assert arrive(principal, [entry(site, at(4), "+33600000003")], AFTER) == ["late"]
    assert draw.late
    assert sorted((unit.status, unit.reason) for unit in units_of(draw)) == [
        ("eligible", ""), ("ineligible", "outcome-abandoned"), ("suppressed", "before-opening"),
    ]  # fmt: skip
    assert (draw.population, draw.eligible, draw.drawn) == (3, 1, 1)


def test_a_draw_is_refused_where_it_cannot_be_opened(here):
    principal, _site = here
    programme = continuous_programme(principal, "1/2")
    draw = opened(programme, BEFORE)
    batch = create_programme_of(principal)
    db.session.commit()

    def code(of, first=FIRST, last=LAST):
        with pytest.raises(SurveyRefused) as refused:
            open_draw(of, first, last, BEFORE)
        db.session.rollback()
        return refused.value.code

    assert code(programme) == "already-running"
    assert code(batch) == "not-continuous"
    assert code(programme, FIRST, date(2026, 12, 30)) == "period-not-free"
    assert code(programme, LAST, FIRST) == "days-out-of-order"
    with pytest.raises(SurveyRefused) as refused:
        request_draw(programme, FIRST, LAST, None, AFTER)
    assert refused.value.code == "draws-continuously"
    closed(draw, AFTER)
    assert code(programme) == "already-drawn"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rates": {}}, "rate-missing"),
        ({"rates": {"": "2/1"}}, "bad-rate"),
        ({"collection": "file"}, "continuous-needs-address"),
        ({"rules": Rules(per_person=Cap(2, 365))}, "continuous-per-person"),
    ],
)
def test_a_programme_that_could_not_draw_is_not_made(app, changes, code):
    with pytest.raises(SurveyRefused) as refused:
        continuous_programme(create_principal(), **changes)
    assert refused.value.code == code


def test_a_seed_committed_before_the_period_is_the_one_that_decides(app):
    principal = create_principal()
    programme = continuous_programme(principal, "1/2")
    seed = commit_seed(programme, FIRST, LAST, BEFORE)
    draw = opened(programme, at(2))
    assert (draw.late, draw.seed_commitment) == (False, seed.commitment)


def _kept(principal, site):
    """Two draws in the history of the same people, both closed; the second is what is looked at."""
    programme = continuous_programme(principal, "1/2", quarantine_days=30)
    opened(programme, BEFORE, date(2026, 11, 25), date(2026, 11, 30))
    november = datetime(2026, 11, 28, 9, tzinfo=UTC)
    arrive(principal, [entry(site, november, f"+336{n:08d}") for n in range(3)], november)
    draw = opened(programme, BEFORE)
    other = opened(continuous_programme(principal, "1/3", quarantine_days=5), BEFORE)
    callers(principal, site)
    closed(other, AFTER)
    return kept_continuous_draw(db.session.get_one(Draw, draw.id, populate_existing=True))


def test_a_stranger_finds_what_was_changed_by_name(place):
    kept = _kept(*place)
    assert continuous_verification.differences(kept) == []
    assert any(isinstance(line, OtherLine) for line in kept.lines)

    def found(**changes):
        return [(one.code, one.about) for one in continuous_verification.differences(replace(kept, **changes))]

    lines = list(kept.lines)
    daily = Counter(line.cluster for line in kept.own if line.cluster).most_common(1)[0][0]
    place = max(n for n, line in enumerate(lines) if isinstance(line, OwnLine) and line.cluster == daily)
    name = lines[place].public_id

    def changed(**values):
        return [*lines[:place], lines[place]._replace(**values), *lines[place + 1 :]]

    assert {("frame-changed", name), ("decision", name), ("size", "")} <= set(
        found(lines=changed(taken=1 - lines[place].taken))
    )
    assert ("probability", name) in found(lines=changed(pi=lines[place].pi * 1.0001))
    assert ("frame-added", "f" * 32) in found(lines=changed(public_id="f" * 32))
    assert ("order", name) in found(lines=changed(at="2026-11-01T00:00:00.000000Z"))
    assert found(seed=b"x" * 32)[0] == ("seed", "")
    assert "decision" in {code for code, _about in found(seed=b"x" * 32)}
    assert [code for code, _about in found(lines=lines[:-1])][:2] == ["frame", "frame-removed"]
    without_others = {code for code, _about in found(lines=kept.own)}
    assert {"frame", "probability"} <= without_others
    assert "frame-changed" not in without_others


def test_only_contacts_of_the_days_are_decided(app):
    principal, site = create_principal(), create_site()
    draw = opened(continuous_programme(principal, "1/1"), BEFORE)
    arrive(principal, [entry(site, datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "+33600000001")], at(1))
    arrive(principal, [entry(site, datetime(2026, 11, 30, 23, 0, tzinfo=UTC), "+33600000002")], at(1))
    assert len(units_of(draw)) == 1  # midnight in Paris is 23:00 in UTC
    assert db.session.scalar(db.select(db.func.count()).select_from(FrameUnit)) == 1


def test_the_script_that_goes_with_the_files_decides_again_and_names_what_was_changed(app, tmp_path):
    kept = _kept(create_principal(), create_site())
    draw = db.session.scalars(db.select(Draw).filter_by(frame_hash=kept.frame_hash)).one()
    done = app.test_cli_runner().invoke(args=["surveys", "export-draw", str(draw.id), str(tmp_path)])
    assert done.exit_code == 0, done.output

    def told():
        said = subprocess.run([sys.executable, "verify.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
        return said.returncode, said.stdout

    assert told() == (0, "Identical: the same contacts are drawn again from the revealed seed.\n")
    daily = Counter(line.cluster for line in kept.own if line.cluster).most_common(1)[0][0]
    line = [one for one in kept.own if one.cluster == daily][-1]
    frame = (tmp_path / "frame.jsonl").read_text()
    for changed in (line._replace(pi=line.pi * 1.001), line._replace(taken=1 - line.taken)):
        was, now = (next(frame_lines([one])).decode() for one in (line, changed))
        (tmp_path / "frame.jsonl").write_text(frame.replace(was, now))
        status, said = told()
        assert status == 3
        assert "frame: its hash is not the one that was kept" in said
        assert f"contact {line.public_id}: its line in the frame was changed" in said
        assert f"contact {line.public_id} is kept with the probability" in said or f"{line.public_id} was " in said
    facts = json.loads((tmp_path / "draw.json").read_text())
    fitting = hashlib.sha256((tmp_path / "frame.jsonl").read_bytes()).hexdigest()
    (tmp_path / "draw.json").write_text(json.dumps(facts | {"frame_hash": fitting}))
    assert f"contact {line.public_id}: its line in the frame was changed" in told()[1]
    (tmp_path / "frame.jsonl").write_text(frame)
    (tmp_path / "draw.json").write_text(json.dumps(facts | {"seed": "00" * 32}))
    status, said = told()
    assert status == 3
    assert said.startswith("seed: it does not open its commitment")
    assert "was not taken by this seed" in said or "was taken by this seed" in said
