"""The words of the editor: types, themes, acts on a draft, and the fields a problem is in."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

TYPES = {
    "satisfaction": _l("Satisfaction, 1 to 5"),
    "recommendation": _l("Recommendation, 0 to 10"),
    "effort": _l("Effort, 1 to 7"),
    "yes_no": _l("Yes or no"),
    "choice": _l("One choice of a list"),
    "multiple": _l("Several choices of a list"),
    "ranking": _l("Ranking of a few (web only)"),
    "number": _l("Number"),
    "date": _l("Date"),
    "text": _l("Short text"),
    "comment": _l("Comment"),
    "statement": _l("Statement or consent"),
}
THEMES = {
    "access": _l("Access"),
    "taking_charge": _l("Taking charge"),
    "handling": _l("Handling"),
    "conclusion": _l("Conclusion"),
    "complaint_handling": _l("Complaint handling"),
    "appeal_handling": _l("Appeal handling"),
    "overall": _l("Overall"),
}
PURPOSES = {
    "complaint": _l("Offers to open a complaint"),
    "call_back": _l("Offers a call back"),
}
WANTS = {
    "complaint": _l("a complaint"),
    "callback": _l("a call back"),
    "none": _l("nothing"),
}
POLARITIES = {"higher": _l("Higher is better"), "lower": _l("Lower is better")}
QUESTION_FIELDS = {
    "id": _l("Id"),
    "type": _l("Type"),
    "title": _l("Question"),
    "hint": _l("Hint"),
    "low_end": _l("Lowest end"),
    "high_end": _l("Highest end"),
    "choices": _l("Choices"),
    "sms": _l("Words by SMS"),
    "parts": _l("Most SMS parts"),
    "visible_if": _l("Asked when"),
    "required": _l("An answer is required"),
    "required_if": _l("Required when"),
    "jumps": _l("Jumps"),
    "page": _l("Screen"),
    "theme": _l("Theme"),
    "purpose": _l("Purpose"),
    "polarity": _l("Direction of the scale"),
    "random_order": _l("Choices in random order"),
    "least": _l("Least"),
    "most": _l("Most"),
    "decimals": _l("Decimals"),
    "not_applicable": _l("“Not applicable”"),
    "prefer_not": _l("“I prefer not to answer”"),
    "consent": _l("Words beside the box"),
    "label": _l("Label"),
    "words": _l("Short replies by SMS"),
    "wants": _l("Asks us for"),
    "fixed": _l("Keeps its place"),
    "exclusive": _l("Excludes the others"),
    "to": _l("Goes to"),
    "if": _l("When"),
    "messages": _l("Messages"),
    "languages": _l("Languages"),
    "questions": _l("Questions"),
    "ucs2": _l("Letters outside the SMS alphabet"),
}
LANGUAGES = {
    "fr": "Français", "en": "English", "de": "Deutsch", "es": "Español", "it": "Italiano", "nl": "Nederlands",
    "pt": "Português", "ar": "العربية", "pl": "Polski", "ro": "Română", "tr": "Türkçe",
}  # fmt: skip


def act_words(act: str, subject: str) -> str:
    """What somebody did to a draft; ``subject`` is the question or language it was done to."""
    said = {
        "began": _("Began the draft"),
        "imported": _("Brought a whole questionnaire"),
        "added": _("Added %(subject)s", subject=subject),
        "changed": _("Changed %(subject)s", subject=subject),
        "moved": _("Moved %(subject)s", subject=subject),
        "duplicated": _("Duplicated %(subject)s", subject=subject),
        "deleted": _("Deleted %(subject)s", subject=subject),
        "settings": _("Changed the settings"),
        "language": _("Changed the languages (%(subject)s)", subject=subject),
        "undone": _("Undid"),
        "redone": _("Did again"),
        "restored": _("Went back to an older state"),
        "discarded": _("Discarded the draft"),
    }
    return said.get(act, act)


def place_words(where: str) -> str:
    """The field a problem is in, without its question: "questions.solved.choices.yes.label" → Choices · yes · Label."""
    steps = where.split(".")
    steps = steps[2:] if steps[0] == "questions" and len(steps) > 1 else steps
    return " · ".join(_step(step) for step in steps)


def language_name(code: str) -> str:
    """A language by its own name, or its code."""
    return LANGUAGES.get(code, code)


def _step(step: str) -> str:
    if step.isdecimal():
        return str(int(step) + 1)
    return str(QUESTION_FIELDS.get(step, step))
