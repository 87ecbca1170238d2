"""The words for what is wrong with conditions, jumps and names in texts."""

from collections.abc import Callable

from flask_babel import gettext as _

from surveys.pages.facts import Facts, answered, listed, meant, spoken


def _bad_condition(facts: Facts) -> str:
    said = _("the condition “%(found)s” cannot be read", found=facts["found"])
    rest = facts.get("rest")
    return said + (
        _(", from “%(rest)s” on", rest=rest) if rest else _(": it ends too early, or is too long or too deep")
    )


def _later_question(facts: Facts) -> str:
    if facts.get("own"):
        return _("the condition looks at its own question, which has no answer before it is asked: name an earlier one")
    return _(
        "the condition looks at “%(name)s”, which is asked later: move this question behind it, or name an earlier one",
        name=facts["name"],
    )


def _never_asked(facts: Facts) -> str:
    said = _("this question is never asked: no answers make “%(condition)s” hold", condition=facts["condition"])
    if facts["never_asked"]:
        return said + _("; %(names)s are never asked either, mend that first", names=listed(facts["never_asked"]))
    return said + _("; correct the condition or take the question out")


def _nothing_to_choose(facts: Facts) -> str:
    if not facts["answers"]:
        return _("an answer is required and no choice is shown: let one be shown always")
    return _(
        "an answer is required and no choice is shown after %(answers)s: let one be shown always",
        answers=answered(facts),
    )


def _fewer_than_least(facts: Facts) -> str:
    if not facts["answers"]:
        return _("more choices must be taken than are shown: lower “least”, or let more be shown always")
    return _(
        "more choices must be taken than are shown after %(answers)s: lower “least”, or let more be shown always",
        answers=answered(facts),
    )


LOGIC: dict[str, Callable[[Facts], str]] = {
    "bad-condition": _bad_condition,
    "later-question": _later_question,
    "wrong-value": lambda facts: (
        _("“%(name)s” never has the value “%(value)s”", name=facts["name"], value=facts["value"]) + meant(facts)
    ),
    "wrong-operator": lambda facts: _(
        "“%(operator)s” means nothing for “%(name)s”, a question of type %(type)s: use one of %(known)s",
        operator=facts["operator"],
        name=facts["name"],
        type=facts["type"],
        known=listed(facts["known"]),
    ),
    "circle": lambda facts: _(
        "these questions wait for one another: %(names)s; let one of them be asked without a condition",
        names=" → ".join(facts["names"]),
    ),
    "unknown-jump": lambda facts: _("there is no question “%(to)s” to jump to", to=facts["to"]) + meant(facts),
    "backward-jump": lambda facts: (
        _("a jump leads forward only, and “%(to)s” does not come later", to=facts["to"]) + meant(facts)
    ),
    "not-asked-by-sms": lambda facts: _(
        "the condition looks at “%(name)s”, which is not asked by SMS: ask that by SMS too, or this on the web only",
        name=facts["name"],
    ),
    "never-asked": _never_asked,
    "no-choice-ever": lambda _facts: _(
        "this question is never asked, since none of its choices is ever shown: correct their conditions"
    ),
    "jumped-over": lambda facts: _(
        "this question is never asked: %(by)s always jump over it; give a jump a condition, or another target",
        by=listed(facts["by"]),
    ),
    "nothing-to-choose": _nothing_to_choose,
    "fewer-than-least": _fewer_than_least,
    "never-holds": lambda facts: _(
        "no answers make “%(condition)s” hold: correct it or take it out", condition=facts["condition"]
    ),
    "always-holds": lambda facts: _(
        "“%(condition)s” holds whatever is answered: correct it or take it out", condition=facts["condition"]
    ),
    "never-taken": lambda facts: _(
        "the jump to “%(to)s” is never taken: an earlier jump always is; change their order or take it out",
        to=facts["to"],
    ),
    "too-many-ways": lambda _facts: _(
        "there are too many ways through the questionnaire to follow them all, so nobody can say whether every question"
        " is asked: try it, or use fewer conditions"
    ),
    "unknown-place": lambda facts: (
        _(
            "in “%(language)s”, {%(name)s} is neither a fact of the contact nor a question asked before",
            language=spoken(facts),
            name=facts["name"],
        )
        + meant(facts)
    ),
    "later-place": lambda facts: _(
        "in “%(language)s”, the text names {%(name)s}, which has no answer yet: name an earlier question",
        language=spoken(facts),
        name=facts["name"],
    ),
    "place-of-words": lambda facts: _(
        "in “%(language)s”, the text names {%(name)s}, of type %(type)s: what a person wrote is never repeated; take it"
        " out",
        language=spoken(facts),
        name=facts["name"],
        type=facts["type"],
    ),
    "missing-place": lambda facts: _(
        "in “%(language)s”, {%(name)s} is missing: put it where it belongs",
        language=spoken(facts),
        name=facts["name"],
    ),
}
