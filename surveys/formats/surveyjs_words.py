"""The vocabulary that SurveyJS documents share with ours, whichever way they go."""

#: What SurveyJS has no word for travels under this property, which it ignores.
OURS = "satisfecit"
#: Under it: a condition in its author's own spelling, where SurveyJS needs another.
WRITTEN = "written"
#: The name of a page that is nothing but one question's own screen.
SCREEN = "screen-{}"
ONE_PER_SCREEN = "questionPerPage"
SCALES = {"satisfaction": (1, 5), "recommendation": (0, 10), "effort": (1, 7)}
LISTS = {"choice": "radiogroup", "multiple": "checkbox", "ranking": "ranking"}
ELEMENTS = {
    **dict.fromkeys(SCALES, "rating"),
    **LISTS,
    "yes_no": "boolean",
    "number": "text",
    "date": "text",
    "text": "text",
    "comment": "comment",
    "statement": "html",
}
# Our own field → the property of SurveyJS with the same meaning.
TEXTS = {
    "title": "title",
    "hint": "description",
    "low_end": "minRateDescription",
    "high_end": "maxRateDescription",
}
CONDITIONS = {"visible_if": "visibleIf", "required_if": "requiredIf"}
#: What we keep of a question as it is, under OURS.
OWN = ("theme", "purpose", "sms", "polarity", "not_applicable", "parts", "jumps")
OWN_OF_CHOICES = ("words", "wants", "fixed")
OWN_OF_ALL = ("format", "key", "languages", "messages", "parts", "ucs2")
