"""One question as a form shows it: plain values for a template, free of whoever answers until they are filled in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from surveys.questions.base import DECLINED, Option, Question, Value

#: How a type is drawn: the name of its macro in ``templates/survey/_fields.html``.
DRAWN_AS = {
    "satisfaction": "scale",
    "recommendation": "ten",
    "effort": "seven",
    "yes_no": "list",
    "choice": "list",
    "multiple": "boxes",
    "ranking": "ranks",
    "number": "number",
    "date": "date",
    "text": "line",
    "comment": "words",
    "statement": "statement",
}


@dataclass(frozen=True)
class Field:
    """A question in one language. ``picked`` are the values that stand in it; ``words`` what is typed in it.

    ``proposed`` is the value a link brought along: it looks unconfirmed until it is tapped. ``refusal`` is the code
    of the reason for which the last attempt was not taken.
    """

    id: str
    drawn_as: str
    title: str
    hint: str = ""
    low_end: str = ""
    high_end: str = ""
    options: tuple[Option, ...] = ()
    declining: tuple[Option, ...] = ()
    exclusive: frozenset[str] = frozenset()
    required: bool = False
    least: int | float | str | None = None
    most: int | float | str | None = None
    decimals: int = 0
    consent: str = ""
    letters: int = 0
    picked: tuple[str, ...] = ()
    words: str = ""
    proposed: str = ""
    refusal: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it is several controls under one legend."""
        return self.drawn_as in ("scale", "ten", "seven", "list", "boxes", "ranks")

    @property
    def has_label(self) -> bool:
        """Whether it is one control whose label is the question."""
        return self.drawn_as in ("number", "date", "line", "words")

    @property
    def ranks(self) -> int:
        """How many ranks may be given."""
        return min(len(self.options), int(self.most or len(self.options)))

    @property
    def asks(self) -> bool:
        """Whether it can be left empty: a statement without consent asks nothing."""
        return self.drawn_as != "statement" or bool(self.consent)


def field_of(
    question: Question, order: Sequence[str], language: str, required: bool, said: Callable[[str], str]
) -> Field:
    """The empty field of a question: ``order`` are the ids of the choices shown, ``said`` fills in places in texts."""
    drawn_as = DRAWN_AS[question.type.name]
    options = [Option(each.value, said(each.label)) for each in question.type.options(question, language, order)]
    return Field(
        id=question.id,
        drawn_as=drawn_as,
        title=said(question.title[language]),
        hint=said(question.hint.get(language, "")),
        low_end=said(question.low_end.get(language, "")),
        high_end=said(question.high_end.get(language, "")),
        # The best answer on top, as people read a scale of satisfaction.
        options=tuple(options[::-1] if drawn_as == "scale" else options),
        declining=tuple(question.type.declining_options(question, language)),
        exclusive=frozenset(choice.id for choice in question.choices if choice.exclusive),
        required=required,
        least=question.least,
        most=question.most,
        decimals=question.decimals,
        consent=said(question.consent.get(language, "")),
        letters=getattr(question.type, "most_characters", 0),
    )


def answered(field: Field, value: Value, words: str) -> Field:
    """The field with the current answer in it."""
    picked = value if isinstance(value, tuple) else () if value is None else (str(value),)
    return replace(field, picked=picked, words=words or ("" if picked and picked[0] in DECLINED else _typed(picked)))


def typed(field: Field, raw: Sequence[str], refusal: str = "") -> Field:
    """The field as it was posted, readable or not, with the reason it was refused for."""
    written = [text for text in raw if text not in DECLINED]
    return replace(field, picked=tuple(raw), words=written[0] if written else "", refusal=refusal)


def proposed(field: Field, value: str) -> Field:
    """The field with a value from the link; as it was if it offers no such value."""
    if value not in {option.value for option in field.options}:
        return field
    return replace(field, picked=(value,), proposed=value)


def _typed(picked: Sequence[str]) -> str:
    return picked[0] if picked else ""
