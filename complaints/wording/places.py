"""What the wordings of complaints may name, with values to show and to count: samples and the longest plausible."""

from complaints.wording.letters import MEDIATOR_NOW
from complaints.wording.messages import MEDIATOR_AFTER, WRITE_TO
from notifications.texts import Place, Words

BOTH = ("fr", "en")
_SAMPLE_DAY: Words = {"fr": "mardi 1er décembre 2026", "en": "Tuesday 1 December 2026"}
_LONGEST_DAY: Words = {"fr": "mercredi 30 septembre 2026", "en": "Wednesday 30 September 2026"}


def _day(name: str, fr: str, en: str) -> tuple[Place, Place]:
    """A due date in words, for an e-mail, and in figures, for an SMS."""
    meaning: Words = {"fr": fr, "en": en}
    in_words = Place(
        name,
        meaning,
        _SAMPLE_DAY,
        _LONGEST_DAY,
    )
    figures = dict.fromkeys(BOTH, "01/12/2026")
    return in_words, Place(f"{name}_short", {"fr": f"{fr}, en chiffres", "en": f"{en}, in figures"}, figures, figures)


def _mediator(sentence: Words, **days: Words) -> Words:
    return {
        language: words.format(mediator=_MEDIATOR, **{name: day[language] for name, day in days.items()})
        for language, words in sentence.items()
    }


def _written_to(where: str) -> Words:
    return {language: words.format(where=where) for language, words in WRITE_TO.items()}


def _same(name: str, fr: str, en: str, sample: str, longest: str) -> Place:
    return Place(name, {"fr": fr, "en": en}, dict.fromkeys(BOTH, sample), dict.fromkeys(BOTH, longest))


# As long as a brand may be, and with a letter that GSM lacks.
_LONG_BRAND = "Compagnie générale des eaux de la Côte 1"
_WORDS_FR = "Ma facture compte deux fois le mois d’octobre."
_WORDS_EN = "My bill counts the month of October twice."
_MEDIATOR = "Médiateur de l’assurance, TSA 50110, 75441 Paris Cedex 09, www.mediation-assurance.org"
PLACES: dict[str, Place] = {
    place.name: place
    for place in (
        _same(
            "brand",
            "le nom que vos clients vous donnent",
            "what your customers call you",
            "Mutuelle Belline",
            _LONG_BRAND,
        ),
        _same(
            "principal",
            "la raison sociale",
            "the company's full name",
            "Mutuelle Belline, société d’assurance",
            f"{_LONG_BRAND}, société anonyme à directoire",
        ),
        _same(
            "reference", "la référence du dossier", "the reference of the case", "R-2026-000123-K", "R-2026-999999-K"
        ),
        _same(
            "new_reference",
            "la référence du nouveau dossier",
            "the reference of the new case",
            "R-2026-000124-M",
            "R-2026-999999-M",
        ),
        _same(
            "code",
            "le code qui ouvre le dossier, avec la référence",
            "the code that opens the case, with the reference",
            "4XM2-7KY4-JX39-AL5H",
            "4XM2-7KY4-JX39-AL5H",
        ),
        _same(
            "link",
            "l’adresse du suivi",
            "the address where the case is followed",
            "https://avis.exemple.fr/follow",
            "https://satisfaction.exemple-groupe.fr/follow",
        ),
        _same(
            "name",
            "une espace et le nom de la personne, s’il est connu",
            "a space and the person's name, if it is known",
            " Anne Lefèvre",
            " Marie-Françoise de la Rochefoucauld-Œuvrard",
        ),
        _same(
            "appeal_days",
            "les jours ouvrés pour répondre à un recours",
            "the working days to answer an appeal",
            "10",
            "10",
        ),
        Place(
            "sent_on",
            {"fr": "le jour de la réclamation", "en": "the day of the complaint"},
            {"fr": "lundi 23 novembre 2026", "en": "Monday 23 November 2026"},
            _LONGEST_DAY,
        ),
        Place(
            "received_on",
            {"fr": "le jour où nous l’avons reçue", "en": "the day we received it"},
            {"fr": "lundi 23 novembre 2026", "en": "Monday 23 November 2026"},
            _LONGEST_DAY,
        ),
        Place(
            "today",
            {"fr": "le jour de la lettre", "en": "the day of the letter"},
            {"fr": "mardi 24 novembre 2026", "en": "Tuesday 24 November 2026"},
            _LONGEST_DAY,
        ),
        Place(
            "appealed_on",
            {"fr": "le jour du recours", "en": "the day of the appeal"},
            {"fr": "lundi 7 décembre 2026", "en": "Monday 7 December 2026"},
            _LONGEST_DAY,
        ),
        Place(
            "words",
            {"fr": "ce que la personne, ou vous, avez écrit", "en": "what the person, or you, wrote"},
            {"fr": _WORDS_FR, "en": _WORDS_EN},
            {"fr": " ".join([_WORDS_FR] * 12), "en": " ".join([_WORDS_EN] * 12)},
        ),
        Place(
            "outcome",
            {"fr": "la décision en une phrase", "en": "the decision in one sentence"},
            {"fr": "Votre réclamation est fondée.", "en": "Your complaint is upheld."},
            {
                "fr": "Notre première réponse est annulée ; celle-ci la remplace.",
                "en": "Our first answer is overturned; this one replaces it.",
            },
        ),
        Place(
            "reasons",
            {"fr": "les raisons, écrites par la personne qui décide", "en": "the reasons, written by whoever decides"},
            {
                "fr": "Le mois d’octobre a été compté deux fois. Nous vous remboursons 42,10 € sous cinq jours.",
                "en": "October was counted twice. We pay back 42.10 € within five days.",
            },
            {"fr": "Le mois d’octobre a été compté deux fois. " * 12, "en": "October was counted twice. " * 12},
        ),
        Place(
            "mediator_after",
            {
                "fr": "le recours au médiateur faute de réponse, s’il est connu",
                "en": "the mediator if we do not answer, where one is known",
            },
            _mediator(MEDIATOR_AFTER, legal_due=_SAMPLE_DAY),
            _mediator(MEDIATOR_AFTER, legal_due=_LONGEST_DAY),
        ),
        Place(
            "write_to",
            {"fr": "l’adresse où écrire, si elle est connue", "en": "where to write, if it is known"},
            _written_to("Service réclamations, 69000 Lyon, reclamations@exemple.fr"),
            _written_to("Service des réclamations et des recours, 144 avenue de la République, 69000 Lyon Cedex 03"),
        ),
        Place(
            "mediator_now",
            {"fr": "le recours au médiateur, s’il est connu", "en": "the mediator, where one is known"},
            _mediator(MEDIATOR_NOW),
            _mediator(MEDIATOR_NOW),
        ),
        *_day("acknowledgement_due", "jour promis de l’accusé de réception", "day by which we acknowledge"),
        *_day("answer_due", "jour promis de la réponse", "day by which we answer"),
        *_day("settled_by", "jour promis de la suite", "day by which we say what follows"),
        *_day("window_until", "dernier jour pour former un recours", "last day to appeal"),
    )
}
# What every wording may name; services/texts.py gives these values.
ALWAYS = (
    "brand principal reference link name sent_on received_on acknowledgement_due acknowledgement_due_short "
    "answer_due answer_due_short mediator_after write_to"
)
