"""Who is there for some sites sees the outcomes of those sites: every page and every file of a draw."""

import csv
import io

import pytest

from foundation.accounts.scope import Scope
from foundation.database import db
from surveys.models import Draw, Invitation
from surveys.queries.draws import draw_ladder, ladder_in_scope
from surveys.queries.programmes import period_states
from tests.surveys.anonymous_factories import create_anonymous_draw, crowd
from tests.surveys.factories import (
    create_contacts,
    create_draw,
    create_period,
    create_principal,
    create_programme_of,
    create_site,
)


@pytest.fixture
def world(app, sign_in):
    """(draw, here, there, a reader of ``here``): all eight of ``there`` answered, nobody of ``here`` did."""
    principal, (here, there) = create_principal(), (create_site(), create_site())
    create_contacts(principal, [here, there], each=8)
    create_period(principal)
    draw = create_draw(create_programme_of(principal, sample_size=16))
    for one in db.session.scalars(db.select(Invitation).filter_by(draw_id=draw.id)):
        one.disposition = "completed" if one.site_id == there.id else "refused"
        if one.site_id == there.id:
            one.sent_at = one.delivered_at = one.started_at = one.completed_at = draw.drawn_at
    db.session.commit()
    return draw, here, there, sign_in("quality", "en", site_ids=[here.id], principal_ids=[principal.id])


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_ladders_of_the_sites_add_up_to_that_of_all(app, world):
    draw, here, there, _reader = world
    whole, parts = draw_ladder(draw), [ladder_in_scope(draw, Scope(site_ids=frozenset({s.id}))) for s in (here, there)]
    assert all(part.adds_up for part in parts)
    assert [part.overall.completed for part in parts] == [0, whole.overall.completed]
    assert whole.overall.completed == 8 and sum(part.overall.population for part in parts) == whole.overall.population


@pytest.mark.parametrize(
    "page",
    [
        "draws/{id}", "draws/{id}/rates", "programmes/{key}/coverage", "programmes/{key}/integrity",
        "programmes/{key}/non-response",
    ],
)  # fmt: skip
def test_a_page_says_that_it_is_of_the_readers_sites(app, world, page):
    draw, here, there, reader = world
    shown = reader.get("/surveys/" + page.format(id=draw.id, key=draw.programme.key))
    assert shown.status_code == 200
    assert f"Everything counted here is of {here.name};" in shown.text and there.name not in shown.text


@pytest.mark.parametrize("page", ["draws/{id}/rates", "programmes/{key}/coverage"])
def test_the_rates_of_another_site_are_on_no_page(app, world, sign_in, page):
    draw, _here, _there, reader = world
    address = "/surveys/" + page.format(id=draw.id, key=draw.programme.key)
    assert "0 / 8" in reader.get(address).text and "8 / 16" not in reader.get(address).text
    everywhere = sign_in("quality", "en").get(address).text
    assert "8 / 16" in everywhere and "Of your sites only" not in everywhere


@pytest.mark.parametrize("file", ["draws/{id}/rates.csv", "programmes/{key}/rates.csv"])
def test_a_file_of_rates_is_of_the_readers_sites_and_says_so(app, world, file):
    draw, here, _there, reader = world
    answer = reader.get("/surveys/" + file.format(id=draw.id, key=draw.programme.key))
    rr1 = next(row for row in rows_of(answer) if row["rate"] == "RR1" and not row["stratum"])
    assert (rr1["numerator"], rr1["denominator"], rr1["of_sites"]) == ("0", "8", here.key)
    assert "-own-sites.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("file", ["draws/{id}/ladder.csv", "programmes/{key}/coverage.csv"])
def test_a_file_of_the_ladder_is_of_the_readers_sites(app, world, sign_in, file):
    draw, _here, _there, reader = world
    address = "/surveys/" + file.format(id=draw.id, key=draw.programme.key)

    def counted(client):
        return {row["step"]: row["count"] for row in reversed(rows_of(client.get(address))) if not row["stratum"]}

    assert (counted(reader)["population"], counted(reader)["completed"]) == ("8", "0")
    whole = sign_in("quality", "en")
    assert counted(whole)["completed"] == "8" and "of_sites" not in whole.get(address).text


@pytest.mark.parametrize("file", ["integrity.csv", "non-response.csv"])
def test_files_of_integrity_and_non_response_are_of_the_readers_sites(app, world, file):
    draw, here, there, reader = world
    for row in rows_of(reader.get(f"/surveys/programmes/{draw.programme.key}/{file}")):
        assert row["of_sites"] == here.key and there.key not in row.values()


@pytest.mark.parametrize("file", ["frame.jsonl", "files.zip"])
def test_what_cannot_be_cut_is_refused_with_the_reason(app, world, sign_in, file):
    draw, _here, _there, reader = world
    refused = reader.get(f"/surveys/draws/{draw.id}/{file}")
    assert refused.status_code == 403 and "whole or nothing" in refused.text
    assert sign_in("quality").get(f"/surveys/draws/{draw.id}/{file}").status_code == 200


def test_the_programme_counts_invited_and_complete_of_the_readers_sites(app, world):
    draw, here, _there, _reader = world
    (mine,) = period_states(draw.programme, Scope(site_ids=frozenset({here.id})))
    assert (mine.invited, mine.completed) == (8, 0)


def anonymous(strata, field):
    draw = create_anonymous_draw(strata)
    db.session.execute(db.update(Draw).values(allocation={"strata": [field]}).where(Draw.id == draw.id))
    for stratum in strata:
        crowd(draw, 6, stratum=stratum)
    db.session.commit()
    db.session.refresh(draw)
    return draw


def test_an_anonymous_draw_tells_whole_strata_of_the_readers_sites(app, sign_in):
    draw = anonymous(["lyon", "lille"], "site")
    site = create_site(key="lyon")
    db.session.commit()
    found = ladder_in_scope(draw, Scope(site_ids=frozenset({site.id})))
    assert set(found.strata) == {"lyon"} and found.overall.completed == 6
    reader = sign_in("quality", "en", site_ids=[site.id], principal_ids=[draw.principal_id])
    assert "lille" not in reader.get(f"/surveys/draws/{draw.id}/rates.csv").text


def test_an_anonymous_draw_that_tells_no_site_apart_is_refused_with_the_reason(app, sign_in):
    draw, site = anonymous(["phone", "mail"], "channel"), create_site()
    db.session.commit()
    reader = sign_in("quality", "en", site_ids=[site.id], principal_ids=[draw.principal_id])
    for ending in ("rates", "rates.csv", "ladder.csv"):
        refused = reader.get(f"/surveys/draws/{draw.id}/{ending}")
        assert refused.status_code == 403 and "told by whole strata" in refused.text
    assert "told by whole strata" in reader.get(f"/surveys/draws/{draw.id}").text
    covered = reader.get(f"/surveys/programmes/{draw.programme.key}/coverage").text
    assert "1 draw is not told here" in covered
    assert reader.get(f"/surveys/programmes/{draw.programme.key}/non-response").status_code == 403
