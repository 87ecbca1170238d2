"""Attacks on the promise of anonymity: whoever has the whole database, the logs and two exports learns no more than
that an answer is one of at least five.

The attacker knows of each person when they completed (to the second), their stratum, language and draw; the truth is
kept by the test alone.
"""

import json
import os
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching
from sqlalchemy import event, text

from foundation.accounts.scope import EVERYTHING
from foundation.database import db
from surveys.anonymity import FEWEST
from surveys.cli.work import let_go
from surveys.models import AnonymousAnswer, AnswerPool, Invitation, InvitationEvent, OpenInterview
from surveys.queries.answers import answer_table
from surveys.questions.base import stored
from tests.conftest import visitor
from tests.surveys.anonymous_factories import complete, create_anonymous_draw, crowd, invite, random_answers
from tests.surveys.answer_factories import NOW, link_of
from tests.surveys.test_survey_pages import answer, answer_all

#: Of a random order of 20 as many or more stand where they belong about once in ten million.
LUCK = 10
STORIES = 40 if os.environ.get("LONG") else 2


@pytest.fixture(params=["app", "pg_app"])
def centre(request):
    """The application on SQLite, then on PostgreSQL."""
    return request.getfixturevalue(request.param)


def rows(statement):
    return db.session.execute(text(statement)).all()


def words_of(said):
    """What a person wrote: unlike anybody else's words, so that the test can tell whose answer it is."""
    return next(words for name, _value, words in said if name == "why")


def wrote(draw, count, **where):
    """``count`` people who complete in this order, each with words of their own."""
    return [(name, said["why"]) for name, said in crowd(draw, count, Everyone(1), **where)]


class Everyone(Random):
    """Everybody is dissatisfied, and so is asked why."""

    def randrange(self, start, stop=None, step=1):
        return 1 if (start, stop) == (1, 6) else super().randrange(start, stop, step)


def hits(truth, guessed):
    return sum(real == guess for real, guess in zip(truth, guessed, strict=False))


def test_no_order_of_the_rows_is_that_of_the_completions(centre):
    draw = create_anonymous_draw()
    invite(draw)
    truth = [words for _name, words in wrote(draw, 25)]
    let_go(NOW + timedelta(hours=6))
    physical = {
        "sqlite": ["name"],
        "postgresql": ["name", "ctid", "xmin::text::bigint, ctid", "cmin::text::bigint, ctid"],
    }
    orders = [f"ORDER BY {order}" for order in physical[db.engine.dialect.name]] + [""]
    for order in orders:
        found = rows(f"SELECT answers FROM anonymous_answers {order}")
        said = [words_of(json.loads(row[0]) if isinstance(row[0], str) else row[0]) for row in found]
        assert len(said) == 20 and set(said) < set(truth)
        asked = [words for words in truth if words in set(said)]
        assert hits(asked, said) < LUCK and hits(asked, said[::-1]) < LUCK


def test_what_waits_lies_in_no_order_either(centre):
    draw = create_anonymous_draw()
    invite(draw)
    truth = [words for _name, words in wrote(draw, 20)]
    (pool,) = db.session.scalars(db.select(AnswerPool)).all()
    waiting = [words_of(one["answers"]) for one in pool.responses]
    assert sorted(waiting) == sorted(truth)
    assert hits(truth, waiting) < LUCK and hits(truth, waiting[::-1]) < LUCK


def test_sqlite_has_no_hidden_numbers_for_these_rows(app):
    with pytest.raises(Exception, match="rowid"):
        rows("SELECT rowid FROM anonymous_answers")


def test_no_time_finer_than_a_day_is_left_on_either_side(app):
    draw = create_anonymous_draw()
    invite(draw)
    wrote(draw, 12)
    let_go(NOW + timedelta(hours=6))
    for table in ("anonymous_answers", "answer_pools", "open_interviews", "draw_tallies"):
        assert not re.search(r"\d\d:\d\d", str(rows(f"SELECT * FROM {table}")))
        assert not [kind for kind in db.metadata.tables[table].columns if "DATETIME" in str(kind.type).upper()]
    done = db.session.scalars(db.select(Invitation).filter_by(disposition="completed")).all()
    events = db.session.scalars(db.select(InvitationEvent).where(InvitationEvent.disposition == "completed")).all()
    moments = {one.completed_at for one in done} | {one.started_at for one in done} | {one.at for one in events}
    assert len(done) == len(events) == 12 and len(moments) == 1


def story(seed):
    """People of several strata and languages on several days, with the round at odd times; those who completed."""
    rng = Random(seed)
    strata = ["lyon", "lille", "paris"]
    draw = create_anonymous_draw(strata)
    for stratum in strata:
        invite(draw, stratum)
    people, now = [], NOW
    for _number in range(26):
        stratum, language = rng.choices(strata, [8, 3, 1])[0], rng.choice(["fr", "fr", "fr", "en"])
        now += timedelta(hours=rng.choice([0, 0, 1, 5, 9]))
        invitation = invite(draw, stratum, language, expires_at=now + timedelta(days=40))
        complete(invitation, random_answers(rng), now)
        people.append((stratum, language, now.date()))
        if rng.random() < 0.2:
            let_go(now)
    return draw, people, now


def candidates(people, answers):
    """For each person how many answers may be theirs, in some whole assignment of answers to people."""
    fits = np.array([[_fits(person, answer) for answer in answers] for person in people])
    counts = []
    for place in range(len(people)):
        possible = 0
        for column in np.flatnonzero(fits[place]):
            rest = np.delete(np.delete(fits, place, 0), column, 1)
            matched = maximum_bipartite_matching(csr_matrix(rest), perm_type="column")
            possible += bool((matched >= 0).all())
        counts.append(possible)
    return counts


def _fits(person, answer):
    return all(told is None or told == known for known, told in zip(person, answer, strict=True))


def told():
    """What an answer that was let go says of its person; those that wait say their stratum."""
    found = db.session.execute(db.select(AnonymousAnswer.stratum, AnonymousAnswer.language, AnonymousAnswer.day))
    return [tuple(row) for row in found]


@pytest.mark.parametrize("seed", range(STORIES))
def test_elimination_leaves_everybody_at_least_five_answers(app, seed):
    """Stratum, language and day laid together, and everybody else's answers ruled out wherever that is possible."""
    _draw, people, now = story(seed)
    sizes = Counter(dict(rows("SELECT stratum, size FROM answer_pools")))
    waiting = [(stratum, None, None) for stratum, size in sizes.items() for _ in range(size)]
    answers = [*told(), *waiting]
    assert len(answers) == len(people)
    counts = candidates(people, answers)
    large = {stratum for stratum, count in Counter(person[0] for person in people).items() if count >= FEWEST}
    assert all(count >= FEWEST for person, count in zip(people, counts, strict=True) if person[0] in large)
    # What is let go of a stratum is never of fewer, and a stratum of fewer has let nothing go.
    assert all(count >= FEWEST for count in Counter(told()).values())
    assert {answer[0] for answer in told()} <= large
    let_go(now + timedelta(days=60))
    assert len(told()) == len(people) and min(candidates(people, told())) >= FEWEST
    assert all(count >= FEWEST for count in Counter(told()).values())


def test_two_exports_differ_by_nobody_or_by_five(app):
    draw = create_anonymous_draw()
    invite(draw)
    before, sizes, rng = Counter(), [], Random(2)
    for number in range(30):
        now = NOW + timedelta(minutes=number)
        complete(invite(draw), random_answers(rng), now)
        let_go(now)
        after = exported(draw)
        assert not before - after
        sizes.append((after - before).total())
        before = after
    assert set(sizes) - {0} and min(set(sizes) - {0}) >= FEWEST
    assert sum(sizes) <= 30 - FEWEST


def exported(draw):
    _header, lines = answer_table(draw.programme, EVERYTHING, words=True)
    found = [tuple(line) for line in lines]
    assert {line[:2] for line in found} <= {("", "")}
    return Counter(found)


def test_strata_of_few_are_told_together(app):
    strata = {"lyon": 9, "lille": 3, "paris": 2, "metz": 0}
    draw = create_anonymous_draw(list(strata))
    for stratum, count in strata.items():
        invite(draw, stratum)
        wrote(draw, count, stratum=stratum)
    let_go(NOW + timedelta(days=60))
    assert Counter(stratum for stratum, _language, _day in told()) == {"lyon": 9, None: 5}


def test_a_stratum_joins_those_that_are_too_few_even_together(app):
    strata = {"lyon": 14, "lille": 11, "paris": 1}
    draw = create_anonymous_draw(list(strata))
    for stratum, count in strata.items():
        invite(draw, stratum)
        wrote(draw, count, stratum=stratum)
    let_go(NOW + timedelta(hours=6))
    assert Counter(stratum for stratum, _language, _day in told()) == {"lyon": 9, "lille": 6}
    let_go(NOW + timedelta(days=60))
    assert Counter(stratum for stratum, _language, _day in told()) == {"lyon": 14, None: 12}


def test_a_whole_draw_of_few_is_never_told(app):
    draw = create_anonymous_draw(["lyon", "lille"])
    wrote(draw, 2, stratum="lyon")
    wrote(draw, 2, stratum="lille")
    let_go(NOW + timedelta(days=60))
    assert told() == [] and exported(draw) == Counter()
    assert rows("SELECT stratum, size FROM answer_pools") == [("(together)", 4)]


def test_no_weight_picks_out_fewer_than_five(app):
    strata = {"lyon": 9, "lille": 6, "paris": 2, "metz": 4}
    draw = create_anonymous_draw(list(strata))
    for stratum, count in strata.items():
        wrote(draw, count, stratum=stratum)
        for _ in range(count % 3):
            invite(draw, stratum)
    let_go(NOW + timedelta(days=60))
    frame = dict(rows("SELECT stratum, eligible FROM draw_strata"))
    together = set(frame) - {stratum for stratum, _language, _day in told()}
    sizes = Counter(stratum for stratum, _language, _day in told())
    weights = {
        stratum: (sum(frame[one] for one in together) if stratum is None else frame[stratum]) / count
        for stratum, count in sizes.items()
    }
    assert all(
        sum(sizes[other] for other in weights if weights[other] == weight) >= FEWEST for weight in weights.values()
    )
    header, _lines = answer_table(draw.programme, EVERYTHING)
    assert not {"pi", "weight", "probability", "at", "time"} & set(header)


def dump():
    """Every row of every table, as text, by table."""
    return {
        name: [str(tuple(row)) for row in db.session.execute(table.select())]
        for name, table in db.metadata.tables.items()
    }


def test_no_other_table_and_no_log_knows_an_answer_after_the_end(app, capfd, caplog):
    """Interviews on the real pages: events, words, keys made of answers, jobs, ledger, outbox, access log."""
    draw = create_anonymous_draw()
    people = [invite(draw) for _ in range(11)]
    invite(draw)
    marks = [f"marque-{number}-fin" for number in range(11)]
    for invitation, mark in zip(people, marks, strict=True):
        ended = answer_all_posted(app, link_of(invitation), "1", "bill", mark)
        assert "/complain" in ended and "/call" in ended
    let_go(NOW + timedelta(hours=6))
    found = dump()
    for mark in marks:
        places = [name for name, lines in found.items() for line in lines if mark in line]
        assert places in (["anonymous_answers"], ["answer_pools"])
    assert not [line for lines in found.values() for line in lines if "web:" in line]
    assert found["answer_events"] == found["answer_texts"] == found["open_interviews"] == found["jobs"] == []
    names = {str(value) for one in people for value in (one.public_id, one.token_hash)}
    answers = "".join([*found["anonymous_answers"], *found["answer_pools"]])
    assert not [name for name in names if name in answers]
    said = "".join(capfd.readouterr()) + caplog.text
    assert not [mark for mark in marks if mark in said]


def answer_all_posted(app, link, *values):
    """Answer every screen; returns the last page."""
    from_page = visitor(app)
    answer_all(from_page, link, *values[:-1])
    return answer(from_page, link, values[-1]).text


def test_the_order_in_which_choices_were_shown_is_not_kept(app):
    """It follows from the public id of the invitation, and would name the person."""
    draw = create_anonymous_draw()
    invite(draw)
    wrote(draw, 12)
    let_go(NOW + timedelta(hours=6))
    for said in db.session.scalars(db.select(AnonymousAnswer.answers)):
        assert all(len(answer) == 3 and stored(answer[1]) == answer[1] for answer in said)


def test_the_file_of_the_database_holds_each_answer_once(app):
    """What was rewritten while it waited, and the interviews themselves, leave nothing in free pages."""
    draw = create_anonymous_draw()
    invite(draw)
    marks = [words for _name, words in wrote(draw, 12)]
    let_go(NOW + timedelta(hours=6))
    db.session.remove()
    with db.engine.connect() as connection:
        busy = connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    assert not busy
    content = (Path(app.instance_path) / "test.sqlite3").read_bytes()
    assert [content.count(mark.encode()) for mark in marks] == [1] * 12


def test_after_the_end_nobody_can_tell_who_answered(centre):
    draw = create_anonymous_draw()
    silent = [invite(draw).id for _ in range(6)]
    spoke = [name for name, _words in wrote(draw, 8)]
    let_go(NOW + timedelta(days=60))
    marks = {name: set() for name in ("silent", "spoke")}
    for group, ids in (("silent", silent), ("spoke", spoke)):
        for one in db.session.scalars(db.select(Invitation).where(Invitation.id.in_(ids))):
            past = tuple(db.session.scalars(db.select(InvitationEvent.disposition).filter_by(invitation_id=one.id)))
            reached = one.delivered_at, one.started_at, one.completed_at, one.reminders, one.reminded_at
            marks[group].add((one.disposition, reached, past))
    assert marks["silent"] == marks["spoke"] and len(marks["spoke"]) == 1


@pytest.mark.parametrize("kind", ["last page", "round"])
def test_a_failure_at_any_statement_leaves_all_linked_and_open_or_all_cut(centre, kind):
    draw = create_anonymous_draw()
    others = wrote(draw, 11)
    invite(draw)
    invitation = invite(draw)
    said = {"satisfaction": "1", "subject": "bill", "why": "marque"}
    for place in range(40):
        before = whole()
        try:
            with failing_at(place) as reached:
                if kind == "round":
                    let_go(NOW + timedelta(hours=6))
                else:
                    complete(invitation, said, commit=False)
                    db.session.commit()
        except Broken:
            db.session.rollback()
            assert whole() == before
        if reached[0] <= place:
            break
    else:
        pytest.fail("it never came to its end")
    assert place > 3 and whole() != before
    assert sum(one.size for one in db.session.scalars(db.select(AnswerPool))) + len(told()) == len(others) + (
        kind != "round"
    )
    assert db.session.scalars(db.select(OpenInterview)).all() == []


class Broken(Exception):
    """The power goes."""


class failing_at:
    """Break off at the statement of that number; ``reached`` is how many there were."""

    def __init__(self, place):
        self.place, self.reached = place, [0]

    def __enter__(self):
        event.listen(db.engine, "before_cursor_execute", self._count)
        return self.reached

    def __exit__(self, *_error):
        event.remove(db.engine, "before_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, *_rest):
        if statement.startswith(("SELECT", "BEGIN", "SAVEPOINT", "ROLLBACK", "COMMIT")):
            return
        self.reached[0] += 1
        if self.reached[0] > self.place:
            raise Broken


def whole():
    """What the tables say of interviews and answers."""
    found = dump()
    return {
        name: sorted(found[name])
        for name in ("invitations", "invitation_events", "open_interviews", "answer_pools", "anonymous_answers")
    }
