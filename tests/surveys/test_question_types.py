"""The twelve types of question: what each takes by SMS, from a page and from a file, and how it says and codes it."""

from datetime import date

import pytest

from surveys.questions.base import WORDS, Unreadable
from surveys.questions.registry import TYPES, DuplicateType, registry
from tests.surveys.question_factories import DECLINING, choice, question

MONDAY = date(2026, 11, 23)
SUBJECTS = (choice("bill", "Facture", "Bill"), choice("delay", "Délai", "Delay"), choice("web", "Site web", "Website"))
LIST = question("choice", choices=SUBJECTS)
SEVERAL = question("multiple", choices=(*SUBJECTS, choice("none", "Aucun de ces points", "None", exclusive=True)))
MINUTES = {"fr": "Combien de minutes avez-vous attendu ?", "en": "How many minutes did you wait?"}
WAIT = question("number", title=MINUTES, least=0, most=600)
AMOUNT = question("number", title={"fr": "Quel montant en euros ?", "en": "What amount in euros?"}, decimals=2)
DAY = question("date")
BOX = question("statement", consent={"fr": "J’accepte d’être rappelé.", "en": "You may call me back."})


def by_sms(asked, body, language="fr", order=(), day=MONDAY):
    """(value, words), or the code of the refusal."""
    try:
        reading = asked.type.parse_sms(asked, body, language, order, day)
    except Unreadable as fault:
        return fault.code
    return "skipped" if reading.skipped else (reading.value, reading.words)


def by_web(asked, *raw, shown=()):
    try:
        reading = asked.type.parse_web(asked, raw, shown)
    except Unreadable as fault:
        return fault.code
    return "skipped" if reading.skipped else reading.value


def test_there_are_twelve_types_and_no_two_of_a_name():
    assert len(TYPES) == 12
    with pytest.raises(DuplicateType):
        registry([*TYPES.values(), TYPES["date"]])


@pytest.mark.parametrize(
    "body, read",
    [
        ("1 3", (("bill", "web"), "")),
        ("3 1", (("bill", "web"), "")),  # in the order of the questionnaire
        ("1, 2 et 3", (("bill", "delay", "web"), "")),
        ("un et trois", (("bill", "web"), "")),
        ("Facture et délai", (("bill", "delay"), "")),
        ("1 facture, 3 site web", (("bill", "web"), "")),
        ("2 mais j'attends depuis 3 jours", (("delay",), "mais j'attends depuis 3 jours")),
        ("Aucun.", (("none",), "")),
        ("4", (("none",), "")),
        ("1 4", "exclusive-choice"),
        ("1-3", "more-than-one-reading"),
        ("1/3", "more-than-one-reading"),
        ("1.3", "more-than-one-reading"),
        ("1 ou 3", "more-than-one-reading"),
        ("1 3 pas 2", "more-than-one-reading"),
        ("accueil 4", "unknown-choice"),
        ("délai 4", "more-than-one-reading"),  # a mark, or two choices
        ("13", "out-of-range"),
        ("3 fois que j'appelle", "unknown-choice"),
        ("bonjour", "unknown-choice"),
    ],
)
def test_several_choices_are_read_from_one_reply(body, read):
    assert by_sms(SEVERAL, body) == read


def test_none_is_an_answer_only_where_a_choice_says_so():
    unsure = question("multiple", choices=(*SUBJECTS, choice("unsure", "Je ne sais pas", exclusive=True)))
    assert by_sms(unsure, "aucun") == by_sms(question("multiple", choices=SUBJECTS), "aucun") == "unknown-choice"


def test_as_many_choices_are_taken_as_the_question_wants():
    two = question("multiple", choices=SUBJECTS, least=2, most=2)
    assert [by_web(two, "bill"), by_web(two, "bill", "web"), by_web(two, "bill", "delay", "web")] == [
        "too-few-chosen",
        ("bill", "web"),
        "too-many-chosen",
    ]
    assert two.type.values(two) == (("bill", "delay"), ("bill", "web"), ("delay", "web"))


@pytest.mark.parametrize(
    "body, read",
    [
        ("2", ("delay", "")),
        ("délai", ("delay", "")),
        ("2 délai !", ("delay", "délai")),
        ("Facture, personne ne répond", ("bill", "personne ne répond")),
        ("facture et délai", "more-than-one-reading"),
        ("facture / délai", "more-than-one-reading"),
        ("1 délai", "more-than-one-reading"),
        ("4", "out-of-range"),
        ("Facturation", "unknown-choice"),
    ],
)
def test_one_choice_is_read_and_two_are_not_guessed(body, read):
    assert by_sms(LIST, body) == read


def test_the_longest_label_that_leads_a_reply_is_meant():
    slowly = question("choice", choices=(choice("a", "Oui"), choice("b", "Oui, mais lentement"), choice("c", "Non")))
    assert by_sms(slowly, "oui mais lentement") == ("b", "")
    assert by_sms(slowly, "oui merci") == ("a", "")


def test_a_number_is_the_place_in_the_message_and_no_other_choice_can_be_named():
    assert by_sms(LIST, "1", order=("web", "bill")) == ("web", "")
    assert by_sms(LIST, "3", order=("web", "bill")) == "out-of-range"
    assert by_sms(LIST, "délai", order=("web", "bill")) == "unknown-choice"
    assert by_sms(SEVERAL, "1 2", order=("web", "bill")) == (("bill", "web"), "")
    assert by_sms(question("choice", choices=SUBJECTS[:2]), "2", order=("delay", "bill")) == ("bill", "")


def test_a_number_that_is_also_a_label_is_asked_again():
    times = question("choice", choices=(choice("0", "0 fois"), choice("1", "1 fois"), choice("2", "2 fois ou plus")))
    assert by_sms(times, "2") == "more-than-one-reading"
    assert by_sms(times, "2 fois ou plus") == ("2", "")
    assert by_sms(times, "3") == ("2", "")


@pytest.mark.parametrize(
    "body, read",
    [
        ("25", (25, "")),
        ("vingt-cinq", (25, "")),
        ("quatre-vingt-dix", (90, "")),
        ("soixante et onze", (71, "")),
        ("nonante neuf", (99, "")),
        ("cent", (100, "")),
        ("twenty-five", (25, "")),
        ("25 minutes !", (25, "")),
        ("25mn, c'est long", (25, "c'est long")),
        ("environ 25", (25, "")),
        ("25.0", (25, "")),
        ("٢٥", (25, "")),
        ("2 heures", "not-a-number"),
        ("1h30", "not-a-number"),
        ("25 minutes 30", "not-a-number"),
        ("20 ou plus", "not-a-number"),
        ("20+", "not-a-number"),
        ("20 à 30", "not-a-number"),
        ("vingt ou trente", "not-a-number"),
        ("deux cents", "not-a-number"),
        ("cent vingt", "not-a-number"),
        ("un scandale", "not-a-number"),
        ("7,5", "too-many-decimals"),
        ("1,200", "too-many-decimals"),  # one and a fifth, or twelve hundred
        ("25,000", "too-many-decimals"),
        ("-3", "out-of-range"),
        ("601", "out-of-range"),
        ("1 200", "out-of-range"),
    ],
)
def test_a_number_is_read_in_digits_or_words_with_the_unit_it_was_asked_in(body, read):
    assert by_sms(WAIT, body) == read


@pytest.mark.parametrize(
    "body, read",
    [
        ("12,50", 12.5),
        ("12.5 €", 12.5),
        ("1 234,50 euros", 1234.5),
        ("-5", -5.0),
        ("-0", 0.0),
        ("0,1", 0.1),
        ("12,505", "too-many-decimals"),
        ("1,200", "too-many-decimals"),
        ("12€50", "not-a-number"),
        (".5", "not-a-number"),
    ],
)
def test_a_decimal_comma_is_read_as_a_point(body, read):
    said = by_sms(AMOUNT, body)
    assert (said if isinstance(said, str) else said[0]) == read


@pytest.mark.parametrize(
    "body, read",
    [
        ("12/03/2026", ("2026-03-12", "")),
        ("12.03.2026", ("2026-03-12", "")),
        ("12/3/26", ("2026-03-12", "")),
        ("2026-03-12", ("2026-03-12", "")),
        ("le 12 mars 2026 merci", ("2026-03-12", "")),
        ("jeudi 12 mars 2026", ("2026-03-12", "")),
        ("premier mars 2026", ("2026-03-01", "")),
        ("March 12th, 2026", ("2026-03-12", "")),
        ("12 mars 2026 à 14h30", ("2026-03-12", "à 14h30")),
        ("hier", ("2026-11-22", "")),
        ("Hier, j'ai rappelé", ("2026-11-22", "j'ai rappelé")),
        ("avant-hier", ("2026-11-21", "")),
        ("aujourd’hui", ("2026-11-23", "")),
        ("20 novembre", ("2026-11-20", "")),  # three days ago; the next one is a year away
        ("le 20/11", ("2026-11-20", "")),
        ("5 décembre", ("2026-12-05", "")),
        ("12/03", "year-missing"),  # eight months ago, or in four
        ("12/03/65", "year-missing"),
        ("mardi 12 mars 2026", "not-a-date"),  # it was a Thursday
        ("12 ou 13 mars 2026", "not-a-date"),
        ("hier ou avant-hier", "not-a-date"),
        ("mardi", "not-a-date"),
        ("31/02/2026", "not-a-date"),
        ("03/25/2026", "not-a-date"),
        ("12/03/0026", "not-a-date"),
    ],
)
def test_a_day_is_read_where_there_is_no_doubt_which(body, read):
    assert by_sms(DAY, body) == read


def test_the_bounds_of_a_date_can_settle_its_year():
    assert by_sms(question("date", most="2026-11-23"), "12/03") == ("2026-03-12", "")
    assert by_sms(question("date", least="2026-11-23"), "12/03") == ("2027-03-12", "")
    assert by_sms(question("date", least="2026-03-13", most="2026-11-23"), "12/03/2026") == "out-of-range"


def test_without_the_day_of_the_message_yesterday_is_no_date():
    assert by_sms(DAY, "hier", day=None) == "not-a-date"
    assert by_sms(DAY, "12 mars", day=None) == "year-missing"
    assert by_sms(DAY, "12 mars 2026", day=None) == ("2026-03-12", "")


@pytest.mark.parametrize(
    "body, value",
    [
        *[(body, "_na") for body in ("sans objet", "Sans objet.", "n/a", "N/A merci", "Pas concernée")],
        *[
            (body, "_private")
            for body in ("Je préfère ne pas répondre", "prefer not to say", "ne souhaite pas répondre")
        ],
    ],
)
@pytest.mark.parametrize("type_name", [name for name in sorted(TYPES) if TYPES[name].takes_sms])
def test_declining_is_an_answer_to_every_type_that_offers_it(type_name, body, value):
    lists = {"choices": SUBJECTS} if TYPES[type_name].accepts_choices else {}
    asked = question(type_name, **lists, **DECLINING)
    assert by_sms(asked, body) == (value, "")
    assert by_web(asked, value) == value
    assert by_web(asked, "", value) == value
    assert asked.type.code(asked, value) == value
    assert (
        asked.type.label(asked, value, "en")
        == DECLINING["prefer_not" if value == "_private" else "not_applicable"]["en"]
    )
    other = question(type_name, **lists)
    if not other.type.holds_words:
        assert value not in (by_web(other, value), by_sms(other, body)[0])


def test_declining_comes_with_its_words_but_words_are_no_declining():
    assert by_sms(question("effort", **DECLINING), "sans objet, j'ai écrit") == ("_na", "j'ai écrit")
    assert by_sms(question("comment", **DECLINING), "Sans objet précis") == (None, "Sans objet précis")


def test_whoever_declines_and_answers_is_asked_again():
    assert by_web(question("satisfaction", **DECLINING), "4", "_na") == "declined-and-answered"
    assert by_web(question("comment", **DECLINING), "Bravo", "_na") == "declined-and-answered"
    assert by_web(question("multiple", choices=SUBJECTS, **DECLINING), "bill", "_private") == "declined-and-answered"


def test_a_ranking_is_posted_rank_by_rank_and_not_asked_by_sms():
    ranking = question("ranking", choices=SUBJECTS)
    assert by_web(ranking, "web", "bill", "") == ("web", "bill")
    assert by_web(ranking, "web", "", "bill") == "rank-left-out"
    assert by_web(ranking, "web", "web") == "ranked-twice"
    assert by_web(question("ranking", choices=SUBJECTS, least=3), "web", "bill", "") == "too-few-chosen"
    assert not ranking.type.asks_by_sms(ranking)
    assert by_sms(ranking, "1 2 3") == "web-only"


def test_a_statement_is_seen_and_a_consent_is_given_or_not():
    plain = question("statement")
    assert by_web(plain) == by_web(plain, "seen") == "seen"
    assert not plain.type.asks_by_sms(plain) and BOX.type.asks_by_sms(BOX)
    assert [by_sms(BOX, "OUI"), by_sms(BOX, "Non merci"), by_sms(BOX, "peut-être")] == [
        ("yes", ""),
        ("no", ""),
        "neither-yes-nor-no",
    ]
    assert [by_web(BOX, "yes"), by_web(BOX)] == ["yes", "no"]  # no consent is given in silence
    assert by_web(question("statement", consent=BOX.consent, required=True)) == "skipped"


def test_a_choice_that_was_not_shown_cannot_be_posted():
    for asked in (LIST, SEVERAL, question("ranking", choices=SUBJECTS)):
        assert by_web(asked, "web", shown=("bill", "delay")) == "unknown-choice"
        assert by_web(asked, "web", shown=("web", "delay")) in ("web", ("web",))


def test_one_value_is_taken_where_one_is_asked():
    for asked, values in ((LIST, ("bill", "web")), (WAIT, ("1", "2")), (BOX, ("yes", "no"))):
        assert by_web(asked, *values) == "more-than-one"


def test_the_label_of_a_degree_answers_a_satisfaction_question_but_not_with_a_but():
    degrees = tuple(choice(str(n), label) for n, label in enumerate(("Nul", "Bof", "Moyen", "Satisfait", "Ravi"), 1))
    asked = question("satisfaction", choices=degrees)
    assert by_sms(asked, "Satisfait !") == (4, "")
    assert by_sms(asked, "satisfait mais pas trop") == "not-a-number"


def test_words_are_kept_without_what_a_database_refuses():
    assert by_sms(question("text"), "a\x00b\n\n c") == (None, "ab c")
    assert by_sms(question("comment"), "Bonjour\nà \ud83d tous") == (None, "Bonjour\nà  tous")
    assert by_sms(question("text"), "x" * 251) == "too-long"
    assert by_sms(question("effort"), "7 \x00merci de\x00 tout") == (7, "merci de tout")


def test_a_file_holds_several_values_with_semicolons_between_them():
    assert SEVERAL.type.parse_cell(SEVERAL, "web; bill").value == ("bill", "web")
    ranking = question("ranking", choices=SUBJECTS)
    assert ranking.type.parse_cell(ranking, "web;bill").value == ("web", "bill")
    assert DAY.type.parse_cell(DAY, "2026-03-12 00:00:00").value == "2026-03-12"


def test_labels_are_said_in_the_language_of_the_reader():
    said = [
        (LIST, "web", "Website"),
        (SEVERAL, ("bill", "web"), "Bill, Website"),
        (AMOUNT, 12.5, "12.50"),
        (DAY, "2026-03-12", "12 March 2026"),
        (BOX, "yes", "Yes"),
        (question("effort"), 7, "7"),
        (question("comment"), None, ""),
        (question("statement"), "seen", ""),
    ]
    for asked, value, label in said:
        assert asked.type.label(asked, value, "en") == label
    assert AMOUNT.type.label(AMOUNT, 12.5, "fr") == "12,50"
    assert DAY.type.label(DAY, "2026-03-01", "fr") == "1er mars 2026"


def test_words_have_a_code_that_a_file_of_answers_does_not_take_for_words():
    comment = question("comment")
    assert comment.type.code(comment, None) == WORDS


@pytest.mark.parametrize(
    "type_name, changes, count",
    [
        ("satisfaction", {}, 5),
        ("recommendation", {}, 11),
        ("effort", {}, 7),
        ("yes_no", {}, 2),
        ("choice", {"choices": SUBJECTS}, 3),
        ("multiple", {"choices": SUBJECTS}, 7),
        ("multiple", {"choices": SEVERAL.choices}, 8),
        ("ranking", {"choices": SUBJECTS}, 15),
        ("number", {"least": 1, "most": 10}, 10),
        ("statement", {}, 1),
        ("statement", {"consent": BOX.consent}, 2),
        ("comment", {}, 1),
    ],
)
def test_every_value_is_named_and_has_a_code_of_its_own(type_name, changes, count):
    asked = question(type_name, **changes, **DECLINING)
    domain = asked.type.domain(asked)
    assert len(domain) == len(set(domain)) == count + 2
    assert len({asked.type.code(asked, value) for value in domain}) == len(domain)


def test_a_domain_without_end_is_not_named():
    for asked in (DAY, AMOUNT, question("number", least=0), question("ranking", choices=SUBJECTS * 2)):
        assert asked.type.domain(asked) is None
