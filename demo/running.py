"""The month that is running: contacts told one day after the other, a continuous draw that takes some as they come."""

import random
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

import contacts.services as contacts
import surveys.services.programmes as programmes
from contacts.gaps import Cell
from contacts.models import Principal
from contacts.queries.days import daily_counts
from contacts.queries.reconciliation import unexplained
from contacts.services.submissions import record_submitted
from contacts.submitted import read_submitted
from demo.agenda import Agenda
from demo.answering import plan_fresh_answers
from demo.centre import SITES
from demo.log import AGENTS, FIRST_NAMES, LAST_NAMES
from foundation.database import db
from foundation.web.clock import utc_now
from surveys.eligibility import Rules
from surveys.services.continuous import open_draw
from surveys.terms import Terms

ZONE = ZoneInfo("Europe/Paris")
CLIENT = "energie-rhone"
SOURCE = "central téléphonique"
KEY = "energie-rhone-au-fil"
TITLE = "Énergie du Rhône: a continuous draw, day by day"
A_DAY = 10
#: Words of its log; nobody said yet what the last one stands for.
WORDS = ("facturation", "facturation", "relevé de compteur", "emménagement", "panne", "borne de recharge")
LINES = {"panne": "04 65 71 30 11"}
#: The same person twice, by two numbers: a person has to look at that.
TWICE = ("Élodie Garnier", "elodie.garnier@energie-rhone.example")


def begin(version_id: int, days: tuple[date, date], actor_id: int) -> None:
    """Make the programme and open its draw of these days, both inclusive, before the first."""
    principal_id = _principal()
    terms = Terms(
        version_id=version_id,
        collection="sms",
        rules=Rules(outcomes=("answered",), directions=("in",)),
        strata=("site",),
        method="everyone",
        draw_kind="continuous",
        design={"rates": {"": "3/10"}},
        quarantine_days=30,
    )
    new = programmes.NewProgramme(KEY, "Énergie du Rhône, au fil des contacts", principal_id, terms)
    open_draw(programmes.create_programme(new, utc_now(), actor_id), *days, utc_now(), actor_id)


def plan_days(agenda: Agenda, days: tuple[date, date], now: datetime, quality: int) -> None:
    """Let the contacts of each of these days come in at its end, and after the last of them what the source counted."""
    chance = random.Random(f"running {days[0]}")
    people = [_person(number, chance) for number in range(90)]
    working = [day for day in _each(*days) if day.weekday() < 6 and _evening(day) < now]
    for place, day in enumerate(working):
        rows = [_row(day, number, people, chance) for number in range(A_DAY)]
        if place in (1, 2):
            rows.append(_row(day, A_DAY, [(TWICE[0], f"06 39 98 72 0{place}", TWICE[1])], chance))
        agenda.plan(_evening(day), TITLE, partial(_record, rows))
        answers = partial(plan_fresh_answers, agenda, TITLE, _evening(day), now, chance)
        agenda.plan(_evening(day) + timedelta(minutes=2), TITLE, answers, settles=False)
    if working:
        agenda.plan(_evening(working[-1]) + timedelta(minutes=5), TITLE, partial(_tell, working, quality))


def _record(rows: list[dict[str, str]]) -> None:
    principal_id, now = _principal(), utc_now()
    around = contacts.surroundings(principal_id, None, now)
    became = record_submitted(principal_id, list(read_submitted(enumerate(rows, 1), around)), now)
    assert all(one.outcome == "added" for one in became), [one.submitted for one in became]


def _tell(days: list[date], quality: int) -> None:
    """The source counted two more on one day, which somebody explained, and three more on another: not yet."""
    principal_id, now = _principal(), utc_now()
    counted = daily_counts(principal_id, days[0], days[-1])
    first, second = (_busiest(counted, days[place]) for place in (0, -1))
    contacts.tell_counts(
        principal_id, {**counted, first: counted[first] + 2, second: counted[second] + 3}, now, quality
    )
    reason = "Deux appels d’essai de l’installateur, le matin de la mise en service ; ils ne sont pas des contacts."
    gap = next(gap for gap in unexplained(principal_id, days[0], days[-1], now) if gap.cell == first)
    contacts.explain(principal_id, gap, reason, now, quality)


def _busiest(counted: dict[Cell, int], day: date) -> Cell:
    return max((cell for cell in counted if cell.day == day), key=lambda cell: (counted[cell], -cell.site_id))


def _person(number: int, chance: random.Random) -> tuple[str, str, str]:
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    return name, f"06 39 98 70 {number:02d}", f"abonne{number}@{CLIENT}.example" if chance.random() < 0.3 else ""


def _row(day: date, number: int, people: list[tuple[str, str, str]], chance: random.Random) -> dict[str, str]:
    """One contact as a telephone system sends it to the API."""
    begun = datetime.combine(day, time(8), ZONE) + timedelta(seconds=chance.randrange(10 * 3600))
    name, phone, email = chance.choice(people)
    # Three sites have contacts every day: a day without any would be asked about.
    site = SITES[number].key if number < 3 else chance.choices(SITES, weights=(4, 3, 2, 1))[0].key
    word = chance.choice(WORDS)
    answered = chance.random() < 0.93
    return {
        "source": SOURCE,
        "external_id": f"{CLIENT}-{day:%y%m%d}-{number:03d}",
        "started_at": begun.isoformat(),
        "ended_at": (begun + timedelta(seconds=chance.randrange(60, 900))).isoformat(),
        "site": site,
        "channel": "phone",
        "direction": "in",
        "entry_point": LINES.get(word, "04 65 71 30 10"),
        "outcome": "answered" if answered else "unanswered",
        "reason": word,
        "agent": chance.choice(AGENTS[site]) if answered else "",
        "language": "fr",
        "phone": phone,
        "email": email,
        "name": name,
    }


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(19), ZONE)


def _principal() -> int:
    return db.session.scalars(select(Principal.id).filter_by(key=CLIENT)).one()
