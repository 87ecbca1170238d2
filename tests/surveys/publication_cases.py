"""Questionnaires with one fault each, in their logic: what is found, where, and how grave it is."""

from surveys.publication import FORBIDS, WARNS

LANGUAGES = ("fr", "en")


def text(words):
    return dict.fromkeys(LANGUAGES, words)


def choices(*ids, **conditions):
    return [
        {"id": name, "label": text(f"Choix {name}")} | ({"visible_if": conditions[name]} if name in conditions else {})
        for name in ids
    ]


def asked(name, kind, **keys):
    made = {"id": name, "type": kind, "title": text(f"Question {name} ?")}
    if kind == "satisfaction":
        made["choices"] = choices(*"12345")
    if kind == "yes_no":
        made["choices"] = choices("yes", "no")
    return made | keys


def questionnaire(*questions, **keys):
    base = {"format": "satisfecit-questionnaire/1", "key": "made", "languages": list(LANGUAGES), "title": text("Avis")}
    return {**base, "questions": list(questions)} | keys


SCORE = asked("score", "satisfaction")
SOLVED = asked("solved", "yes_no")
WHY = asked("why", "choice", choices=choices("bill", "fault", "other"))
SEVERAL = asked("several", "multiple", choices=choices("a", "b", "c"))
COUNT = asked("count", "number", least=0, most=10)
DAY = asked("day", "date", least="2026-01-01", most="2026-12-31")
WORDS = asked("words", "comment")
WEB = asked("web", "yes_no", sms=False)
ALL = [SCORE, SOLVED, WHY, SEVERAL, COUNT, DAY, WORDS, WEB]


def last(kind="yes_no", **keys):
    return questionnaire(*ALL, asked("last", kind, sms=False, **keys))


LOGIC = {
    # names
    "reserved": (questionnaire(asked("brand", "yes_no")), "reserved-id", "questions.brand", FORBIDS),
    "twice": (questionnaire(SOLVED, SOLVED), "duplicate-id", "questions.solved", FORBIDS),
    "unknown": (last(visible_if="{scor} = 1"), "unknown-name", "questions.last.visible_if", FORBIDS),
    "own": (last(visible_if="{last} = 'yes'"), "later-question", "questions.last.visible_if", FORBIDS),
    "own required": (last(required_if="{last} = 'yes'"), "later-question", "questions.last.required_if", FORBIDS),
    "later": (
        questionnaire(asked("first", "yes_no", visible_if="{solved} = 'yes'"), SOLVED),
        "later-question",
        "questions.first.visible_if",
        FORBIDS,
    ),
    "circle": (
        questionnaire(
            asked("first", "yes_no", visible_if="{second} = 'yes'"),
            asked("second", "yes_no", required_if="{third} = 'yes'"),
            asked("third", "yes_no", visible_if="{first} notempty"),
        ),
        "circle",
        "questions.first",
        FORBIDS,
    ),
    "circle by jump": (
        questionnaire(
            asked("first", "yes_no", visible_if="{second} = 'yes'", jumps=[{"if": "{first} = 'no'", "to": "third"}]),
            asked("second", "yes_no"),
            asked("third", "yes_no"),
        ),
        "circle",
        "questions.first",
        FORBIDS,
    ),
    # types
    "value outside the scale": (last(visible_if="{score} = 6"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "value of another kind": (last(visible_if="{score} = '5'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "no such choice": (last(visible_if="{why} anyof ['bil']"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "no such member": (last(visible_if="{several} contains 'z'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "not offered": (last(visible_if="{why} = '_na'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "number outside": (last(visible_if="{count} = 11"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "half a whole number": (last(visible_if="{count} = 1.5"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "no day": (last(visible_if="{day} > '2026-02-30'"), "wrong-value", "questions.last.visible_if", FORBIDS),
    "order of choices": (last(visible_if="{why} < 'bill'"), "wrong-operator", "questions.last.visible_if", FORBIDS),
    "scalar contains": (
        last(visible_if="{why} contains 'bill'"),
        "wrong-operator",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "list equals": (last(visible_if="{several} = 'a'"), "wrong-operator", "questions.last.visible_if", FORBIDS),
    "words compared": (last(visible_if="{words} = 'x'"), "wrong-operator", "questions.last.visible_if", FORBIDS),
    "threshold elsewhere": (
        last(visible_if="{count} < {low_score}"),
        "wrong-value",
        "questions.last.visible_if",
        FORBIDS,
    ),
    # jumps
    "jump nowhere": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "nowhere"}]), SOLVED),
        "unknown-jump",
        "questions.first.jumps.0.to",
        FORBIDS,
    ),
    "jump back": (
        questionnaire(SOLVED, asked("second", "yes_no", jumps=[{"if": "{second} = 'no'", "to": "solved"}])),
        "backward-jump",
        "questions.second.jumps.0.to",
        FORBIDS,
    ),
    "jump to itself": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "first"}]), SOLVED),
        "backward-jump",
        "questions.first.jumps.0.to",
        FORBIDS,
    ),
    "jumped over": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "third"}]), SOLVED, asked("third", "yes_no")),
        "jumped-over",
        "questions.solved",
        FORBIDS,
    ),
    "ended before": (
        questionnaire(
            asked("first", "yes_no", jumps=[{"if": "{first} = 'yes'", "to": "end"}, {"to": "end"}]),
            SOLVED,
        ),
        "jumped-over",
        "questions.solved",
        FORBIDS,
    ),
    "jump after a sure one": (
        questionnaire(asked("first", "yes_no", jumps=[{"to": "solved"}, {"to": "end"}]), SOLVED),
        "never-taken",
        "questions.first.jumps.1",
        WARNS,
    ),
    "jump that never is": (
        questionnaire(SCORE, asked("second", "yes_no", jumps=[{"if": "{score} > 5", "to": "end"}]), SOLVED),
        "never-holds",
        "questions.second.jumps.0.if",
        WARNS,
    ),
    "jump by the web alone": (
        questionnaire(
            asked("first", "yes_no", sms=False, jumps=[{"if": "{first} = 'no'", "to": "end"}]),
            SOLVED,
        ),
        "jump-not-by-sms",
        "questions.first.jumps.0",
        WARNS,
    ),
    "always jumped over by the web alone": (
        questionnaire(asked("first", "yes_no", sms=False, jumps=[{"to": "third"}]), SOLVED, asked("third", "yes_no")),
        "jump-not-by-sms",
        "questions.first.jumps.0",
        WARNS,
    ),
    # what never happens
    "contradiction": (
        last(visible_if="{score} < 3 and {score} > 3"),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "contradiction of numbers": (
        last(visible_if="{count} > 4 and {count} < 5"),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "beyond the bounds": (
        questionnaire(
            asked("half", "number", decimals=1, least=0, most=10), asked("last", "yes_no", visible_if="{half} > 10")
        ),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "between two numbers": (
        questionnaire(
            asked("half", "number", decimals=1), asked("last", "yes_no", visible_if="{half} > 3 and {half} < 4")
        ),
        None,
        None,
        None,
    ),
    "one day alone": (last(visible_if="{day} = '2026-05-05'"), None, None, None),
    "between two days": (last(visible_if="{day} > '2026-05-05' and {day} < '2026-05-07'"), None, None, None),
    "contradiction of days": (
        last(visible_if="{day} > '2026-05-01' and {day} < '2026-05-02'"),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "through a parent": (
        questionnaire(
            SCORE,
            asked("parent", "yes_no", visible_if="{score} <= 2"),
            asked("child", "yes_no", visible_if="{parent} = 'yes' and {score} = 5"),
        ),
        "never-asked",
        "questions.child.visible_if",
        FORBIDS,
    ),
    "through a jump": (
        questionnaire(
            SCORE,
            asked("second", "yes_no", jumps=[{"if": "{score} >= 3", "to": "end"}]),
            asked("third", "yes_no", visible_if="{score} = 4"),
        ),
        "never-asked",
        "questions.third.visible_if",
        FORBIDS,
    ),
    "a choice that is not shown is not chosen": (
        questionnaire(
            SCORE,
            asked("second", "choice", choices=choices("a", "b", b="{score} <= 2")),
            asked("third", "yes_no", visible_if="{second} = 'b' and {score} = 5"),
        ),
        "never-asked",
        "questions.third.visible_if",
        FORBIDS,
    ),
    "no choice ever": (
        questionnaire(SCORE, asked("second", "choice", choices=choices("a", "b", a="{score} > 5", b="{score} > 5"))),
        "no-choice-ever",
        "questions.second.choices",
        FORBIDS,
    ),
    "nothing to choose": (
        questionnaire(
            SCORE,
            asked("second", "choice", required=True, choices=choices("a", "b", a="{score} < 3", b="{score} > 3")),
        ),
        "nothing-to-choose",
        "questions.second.choices",
        FORBIDS,
    ),
    "nothing to choose and nothing required": (
        questionnaire(SCORE, asked("second", "choice", choices=choices("a", "b", a="{score} < 3", b="{score} > 3"))),
        None,
        None,
        None,
    ),
    "fewer than must be taken": (
        questionnaire(SCORE, asked("second", "multiple", least=2, choices=choices("a", "b", "c", b="{score} < 3"))),
        None,
        None,
        None,
    ),
    "fewer than must be taken after all": (
        questionnaire(
            SCORE,
            asked("second", "multiple", least=2, choices=choices("a", "b", "c", b="{score} < 3", c="{score} < 3")),
        ),
        "fewer-than-least",
        "questions.second.least",
        FORBIDS,
    ),
    "too many ways": (
        questionnaire(
            *(asked(f"q{number}", "yes_no") for number in range(9)),
            asked("last", "yes_no", visible_if=" or ".join(f"{{q{number}}} = 'yes'" for number in range(9))),
        ),
        "too-many-ways",
        "questions",
        WARNS,
    ),
    # what always happens
    "always": (last(visible_if="{score} >= 1"), "always-holds", "questions.last.visible_if", WARNS),
    "always of two": (
        last(visible_if="{score} < 3 or {score} > 2 or {score} empty"),
        "always-holds",
        "questions.last.visible_if",
        WARNS,
    ),
    "asked whether anything was said": (last(visible_if="{words} notempty or {score} notempty"), None, None, None),
    "for some threshold": (last(visible_if="{score} <= {low_score} and {score} > 3"), None, None, None),
    "for no threshold": (
        last(visible_if="{score} <= {low_score} and {score} = 5"),
        "never-asked",
        "questions.last.visible_if",
        FORBIDS,
    ),
    "never required": (last(required_if="{score} > 5"), "never-holds", "questions.last.required_if", WARNS),
    "never chosen": (
        last("choice", choices=choices("a", "b", b="{score} > 5")),
        "never-holds",
        "questions.last.choices.b.visible_if",
        WARNS,
    ),
}
