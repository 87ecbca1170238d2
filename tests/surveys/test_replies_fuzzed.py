"""Whatever people send or post: a value of the question, or a refusal by code, and nothing else."""

import json
import os
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.pages.answers import FAULTS
from surveys.questions.base import Unreadable, stored
from surveys.questions.declining import PHRASES
from surveys.questions.registry import TYPES
from surveys.replies import UNSTORABLE
from surveys.reply_dates import is_iso
from tests.surveys.question_factories import DECLINING, choice, question

EXAMPLES = 10_000 if os.environ.get("LONG") else 300

LABELS = st.sampled_from(
    [
        "Facture",
        "Oui",
        "Oui, mais lentement",
        "2 ou plus",
        "3",
        "Un conseiller",
        "C++",
        "n/a",
        "Aucun",
        "Été",
        "😀",
        "5/5",
    ]
) | st.text(min_size=1, max_size=12)
IDS = ["a", "b2", "3", "10", "none", "long_id"]
PIECES = st.sampled_from(
    (
        "8 0 1 3 10 13 -5 7,5 1.200 25 12/03 12/03/2026 31/02/2026 2026-03-12 99999999999 ² ٨ ８ 8️⃣ 🔟 👍🏽 ❌"
        " huit quatre-vingt-dix twenty-five cent un une oui non yes n/a aucun rien hier demain mars mardi et ou and or"
        " mais but merci bonjour Facture Oui fois jours minutes h € % / - . , ; : ' ! ? \u202f \x00 \n"
        " _na _private _words seen no a b2 long_id"
    ).split(" ")
)
BODIES = (
    st.lists(PIECES, max_size=6).map(" ".join)
    | st.lists(PIECES, max_size=6).map("".join)
    | st.text(max_size=40)
    | st.sampled_from([*PHRASES["_na"], *PHRASES["_private"]])
    | st.just("9" * 6000)
    | st.just("merci " * 900)
)


@st.composite
def questions(draw):
    """A question of any type, with labels, bounds and choices that ask for trouble."""
    name = draw(st.sampled_from(sorted(TYPES)))
    kind, changes = TYPES[name], {}
    ids = kind.choice_ids or tuple(draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=6, unique=True)))
    if kind.accepts_choices:
        alone = draw(st.sampled_from([None, *ids])) if name == "multiple" else None
        changes["choices"] = tuple(choice(each, draw(LABELS), draw(LABELS), exclusive=each == alone) for each in ids)
    if "decimals" in kind.keys:
        changes["decimals"] = draw(st.integers(0, 3))
    if "least" in kind.keys and draw(st.booleans()):
        days = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat)
        bounds = {"date": days, "number": st.integers(-20, 2000)}.get(name, st.integers(0, len(ids)))
        changes["least"], changes["most"] = sorted((draw(bounds), draw(bounds)))
    if name == "statement" and draw(st.booleans()):
        changes["consent"] = {"fr": "J’accepte", "en": "I agree"}
    if draw(st.booleans()):
        changes |= DECLINING
    return question(name, required=draw(st.booleans()), **changes)


def fits(asked, value):
    """Whether a value is one that an answer to the question may have, worked out apart from its type."""
    if value in ("_na", "_private"):
        return bool(asked.not_applicable)
    name, ids = asked.type.name, [each.id for each in asked.choices]
    least, most = asked.least, asked.most
    if name in ("comment", "text"):
        return value is None
    if name == "date":
        return is_iso(value) and (least is None or least <= value <= most)
    if name == "number":
        whole = isinstance(value, int) and not isinstance(value, bool)
        exact = whole if asked.decimals == 0 else isinstance(value, float) and round(value, asked.decimals) == value
        return exact and (least is None or least <= value <= most)
    if name in ("multiple", "ranking"):
        known = set(value) <= set(ids) and len(set(value)) == len(value) > 0
        alone = [each.id for each in asked.choices if each.exclusive]
        in_order = name == "ranking" or list(value) == [each for each in ids if each in value]
        return known and in_order and (len(value) == 1 or not set(alone) & set(value)) and _counts(asked, value)
    if name == "statement":
        return value in (("yes", "no") if asked.consent else ("seen",))
    if name in ("choice", "yes_no"):
        return value in ids
    return str(value) in asked.type.choice_ids and isinstance(value, int)


def _counts(asked, value):
    return asked.least is None or asked.least <= len(value) <= asked.most


def read(read_one, *arguments):
    """What was read, or None for a refusal; one of a cell in a file has words on the page of files."""
    try:
        return read_one(*arguments)
    except Unreadable as fault:
        assert fault.code in FAULTS or read_one.__name__ == "parse_sms"
        return None


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(
    questions(),
    st.lists(BODIES, min_size=1, max_size=4),
    st.sampled_from(["fr", "en", "de"]),
    st.dates(date(2025, 1, 1), date(2028, 1, 1)) | st.none(),
    st.randoms(use_true_random=False),
)
def test_every_reply_and_every_post_is_a_value_of_the_question_or_refused(asked, bodies, language, day, chance):
    kind, ids = asked.type, [each.id for each in asked.choices]
    order = tuple(chance.sample(ids, chance.randint(1, len(ids)))) if ids else ()
    readings = [read(kind.parse_sms, asked, body, language, order, day) for body in bodies]
    readings += [read(kind.parse_cell, asked, body) for body in bodies]
    readings += [
        read(kind.parse_web, asked, raw, shown) for raw in (bodies, bodies[:1], ids[:2]) for shown in ((), order)
    ]
    codes, domain = {}, kind.domain(asked)
    for reading in readings:
        if reading is None or reading.skipped:
            continue
        value = reading.value
        assert fits(asked, value)
        assert domain is None or value in domain
        assert stored(json.loads(json.dumps(value))) == value
        assert not UNSTORABLE.search(reading.words)
        assert isinstance(kind.label(asked, value, "fr"), str)
        code = kind.code(asked, value)
        assert codes.setdefault(code, value) == value
        if value is not None:
            assert kind.parse_cell(asked, code).value == value
    assert len(set(codes.values())) == len(codes)


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(questions(), BODIES)
def test_the_words_beside_an_answer_are_the_customers_own(asked, body):
    reading = read(asked.type.parse_sms, asked, body, "fr", (), date(2026, 11, 23))
    if reading is not None:
        assert "".join(reading.words.split()) in "".join(UNSTORABLE.sub("", body).split())
