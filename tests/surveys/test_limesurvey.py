"""LimeSurvey structures (.lss), written here from the documentation of the format: what each question becomes."""

from html import escape

import pytest

from surveys.formats.lss import from_lss
from surveys.formats.reading import read_file
from surveys.formats.report import NotReadable
from surveys.questionnaires import problems


def rows(table, *found):
    cells = ("".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in row.items()) for row in found)
    return f"<{table}><rows>{''.join(f'<row>{row}</row>' for row in cells)}</rows></{table}>"


def lss(*questions, subs=(), answers=(), attributes=(), languages=("fr",), more="", group=(), survey=()):
    """A file as version 4 and later write it. A question: (qid, type, code, title, other cells)."""
    asked = [{"qid": q, "parent_qid": 0, "sid": 7, "gid": 1, "type": t, "title": c, "question_order": n,
              "relevance": 1, **rest} for n, (q, t, c, _title, rest) in enumerate(questions)]  # fmt: skip
    below = [{"qid": q, "parent_qid": parent, "sid": 7, "gid": 1, "type": "T", "title": code, "question_order": n,
              "scale_id": 0} for n, (q, parent, code, _title) in enumerate(subs)]  # fmt: skip
    said = [*((q, title) for q, _type, _code, title, _rest in questions), *((q, title) for q, _p, _c, title in subs)]
    texts = [{"qid": q, "question": title, "language": languages[0]} for q, title in said]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>'
        f"<languages>{''.join(f'<language>{name}</language>' for name in languages)}</languages>"
        + rows("groups", {"gid": 1, "group_order": 1, **dict(group)})
        + rows("group_l10ns", {"gid": 1, "group_name": "Accueil", "language": languages[0]})
        + rows("questions", *asked)
        + rows("subquestions", *below)
        + rows("question_l10ns", *texts)
        + rows("answers", *({"aid": n, "qid": q, "code": c, "sortorder": n} for n, (q, c, _text) in enumerate(answers)))
        + rows("answer_l10ns", *({"aid": n, "answer": text, "language": languages[0]}
                                 for n, (_q, _c, text) in enumerate(answers)))
        + rows("question_attributes", *({"qid": q, "attribute": name, "value": v} for q, name, v in attributes))
        + rows("surveys", {"sid": 7, "language": languages[0], "format": "G", **dict(survey)})
        + rows("surveys_languagesettings", {"surveyls_language": languages[0], "surveyls_title": "Enquête"})
        + more
        + "</document>"
    ).encode()  # fmt: skip


def read(*questions, **rest):
    return from_lss(lss(*questions, **rest), "enquete")


def codes(imported):
    return [(note.where, note.code) for note in imported.dropped if note.code not in ("lowered", "run")]


@pytest.mark.parametrize(
    "letter, kind",
    [("5", "satisfaction"), ("Y", "yes_no"), ("N", "number"), ("D", "date"), ("S", "text"), ("T", "comment"),
     ("U", "comment"), ("X", "statement"), ("G", "choice"), ("L", "choice"), ("!", "choice"), ("R", "ranking")],
)  # fmt: skip
def test_a_question_becomes_the_one_of_ours_that_is_like_it(letter, kind):
    answers = [(1, "A1", "Un"), (1, "A2", "Deux")]
    imported = read((1, letter, "Q1", "Un ?", {}), (2, "S", "Q2", "Deux ?", {}), answers=answers)
    assert [each["type"] for each in imported.definition["questions"]] == [kind, "text"]
    assert codes(imported) == []
    assert {fate.state for fate in imported.fates} == {"kept"}
    assert not [problem for problem in problems(imported.definition) if problem.severity == "forbids"]


@pytest.mark.parametrize("letter", ["|", "*", "I", "1", ";", ":", "?"])
def test_a_question_there_is_nothing_like_is_left_out_by_name(letter):
    imported = read((1, letter, "Q1", "Un ?", {}), (2, "S", "Q2", "Deux ?", {}))
    assert [each["id"] for each in imported.definition["questions"]] == ["q2"]
    assert [(fate.source.name, fate.state) for fate in imported.fates] == [("Q1", "dropped"), ("Q2", "kept")]
    assert ("questions.Q1", "unknown-type") in codes(imported)


def test_an_array_becomes_a_question_for_each_of_its_rows_on_one_page():
    subs = [(11, 1, "SQ1", "Accueil"), (12, 1, "SQ2", "Délai")]
    imported = read((1, "A", "Q1", "Satisfait ?", {"mandatory": "Y"}), (2, "S", "Q2", "?", {}), subs=subs)
    first, second, _last = imported.definition["questions"]
    assert (first["id"], first["type"], first["title"]) == ("q1_sq1", "satisfaction", {"fr": "Satisfait ? – Accueil"})
    assert first["required"] is True
    assert first["page"] == second["page"] == "accueil"
    assert imported.fates[0].state == "changed"
    assert ("questions.Q1", "split") in codes(imported)


def test_rows_from_1_to_10_ask_for_a_number_and_say_so():
    imported = read((1, "B", "Q1", "?", {}), subs=[(11, 1, "SQ1", "Accueil")])
    (asked,) = imported.definition["questions"]
    assert (asked["type"], asked["least"], asked["most"]) == ("number", 1, 10)
    assert ("questions.Q1", "scale-as-number") in codes(imported)


def test_conditions_follow_the_names_of_limesurvey_to_ours():
    questions = [
        (1, "L", "Q1", "Un ?", {}),
        (2, "M", "Q2", "Deux ?", {"relevance": 'Q1.NAOK == "A1"'}),
        (3, "Y", "Q3", "Trois ?", {"relevance": '((Q2_SQ1.NAOK == "Y")) and !is_empty(7X1X1.NAOK)'}),
        (4, "N", "Q4", "Quatre ?", {"relevance": "Q3 != 'N' or Q1 == 'A2'"}),
        (5, "S", "Q5", "Cinq ?", {"relevance": "sum(Q4, 3) > 7"}),
        (6, "S", "Q6", "Six ?", {"relevance": 'Q1 == "NO"'}),
        (7, "S", "Q7", "Sept ?", {"relevance": "3 < Q4"}),
    ]
    answers = [(1, "A1", "Un"), (1, "A2", "Deux")]
    subs = [(21, 2, "SQ1", "X"), (22, 2, "SQ2", "Z")]
    imported = read(*questions, subs=subs, answers=answers, group={"grelevance": "1"})
    assert [each.get("visible_if") for each in imported.definition["questions"]] == [
        None,
        "{q1} = 'a1'",
        "{q2} contains 'sq1' and !({q1} empty)",
        "{q3} <> 'no' or {q1} = 'a2'",
        None,
        None,
        "{q4} > 3",
    ]
    assert [note for note in codes(imported) if note[1] == "bad-condition"] == [
        ("questions.Q5.relevance", "bad-condition"),
        ("questions.Q6.relevance", "bad-condition"),
    ]


def test_attributes_that_mean_something_are_kept_and_the_others_named():
    attributes = [(1, "max_answers", "2"), (1, "exclude_all_others", "SQ2"), (1, "random_order", "1"),
                  (1, "hide_tip", "1"), (1, "min_answers", "many"), (2, "min_num_value_n", "0"),
                  (2, "max_num_value_n", "9.5"), (2, "num_value_int_only", "0")]  # fmt: skip
    subs = [(11, 1, "SQ1", "X"), (12, 1, "SQ2", "Rien"), (13, 1, "SQ3", "Y")]
    questions = [(1, "M", "Q1", "?", {"other": "Y", "preg": "/x/"}), (2, "N", "Q2", "?", {})]
    imported = read(*questions, subs=subs, attributes=attributes)
    first, second = imported.definition["questions"]
    assert (first["most"], first["random_order"], first["choices"][1]["exclusive"]) == (2, True, True)
    assert (second["least"], second["most"], second["decimals"]) == (0, 9.5, 2)
    assert {note for note in codes(imported) if note[0].startswith("questions")} == {
        ("questions.Q1.other", "other-answer"),
        ("questions.Q1.preg", "constraint"),
        ("questions.Q1.hide_tip", "attribute"),
        ("questions.Q1.min_answers", "attribute"),
    }


def test_quotas_and_texts_around_the_questions_are_named():
    more = rows("quota", {"id": 1, "name": "Q"}) + rows("conditions", {"qid": 1, "cfieldname": "7X1X1", "value": "x"})
    imported = read((1, "S", "Q1", "Un <b>mot</b> pour {TOKEN:FIRSTNAME} ?", {}), more=more)
    assert imported.definition["questions"][0]["title"] == {"fr": "Un mot pour [TOKEN:FIRSTNAME] ?"}
    assert set(codes(imported)) == {
        ("quota", "table"),
        ("questions.Q1.conditions", "bad-condition"),
        ("questions.Q1.question", "markup"),
        ("questions.Q1.question", "unknown-place"),
    }


def test_what_stands_beside_a_question_is_named_too_and_a_question_without_its_group_is_not_lost():
    script = rows("question_l10ns", {"qid": 1, "question": "?", "language": "fr", "script": "alert(1)"})
    questions = [(1, "M", "Q1", "?", {}), (2, "S", "Q2", "?", {"gid": 9})]
    imported = read(*questions, subs=[(11, 1, "a", "X"), (12, 1, "b", "Y")])
    assert [each["id"] for each in imported.definition["questions"]] == ["q1", "q2"]
    assert ("surveys", "run") in {(note.where, note.code) for note in imported.dropped}
    document = lss((1, "M", "Q1", "?", {}), subs=[(11, 1, "a", "X")])
    document = document.replace(b"<scale_id>", b"<relevance>0</relevance><scale_id>")
    document = document.replace(b"<answers>", script.encode() + b"<answers>")
    assert {("questions.Q1.a.relevance", "bad-condition"), ("questions.Q1.script", "unknown-property")} <= set(
        codes(from_lss(document))
    )


def test_languages_are_two_letters_the_base_first_and_a_second_variant_is_named():
    imported = read((1, "S", "Q1", "Eins", {}), languages=("de-informal", "en", "de"))
    assert imported.definition["languages"] == ["de", "en"]
    assert ("languages.de-informal", "language-changed") in codes(imported)
    assert ("languages.de", "unknown-language") in codes(imported)
    assert "missing-translation" in {problem.code for problem in problems(imported.definition)}


def test_files_before_version_4_repeat_a_row_for_each_language():
    questions = [{"qid": 1, "parent_qid": 0, "sid": 7, "gid": 1, "type": "L", "title": "Q1", "question": text,
                  "help": "?", "language": name} for name, text in (("en", "One?"), ("fr", "Un ?"))]  # fmt: skip
    answers = [{"qid": 1, "code": code, "answer": f"{code} {name}", "sortorder": n, "language": name}
               for n, code in enumerate(("B", "A")) for name in ("en", "fr")]  # fmt: skip
    document = (
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><languages><language>en</language>"
        "<language>fr</language></languages>"
        + rows("groups", {"gid": 1, "group_name": "G", "language": "en"})
        + rows("questions", *questions)
        + rows("answers", *answers)
        + rows("surveys", {"language": "fr"})
        + "</document>"
    )
    (asked,) = from_lss(document.encode()).definition["questions"]
    assert asked["title"] == {"fr": "Un ?", "en": "One?"}
    assert [choice["label"]["fr"] for choice in asked["choices"]] == ["B fr", "A fr"]


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document>&b;</document>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><document>&a;</document>'


@pytest.mark.parametrize(
    "content, code",
    [(BOMB, "dangerous-xml"), (b"<!DOCTYPE document><document/>", "dangerous-xml"), (OUTSIDE, "dangerous-xml"),
     (b"<document/>", "not-a-questionnaire"),
     (b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", "not-a-questionnaire"),
     (b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>", "not-a-questionnaire"),
     (b"<document><a>", "not-a-questionnaire"), (b'<?xml version="1.0" encoding="x-y"?><a/>', "not-a-questionnaire")],
)  # fmt: skip
def test_files_that_may_do_harm_or_are_no_survey_are_refused(content, code):
    with pytest.raises(NotReadable) as refused:
        read_file(content, "x.lss")
    assert refused.value.code == code
