"""Outcome rates and the ladder over draws: AAPOR's numbers, sums that are exact, rungs that open to contacts."""

import csv
import io
from collections import Counter

from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from surveys.ladder import InvitationCount, Ladder, Rungs, UnitCount, hushed, ladder
from surveys.ladders import summed
from surveys.models import FrameUnit, Invitation
from surveys.outcome_rates import FORMULAS, contacted_otherwise, outcome_table, rate_rows
from surveys.queries.coverage import programme_coverage
from surveys.queries.rungs import RUNGS, Asked, all_rung_contacts
from tests.surveys.anonymous_factories import create_anonymous_draw, crowd
from tests.surveys.factories import (
    NOW,
    create_contact,
    create_contacts,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
    invitations_of,
)


def standing(**counts: int) -> Rungs:
    return Rungs(drawn=sum(counts.values()), dispositions=Counter(counts))


#: I 4, P 2, R 1, UO 2, NE 1, as the product can stand.
SOME = standing(completed=4, partial=2, refused=1, delivered=1, failed=1, undeliverable=1)


def test_the_rates_of_a_small_survey_are_aapors():
    """Worked by hand: I 4, P 2, R 1, UO 2, NE 1; e = 7/8, so the likely eligible are 7 + 7/8 x 2 = 8.75."""
    found = outcome_table(SOME)
    assert found.eligibility == 7 / 8
    expected = {
        "rr1": (4, 9), "rr2": (6, 9), "rr3": (4, 8.75), "rr4": (6, 8.75), "rr5": (4, 7), "rr6": (6, 7),
        "coop1": (4, 7), "coop2": (6, 7), "coop3": (4, 7), "coop4": (6, 7),
        "ref1": (1, 9), "ref2": (1, 8.75), "ref3": (1, 7), "con1": (7, 9), "con2": (7, 8.75), "con3": (7, 7),
    }  # fmt: skip
    assert {line.name: (line.part, line.whole) for line in found.lines} == expected
    assert set(FORMULAS) == set(expected)


def test_silence_counted_as_not_contacted_moves_only_what_the_page_says():
    strict, other = outcome_table(SOME), contacted_otherwise(SOME)
    assert (other.counts["NC"], other.counts["UO"]) == (1, 1)
    same = {name for name in FORMULAS if strict.line(name).value == other.line(name).value}
    assert {"rr1", "rr2", "ref1", "con1"} <= same
    assert other.line("rr5").value == 4 / 8


def test_without_anybody_of_known_eligibility_there_is_no_e_and_no_rate_with_it():
    found = outcome_table(standing(delivered=5))
    assert found.eligibility is None
    assert found.line("rr3").whole is None
    assert (found.line("rr1").part, found.line("rr1").whole) == (0, 5)
    assert found.line("rr5").value is None


def test_what_is_hushed_has_no_rates():
    assert outcome_table(Rungs(is_hushed=True)) is None
    assert list(rate_rows(Ladder(Rungs(is_hushed=True), {}))) == []


def one_draw(stratum: str, completed: int, drawn: int = 40) -> Ladder:
    units = [UnitCount(stratum, "eligible", "", 60, drawn), UnitCount(stratum, "suppressed", "opted-out", 4, 0)]
    stands = [
        InvitationCount(stratum, "completed", completed, completed, completed, completed, completed),
        InvitationCount(stratum, "sent", drawn - completed, drawn - completed, 0, 0, 0),
    ]
    return ladder(units, stands, sends_messages=True)


def test_the_ladder_of_several_draws_is_their_sum():
    whole = summed([one_draw("a", 10), one_draw("a", 12), one_draw("b", 7)])
    assert whole.adds_up
    assert whole.overall.steps == (180, 120, 120, 29, 29, 29)
    assert (whole.strata["a"].population, whole.strata["b"].completed) == (128, 7)
    assert whole.overall.suppressed == {"opted-out": 12}


def test_what_one_draw_does_not_tell_no_sum_tells():
    quiet = hushed(one_draw("a", 3))
    whole = summed([quiet, one_draw("a", 12)])
    assert whole.adds_up
    assert (whole.overall.completed, whole.overall.rr1.of, whole.strata["a"].started) == (None, 0, None)
    assert whole.overall.sent == 80


def drawn(app, size=8):
    principal = create_principal()
    site = create_site()
    create_contacts(principal, [site], each=12)
    create_contact(principal, site, outcome="abandoned")
    create_contact(principal, site)  # of nobody who is known
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=size))
    invitations = invitations_of(draw)
    steps = ("sent_at", "delivered_at", "started_at", "completed_at")
    for place, (stands, reached) in enumerate([("completed", 4), ("delivered", 2)]):
        invitations[place].disposition = stands
        for stamp in steps[:reached]:
            setattr(invitations[place], stamp, NOW)
    db.session.commit()
    return draw


def test_each_rung_opens_to_as_many_contacts_as_it_counts(app):
    draw = drawn(app)
    covered = programme_coverage(draw.programme)
    rungs = covered.together.overall
    counted = dict(zip(("eligible", "drawn", "sent", "delivered", "started", "completed"), rungs.steps, strict=True))
    counted |= {"population": rungs.population, "ineligible": rungs.ineligible.total()}
    counted |= {"suppressed": rungs.suppressed.total()}
    opened = {rung: len(list(all_rung_contacts(Asked([draw.id], rung), EVERYTHING))) for rung in RUNGS}
    assert opened == counted
    assert counted == {"population": 14, "ineligible": 1, "suppressed": 1, "eligible": 12, "drawn": 8, "sent": 2,
                       "delivered": 2, "started": 1, "completed": 1}  # fmt: skip


def test_the_pages_show_rungs_rates_and_no_identity(app, sign_in):
    draw = drawn(app)
    key = draw.programme.key
    auditor = sign_in("auditor", "en")
    page = auditor.get(f"/surveys/draws/{draw.id}").text
    assert f"/surveys/draws/{draw.id}/contacts?rung=completed" in page
    listed = auditor.get(f"/surveys/draws/{draw.id}/contacts?rung=suppressed&reason=no-address").text
    assert "1 contact" in listed and "no address to write to" in listed
    phones = db.session.scalars(db.text("SELECT phone FROM customers"))
    for address in (f"draws/{draw.id}/contacts", f"draws/{draw.id}/contacts.csv", f"programmes/{key}/contacts"):
        answer = auditor.get(f"/surveys/{address}?rung=population")
        assert answer.status_code == 200
        assert "+336" not in answer.text
    assert list(phones)
    rates = auditor.get(f"/surveys/draws/{draw.id}/rates").text
    assert "CASRO" in rates and "1 / 8" in rates and "nobody to divide by" not in rates
    coverage = auditor.get(f"/surveys/programmes/{key}/coverage").text
    assert "Everything adds up" in coverage and "3.19" in coverage


def test_files_of_coverage_and_rates_hold_the_same_numbers(app, sign_in):
    draw = drawn(app)
    client, key = sign_in("quality"), draw.programme.key
    text = client.get(f"/surveys/programmes/{key}/coverage.csv").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    whole = {row["step"]: int(row["count"]) for row in rows if not row["draw"] and not row["stratum"]}
    of_draw = {row["step"]: int(row["count"]) for row in rows if row["draw"] == str(draw.id) and not row["stratum"]}
    assert whole == of_draw
    assert whole["population"] == 14
    text = client.get(f"/surveys/draws/{draw.id}/rates.csv").text.removeprefix("\ufeff")
    rates = {(row["stratum"], row["convention"], row["rate"]): row for row in csv.DictReader(io.StringIO(text))}
    rr1 = rates["", "3.19-unknown", "RR1"]
    assert (rr1["numerator"], rr1["denominator"], float(rr1["value"])) == ("1", "8", 0.125)
    assert len(rates) == 2 * 2 * 16


def test_days_narrow_the_draws_and_no_day_is_no_fault(app, sign_in):
    draw = drawn(app)
    client, address = sign_in("quality", "en"), f"/surveys/programmes/{draw.programme.key}/coverage"
    assert "No finished draw" in client.get(f"{address}?from=2027-01-01").text
    assert "Everything adds up" in client.get(f"{address}?from=nonsense&to=2026-12-31").text


def test_an_anonymous_draw_opens_down_to_sent_and_no_further(app, sign_in):
    draw = create_anonymous_draw()
    crowd(draw, 3)
    client, key = sign_in("quality", "en"), draw.programme.key
    for rung in ("population", "drawn", "sent"):
        assert client.get(f"/surveys/draws/{draw.id}/contacts?rung={rung}").status_code == 200
        assert client.get(f"/surveys/programmes/{key}/contacts?rung={rung}").status_code == 200
    for asked in ("rung=delivered", "rung=completed", "rung=drawn&stands=completed", "rung=nonsense"):
        for ending in ("", ".csv"):
            assert client.get(f"/surveys/draws/{draw.id}/contacts{ending}?{asked}").status_code == 404
            assert client.get(f"/surveys/programmes/{key}/contacts{ending}?{asked}").status_code == 404
    listed = client.get(f"/surveys/draws/{draw.id}/contacts.csv?rung=sent").text
    assert "completed" not in listed and "sent,3.19" in listed
    assert "is not told" in client.get(f"/surveys/draws/{draw.id}/rates").text
    assert client.get(f"/surveys/draws/{draw.id}/rates.csv").text.count("\n") == 1


def test_contacts_of_other_sites_and_principals_stay_hidden(app, sign_in):
    principal, (here, there) = create_principal(), (create_site(), create_site())
    create_contacts(principal, [here, there], each=5)
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=4))
    db.session.commit()
    narrow = sign_in("quality", "en", site_ids=[here.id], principal_ids=[principal.id])
    listed = narrow.get(f"/surveys/draws/{draw.id}/contacts?rung=population").text
    assert "5 contacts" in listed and there.name not in listed
    stranger = sign_in("quality", "en", principal_ids=[create_principal().id])
    db.session.commit()
    assert stranger.get(f"/surveys/draws/{draw.id}/contacts").status_code == 404
    assert stranger.get(f"/surveys/programmes/{draw.programme.key}/coverage").status_code == 404


def test_the_command_prints_rates_with_their_counts(app):
    draw = drawn(app)
    found = app.test_cli_runner().invoke(args=["surveys", "dispositions", draw.programme.key, "--rates"])
    assert found.exit_code == 0, found.output
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    rr1 = next(row for row in rows if row["rate"] == "RR1" and not row["stratum"])
    assert (rr1["numerator"], rr1["denominator"]) == ("1", "8")
    assert "convention" in rr1 and "3.19" in rr1["convention"]
    assert db.session.scalar(db.select(db.func.count()).select_from(Invitation)) == 8
    assert db.session.scalar(db.select(db.func.count()).select_from(FrameUnit)) == 14
