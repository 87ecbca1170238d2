"""Questionnaires with one fault each, in their texts, their pages, their SMS or their form; None: there is no fault."""

from surveys.publication import FORBIDS, WARNS
from tests.surveys.publication_cases import SCORE, SOLVED, WEB, asked, choices, last, questionnaire, text

WORDING = {
    # texts
    "unknown place": (last(hint=text("{scor}")), "unknown-place", "questions.last.hint", FORBIDS),
    "later place": (
        questionnaire(asked("first", "yes_no", hint=text("{solved}")), SOLVED),
        "later-place",
        "questions.first.hint",
        FORBIDS,
    ),
    "words repeated": (last(hint=text("« {words} »")), "place-of-words", "questions.last.hint", FORBIDS),
    "title of questions": (questionnaire(SOLVED, title=text("{solved}")), "unknown-place", "title", FORBIDS),
    "place not by sms": (
        questionnaire(WEB, asked("last", "yes_no", sms=text("Et {web} ?"))),
        "place-not-by-sms",
        "questions.last.sms",
        WARNS,
    ),
    "link missing": (
        questionnaire(SOLVED, messages={"link": text("{brand} : voir en ligne")}),
        "missing-place",
        "messages.link",
        FORBIDS,
    ),
    "place of another message": (
        questionnaire(SOLVED, messages={"thanks": text("Merci {form}")}),
        "unknown-place",
        "messages.thanks",
        FORBIDS,
    ),
    # layout
    "page broken": (
        questionnaire(asked("first", "yes_no", page="p"), SOLVED, asked("third", "yes_no", page="p")),
        "page-broken",
        "questions.third.page",
        FORBIDS,
    ),
    "same page": (
        questionnaire(
            asked("first", "yes_no", page="p"), asked("second", "yes_no", page="p", visible_if="{first} = 'no'")
        ),
        "same-page",
        "questions.second.visible_if",
        WARNS,
    ),
    # SMS
    "ranking by sms": (
        questionnaire(asked("first", "ranking", choices=choices("a", "b"))),
        "not-for-sms",
        "questions.first.sms",
        FORBIDS,
    ),
    "statement by sms": (questionnaire(asked("first", "statement")), "not-for-sms", "questions.first.sms", FORBIDS),
    "ten choices": (
        questionnaire(asked("first", "choice", choices=choices(*"abcdefghij"))),
        "too-many-choices",
        "questions.first.sms",
        FORBIDS,
    ),
    "waits for the web": (
        questionnaire(WEB, asked("last", "yes_no", visible_if="{web} = 'yes'")),
        "not-asked-by-sms",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "own words, filtered": (
        questionnaire(SCORE, asked("last", "choice", sms=text("1 a, 2 b"), choices=choices("a", "b", b="{score} < 3"))),
        "own-words-filtered",
        "questions.last.sms",
        FORBIDS,
    ),
    "own words, shuffled": (
        questionnaire(asked("last", "choice", sms=text("1 a, 2 b"), random_order=True, choices=choices("a", "b"))),
        "own-words-shuffled",
        "questions.last.sms",
        WARNS,
    ),
    "nothing by sms": (questionnaire(WEB), "nothing-by-sms", "questions", WARNS),
    "letters": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("Réglé ✓ ?"))),
        "sms-letters",
        "questions.last.sms",
        FORBIDS,
    ),
    "letters allowed": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("Réglé ✓ ?")), ucs2=True),
        None,
        None,
        None,
    ),
    "too long": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("a" * 307))),
        "too-many-parts",
        "questions.last.sms",
        FORBIDS,
    ),
    "long but allowed": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("a" * 307), parts=3)),
        None,
        None,
        None,
    ),
    "fewer parts than usual": (
        questionnaire(SOLVED, asked("last", "yes_no", sms=text("a" * 161), parts=1)),
        "too-many-parts",
        "questions.last.sms",
        FORBIDS,
    ),
    "long once filled in": (
        questionnaire(
            asked("why", "choice", choices=[{"id": "a", "label": text("a" * 90)}, {"id": "b", "label": text("b")}]),
            asked("last", "yes_no", sms=text("Et {why} ? " + "a" * 220)),
            parts=3,
        ),
        None,
        None,
        None,
    ),
    "too long once filled in": (
        questionnaire(
            asked("why", "choice", choices=[{"id": "a", "label": text("a" * 90)}, {"id": "b", "label": text("b")}]),
            asked("last", "yes_no", sms=text("Et {why} ? " + "a" * 220), parts=2),
            parts=3,
        ),
        "too-many-parts",
        "questions.last.sms",
        FORBIDS,
    ),
    "letters of a piped label": (
        questionnaire(
            asked(
                "why", "choice", sms=False, choices=[{"id": "a", "label": text("★")}, {"id": "b", "label": text("b")}]
            ),
            asked("last", "yes_no", sms=text("Et {why} ?")),
        ),
        "sms-letters",
        "questions.last.sms",
        FORBIDS,
    ),
    # form
    "theme": (questionnaire(asked("last", "yes_no", theme="mood")), "unknown-theme", "questions.last.theme", FORBIDS),
    "shuffled scale": (
        questionnaire(asked("last", "satisfaction", random_order=True)),
        "not-for-type",
        "questions.last.random_order",
        FORBIDS,
    ),
    "filtered scale": (
        questionnaire(SOLVED, asked("last", "satisfaction", choices=choices(*"12345", **{"2": "{solved} = 'no'"}))),
        "not-for-type",
        "questions.last.choices.2.visible_if",
        FORBIDS,
    ),
    "exclusive alone": (
        questionnaire(asked("last", "choice", choices=[*choices("a"), {**choices("b")[0], "exclusive": True}])),
        "not-for-type",
        "questions.last.choices.b.exclusive",
        FORBIDS,
    ),
    "alone where two must be": (
        questionnaire(
            asked("last", "multiple", least=2, choices=[*choices("a", "b"), {**choices("c")[0], "exclusive": True}])
        ),
        "exclusive-and-least",
        "questions.last.choices.c.exclusive",
        FORBIDS,
    ),
    "bounds crossed": (
        questionnaire(asked("last", "number", least=5, most=4)),
        "bounds-crossed",
        "questions.last",
        FORBIDS,
    ),
    "bounds of a date": (
        questionnaire(asked("last", "date", least="2026-02-30")),
        "bad-value",
        "questions.last.least",
        FORBIDS,
    ),
    "more than there are": (
        questionnaire(asked("last", "multiple", most=4, choices=choices("a", "b"))),
        "more-than-choices",
        "questions.last",
        FORBIDS,
    ),
    "eleven parts": (questionnaire(SOLVED, parts=11), "out-of-bounds", "parts", FORBIDS),
    "jumps that are none": (
        questionnaire(asked("last", "yes_no", jumps=["end"])),
        "bad-value",
        "questions.last.jumps",
        FORBIDS,
    ),
    "jump without target": (
        questionnaire(asked("last", "yes_no", jumps=[{"if": "{last} = 'no'"}])),
        "bad-value",
        "questions.last.jumps.0.to",
        FORBIDS,
    ),
    "jump with a bad condition": (
        questionnaire(asked("last", "yes_no", jumps=[{"if": "{last}", "to": "end"}])),
        "bad-condition",
        "questions.last.jumps.0.if",
        FORBIDS,
    ),
}
