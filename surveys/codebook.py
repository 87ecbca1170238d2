"""What the columns and codes of a file of answers mean: the codebook of one version, as a document and as a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from surveys.answer_columns import column_name
from surveys.definitions import Definition
from surveys.questionnaires import compile_version
from surveys.questions.base import WORDS, Question, Value, offered

FORMAT = "satisfecit-codebook/1"
#: The kinds of a code, beside ``value``: declining, words in a column of their own, one choice of several, its rank.
DECLINED, WORDED, CHOSEN, NOT_CHOSEN, RANK, RANGE = "declined", "words", "chosen", "not_chosen", "rank", "range"
#: What is copied from the definition as it is written, where it is there.
WRITTEN = (
    "theme", "purpose", "visible_if", "required_if", "jumps", "page", "random_order", "least", "most", "decimals",
)  # fmt: skip
COLUMNS = (
    "questionnaire", "version", "question", "column", "type", "theme", "polarity", "required", "asked_when", "asked_by",
    "code", "kind", "least", "most",
)  # fmt: skip


def codebook(definition: Definition, number: int, content_hash: str | None) -> dict[str, Any]:
    """The codebook of version ``number``; ``content_hash`` is None for a draft. The definition has no problems."""
    version = compile_version(definition)
    written = {raw["id"]: raw for raw in definition["questions"]}
    return {
        "format": FORMAT,
        "questionnaire": definition["key"],
        "version": number,
        "content_hash": content_hash,
        "languages": list(version.languages),
        "title": dict(version.title),
        "questions": [_question(each, written[each.id], version.languages) for each in version.questions],
    }


def codebook_table(document: Mapping[str, Any]) -> tuple[list[str], Iterator[list[Any]]]:
    """The same with a row for each code of each column: the names of its columns, and its rows."""
    languages = document["languages"]
    texts = [f"{name} ({language})" for name in ("title", "label") for language in languages]
    return [*COLUMNS, *texts], _rows(document)


def _question(question: Question, raw: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "id": question.id,
        "type": question.type.name,
        "title": dict(question.title),
        "hint": dict(question.hint),
    }
    about |= {name: raw[name] for name in WRITTEN if name in raw}
    about |= {"required": question.required, "asked_by": ["web"] if question.sms is None else ["web", "sms"]}
    if question.type.accepts_ends:
        about["ends"] = {"low": dict(question.low_end), "high": dict(question.high_end)}
    if "polarity" in question.type.keys:
        about["polarity"] = "lower" if question.lower_is_better else "higher"
    if question.consent:
        about["consent"] = dict(question.consent)
    return about | {"columns": [*_columns(question, raw, languages)]}


def _columns(question: Question, raw: Mapping[str, Any], languages: Sequence[str]) -> Iterator[dict[str, Any]]:
    yield {"name": question.id, "codes": [*_codes(question, raw, languages)]}
    if not question.type.takes_several:
        return
    for choice in question.choices:
        name = column_name((question.id, choice.id))
        if question.type.keeps_order:
            ranks = [str(rank) for rank in range(1, len(question.choices) + 1)]
            codes = [{"code": rank, "kind": RANK, "label": dict(choice.label)} for rank in ranks]
        else:
            kinds = (("1", CHOSEN), ("0", NOT_CHOSEN))
            codes = [{"code": code, "kind": kind, "label": dict(choice.label)} for code, kind in kinds]
        yield {"name": name, "choice": choice.id, "codes": codes}


def _codes(question: Question, raw: Mapping[str, Any], languages: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The codes of a question's own column; of several choices the codes that stand in it, with ";" between them."""
    conditions = {choice["id"]: choice["visible_if"] for choice in raw.get("choices", ()) if "visible_if" in choice}
    for code, kind, label in _known(question, languages):
        when = {"asked_when": conditions[code]} if code in conditions else {}
        yield {"code": code, "kind": kind, "label": label, **when}
    yield from ({"code": code, "kind": DECLINED, "label": dict(label)} for code, label in offered(question).items())


def _known(question: Question, languages: Sequence[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The codes of values, their kind and labels; where there are too many to name them, one line for all."""
    kind = question.type
    if kind.holds_words:
        yield WORDS, WORDED, {}
    elif kind.takes_several:
        yield from ((choice.id, "value", dict(choice.label)) for choice in question.choices)
    elif (values := kind.values(question)) is None:
        yield "", RANGE, {}
    else:
        for value in values:
            labels = {language: _label(question, value, language) for language in languages}
            yield kind.code(question, value), "value", labels


def _label(question: Question, value: Value, language: str) -> str:
    """The label of a value; the ends of a scale without labels of its own are called by what they mean."""
    label, values = question.type.label(question, value, language), question.type.values(question) or ()
    if values and label == question.type.code(question, value):
        ends = {values[0]: question.low_end, values[-1]: question.high_end}
        return ends.get(value, {}).get(language) or label
    return label


def _rows(document: Mapping[str, Any]) -> Iterator[list[Any]]:
    languages = document["languages"]
    for question in document["questions"]:
        title = [question["title"].get(language, "") for language in languages]
        for column in question["columns"]:
            shared = [
                document["questionnaire"],
                document["version"],
                question["id"],
                column["name"],
                question["type"],
                question.get("theme", ""),
                question.get("polarity", ""),
                "yes" if question["required"] else "no",
            ]
            for code in column["codes"]:
                whens = [when for when in (question.get("visible_if"), code.get("asked_when")) if when]
                asked = [
                    " and ".join(whens if len(whens) < 2 else [f"({when})" for when in whens]),
                    " ".join(question["asked_by"]),
                ]
                own = column["name"] == question["id"]
                bounds = [question.get(name, "") if own else "" for name in ("least", "most")]
                labels = [code["label"].get(language, "") for language in languages]
                yield [*shared, *asked, code["code"], code["kind"], *bounds, *title, *labels]
