"""The texts of surveys: invitations and what an interview by SMS says. They are data.

The default words keep to letters of the GSM alphabet (é è à ù yes; ê ç ô no), so that a message costs one or two parts.
"""

from collections.abc import Mapping

from notifications.texts import Catalogue, Place, Template, Text, Wordings

BRAND = Place(
    "brand",
    {"fr": "le nom que vos clients vous donnent", "en": "what your customers call you"},
    {"fr": "Mutuelle Belline", "en": "Mutuelle Belline"},
    # As long as a principal's brand may be, and with a letter that GSM lacks.
    dict.fromkeys(("fr", "en"), "Compagnie générale des eaux de la Côte 1"),
    required=True,
)
CONTACT = Place(
    "contact",
    {"fr": "le contact sur lequel porte l’enquête", "en": "the contact that the survey is about"},
    {"fr": "votre appel du 17 nov. (facturation)", "en": "your call of 17 Nov (billing)"},
    {
        "fr": "votre demande du 28 sept. (retard de livraison)",
        "en": "your request of 28 Sept (late delivery of a parcel)",
    },
)
QUESTION = Place(
    "question",
    {"fr": "la question, et comment y répondre", "en": "the question, and how to answer it"},
    {
        "fr": "Cet échange vous a-t-il donné satisfaction ? De 1 (pas du tout) à 5 (tout à fait), "
        "répondez par un chiffre.",
        "en": "Were you satisfied with this contact? From 1 (not at all) to 5 (fully), reply with a number.",
    },
    {
        "fr": "Quelle est la probabilité que vous recommandiez nos services à un proche ? De 0 (certainement pas) "
        "à 10 (certainement). Répondez par un chiffre de 0 à 10.",
        "en": "How likely are you to recommend our services to a friend or a colleague? From 0 (not at all likely) "
        "to 10 (extremely likely). Reply with a number from 0 to 10.",
    },
    required=True,
)
PROGRESS = Place(
    "progress",
    {"fr": "combien de questions, en combien de temps", "en": "how many questions, in how much time"},
    dict.fromkeys(("fr", "en"), "4 questions, 1 minute"),
    dict.fromkeys(("fr", "en"), "12 questions, 2 minutes"),
)
LINK = Place(
    "link",
    {"fr": "l’adresse personnelle du questionnaire", "en": "the personal address of the survey"},
    dict.fromkeys(("fr", "en"), "https://avis.exemple.fr/s/k7x2m9q4w8c3n5"),
    dict.fromkeys(("fr", "en"), "https://satisfaction.exemple-groupe.fr/s/k7x2m9q4w8c3n5pqr"),
    required=True,
)
COMPLAIN = Place(
    "link",
    {"fr": "l’adresse où déposer une réclamation", "en": "the address where one complains"},
    dict.fromkeys(("fr", "en"), "https://avis.exemple.fr/complain"),
    dict.fromkeys(("fr", "en"), "https://satisfaction.exemple-groupe.fr/complain"),
    required=True,
)
FORM = Place(
    "form",
    {"fr": "comment répondre à la question", "en": "how to answer the question"},
    {"fr": "Répondez par un chiffre de 1 à 5.", "en": "Reply with a number from 1 to 5."},
    {
        "fr": "Répondez par un chiffre : 1 la facturation, 2 un dépannage, 3 une résiliation, 4 un autre sujet.",
        "en": "Reply with a number: 1 billing, 2 a repair, 3 ending a contract, 4 something else altogether.",
    },
    required=True,
)
TITLE = Place(
    "title",
    {"fr": "le titre du questionnaire", "en": "the title of the survey"},
    {"fr": "Votre avis sur Mutuelle Belline", "en": "Your opinion about Mutuelle Belline"},
    {
        "fr": "Votre avis sur Compagnie générale des eaux de la Côte 1",
        "en": "Your opinion about Compagnie générale des eaux de la Côte 1",
    },
)
STOP = Place(
    "stop",
    {"fr": "l’adresse pour ne plus recevoir d’enquête", "en": "the address to receive no more surveys"},
    dict.fromkeys(("fr", "en"), "https://avis.exemple.fr/o/p4t8v2h6j9d3"),
    dict.fromkeys(("fr", "en"), "https://satisfaction.exemple-groupe.fr/o/p4t8v2h6j9d3kxyz"),
    required=True,
)
DAYS = Place(
    "days",
    {"fr": "pendant combien de jours le lien reste ouvert", "en": "for how many days the link stays open"},
    {"fr": "7", "en": "7"},
    {"fr": "30", "en": "30"},
)

#: The messages of an interview by SMS that a questionnaire may replace by its own.
MESSAGES: Mapping[str, Mapping[str, str]] = {
    "invitation": {
        "fr": "{brand}, {contact}. {progress}. {question} Ou : {link} Refus : STOP",
        "en": "{brand}, {contact}. {progress}. {question} Or: {link} To refuse: STOP",
    },
    "invitation_web": {
        "fr": "{brand}, {contact}. Votre avis en une minute : {link} Refus : STOP",
        "en": "{brand}, {contact}. Your opinion in one minute: {link} To refuse: STOP",
    },
    "reminder": {
        "fr": "{brand}, rappel : {contact}. {question} Ou en ligne : {link} Refus : STOP",
        "en": "{brand}, a reminder: {contact}. {question} Or online: {link} To refuse: STOP",
    },
    "reminder_web": {
        "fr": "{brand}, rappel : {contact}. Votre avis en une minute : {link} Refus : STOP",
        "en": "{brand}, a reminder: {contact}. Your opinion in one minute: {link} To refuse: STOP",
    },
    "again": {
        "fr": "Nous n'avons pas su lire votre réponse. {form}",
        "en": "We could not read your reply. {form}",
    },
    "link": {
        "fr": "{brand} : vous pouvez continuer en ligne, à la question suivante : {link}",
        "en": "{brand}: you can go on online, at the next question: {link}",
    },
    "thanks": {
        "fr": "{brand} : merci, vos réponses sont enregistrées.",
        "en": "{brand}: thank you, your answers are recorded.",
    },
    "thanks_complaint": {
        "fr": "{brand} : merci. Nous enregistrons votre réclamation ; sa référence arrive dans un prochain message.",
        "en": "{brand}: thank you. We are recording your complaint; its reference comes in another message.",
    },
    "thanks_callback": {
        "fr": "{brand} : merci. Votre demande de rappel est transmise à un conseiller.",
        "en": "{brand}: thank you. Your request for a call is passed on to an adviser.",
    },
    "person": {
        "fr": "{brand} : merci, une personne lit votre message. Nous ne posons plus de question ; pour y revenir, "
        "répondez SUITE.",
        "en": "{brand}: thank you, a person is reading your message. We ask nothing more; to come back to the "
        "questions, reply CONTINUE.",
    },
    "distress": {
        "fr": "{brand} : merci de nous l'avoir dit, une personne lit votre message. Si vous ou quelqu'un courez un "
        "danger, appelez le 112.",
        "en": "{brand}: thank you for telling us, a person is reading your message. If you or anybody is in danger, "
        "please call 112.",
    },
    "already": {
        "fr": "{brand} : merci, ce questionnaire est déjà rempli et votre message ne le change plus. Pour une "
        "réclamation : {link}",
        "en": "{brand}: thank you, this survey is complete and your message does not change it. For a complaint: "
        "{link}",
    },
    "closed": {
        "fr": "{brand} : ce questionnaire est clos, votre message n'a pas pu y entrer. Pour une réclamation : {link}",
        "en": "{brand}: this survey is closed and could not take your message. For a complaint: {link}",
    },
}
_TITLES = {
    "invitation": {
        "fr": "Invitation par SMS, avec la première question",
        "en": "Invitation by SMS, with the first question",
    },
    "invitation_web": {"fr": "Invitation par SMS à répondre en ligne", "en": "Invitation by SMS to answer online"},
    "reminder": {
        "fr": "Rappel par SMS, avec la question où en est l’interview",
        "en": "Reminder by SMS, with the question that the interview stands at",
    },
    "reminder_web": {"fr": "Rappel par SMS de répondre en ligne", "en": "Reminder by SMS to answer online"},
    "again": {"fr": "Réponse non comprise", "en": "Reply not understood"},
    "link": {"fr": "Suite en ligne", "en": "Going on online"},
    "thanks": {"fr": "Remerciement", "en": "Thanks"},
    "thanks_complaint": {"fr": "Remerciement, réclamation à suivre", "en": "Thanks, a complaint follows"},
    "thanks_callback": {"fr": "Remerciement, rappel à suivre", "en": "Thanks, a call follows"},
    "person": {"fr": "Message transmis à une personne", "en": "Message passed on to a person"},
    "distress": {
        "fr": "Message de détresse transmis à une personne",
        "en": "Message of distress passed on to a person",
    },
    "already": {"fr": "Réponse à un questionnaire déjà rempli", "en": "Reply to a survey already complete"},
    "closed": {"fr": "Questionnaire clos", "en": "Survey closed"},
}
_PLACES = {
    "invitation": (BRAND, CONTACT, PROGRESS, QUESTION, LINK),
    "invitation_web": (BRAND, CONTACT, LINK),
    "reminder": (BRAND, CONTACT, QUESTION, LINK),
    "reminder_web": (BRAND, CONTACT, LINK),
    "again": (FORM,),
    "link": (BRAND, LINK),
    "thanks": (BRAND,),
    "thanks_complaint": (BRAND,),
    "thanks_callback": (BRAND,),
    "person": (BRAND,),
    "distress": (BRAND,),
    "already": (BRAND, COMPLAIN),
    "closed": (BRAND, COMPLAIN),
}
_INVITATION_EMAIL = {
    "fr": (
        "Bonjour,\n\n"
        "{brand} aimerait connaître votre avis sur {contact}. Une minute suffit :\n{link}\n\n"
        "Répondre est facultatif. Le lien reste ouvert {days} jours.\n\n"
        "Pour ne plus recevoir d’enquête de {brand} :\n{stop}\n"
    ),
    "en": (
        "Hello,\n\n"
        "{brand} would like to know your opinion about {contact}. It takes a minute:\n{link}\n\n"
        "You are free not to answer. The link stays open for {days} days.\n\n"
        "To receive no more surveys from {brand}:\n{stop}\n"
    ),
}
_REMINDER_EMAIL = {
    "fr": (
        "Bonjour,\n\n"
        "{brand} vous a demandé votre avis sur {contact}. Si vous souhaitez encore le donner, une minute suffit :\n"
        "{link}\n\n"
        "Répondre est facultatif. Le lien reste ouvert {days} jours.\n\n"
        "Pour ne plus recevoir d’enquête de {brand} :\n{stop}\n"
    ),
    "en": (
        "Hello,\n\n"
        "{brand} asked for your opinion about {contact}. If you still wish to give it, it takes a minute:\n"
        "{link}\n\n"
        "You are free not to answer. The link stays open for {days} days.\n\n"
        "To receive no more surveys from {brand}:\n{stop}\n"
    ),
}
#: The texts that ask somebody who has not written to us; every other one belongs to an interview.
_PURPOSES = {"invitation": "survey", "reminder": "reminder"}


def _by_sms(name: str) -> Text:
    purpose = _PURPOSES.get(name.removesuffix("_web"), "interview")
    return Text(
        key=f"surveys.{name}",
        channel="sms",
        purpose=purpose,
        title=_TITLES[name],
        places=_PLACES[name],
        mentions=("STOP",) if purpose != "interview" else (),
        defaults={language: Template(words, folded=True) for language, words in MESSAGES[name].items()},
    )


TEXTS = [
    *(_by_sms(name) for name in ("invitation", "invitation_web")),
    Text(
        key="surveys.invitation_web",
        channel="email",
        purpose="survey",
        title={"fr": "Invitation par courriel", "en": "Invitation by e-mail"},
        places=(BRAND, CONTACT, LINK, STOP, DAYS, TITLE),
        defaults={language: Template(words, "{title}") for language, words in _INVITATION_EMAIL.items()},
    ),
    *(_by_sms(name) for name in ("reminder", "reminder_web")),
    Text(
        key="surveys.reminder_web",
        channel="email",
        purpose="reminder",
        title={"fr": "Rappel par courriel", "en": "Reminder by e-mail"},
        places=(BRAND, CONTACT, LINK, STOP, DAYS, TITLE),
        defaults={language: Template(words, "{title}") for language, words in _REMINDER_EMAIL.items()},
    ),
    Text(
        key="surveys.question",
        channel="sms",
        purpose="interview",
        title={"fr": "Question par SMS", "en": "Question by SMS"},
        places=(QUESTION,),
        defaults={language: Template("{question}", folded=True) for language in ("fr", "en")},
    ),
    *(_by_sms(name) for name in MESSAGES if not name.startswith(("invitation", "reminder"))),
]
#: What these texts say while nobody has written other words.
DEFAULTS = Wordings(Catalogue(TEXTS), {})
