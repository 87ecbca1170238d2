"""The two letters that carry a decision."""

from complaints.wording.texts import Wording

DECISION = {
    "fr": Wording(
        "Réponse à votre réclamation {reference}",
        """{principal}
Le {today}

Référence : {reference}

Bonjour{name},

Vous nous avez adressé une réclamation le {sent_on}. Nous l’avons examinée. {outcome}

{reasons}

Si cette réponse ne vous convient pas

Vous pouvez former un recours jusqu’au {window_until} inclus, sans avoir à donner de raison : {link}, avec votre \
référence et votre code. Une autre personne que celle qui a traité votre réclamation l’examine et vous répond dans \
les {appeal_days} jours ouvrés.
{write_to}{mediator_now}
{brand}""",
        "{brand} : nous avons répondu à votre réclamation {reference}. Recours possible jusqu'au {window_until_short}. "
        "Lire : {link}",
    ),
    "en": Wording(
        "Answer to your complaint {reference}",
        """{principal}
{today}

Reference: {reference}

Hello{name},

You sent us a complaint on {sent_on}. We have examined it. {outcome}

{reasons}

If this answer does not suit you

You may appeal until {window_until} included, without giving a reason: {link}, with your reference and your code. \
Somebody other than the person who handled your complaint examines it and answers within {appeal_days} working days \
(Monday to Friday).
{write_to}{mediator_now}
{brand}""",
        "{brand}: we have answered your complaint {reference}. You may appeal until {window_until_short}. "
        "Read it here: {link}",
    ),
}

APPEAL_DECISION = {
    "fr": Wording(
        "Réponse à votre recours {reference}",
        """{principal}
Le {today}

Référence : {reference}

Bonjour{name},

Vous avez formé un recours le {appealed_on}. Une autre personne que celle qui avait traité votre réclamation l’a \
examiné. {outcome}

{reasons}

C’est notre dernière réponse interne.
{write_to}{mediator_now}
{brand}""",
        "{brand} : notre réponse à votre recours {reference} est ici : {link}",
    ),
    "en": Wording(
        "Answer to your appeal {reference}",
        """{principal}
{today}

Reference: {reference}

Hello{name},

You appealed on {appealed_on}. Somebody other than the person who had handled your complaint has examined it. {outcome}

{reasons}

This is our last internal answer.
{write_to}{mediator_now}
{brand}""",
        "{brand}: our answer to your appeal {reference} is here: {link}",
    ),
}

OUTCOMES = {
    "fr": {
        "upheld": "Votre réclamation est fondée.",
        "partly_upheld": "Votre réclamation est fondée en partie.",
        "rejected": "Votre réclamation n’est pas retenue.",
        "confirmed": "Notre première réponse est confirmée.",
        "partly_changed": "Notre première réponse est modifiée en partie.",
        "overturned": "Notre première réponse est annulée ; celle-ci la remplace.",
    },
    "en": {
        "upheld": "Your complaint is upheld.",
        "partly_upheld": "Your complaint is upheld in part.",
        "rejected": "Your complaint is not upheld.",
        "confirmed": "Our first answer is confirmed.",
        "partly_changed": "Our first answer is changed in part.",
        "overturned": "Our first answer is overturned; this one replaces it.",
    },
}

#: Named after the answer: at once, and within a year of the written complaint (Code de la consommation L612-2).
MEDIATOR_NOW = {
    "fr": "\nVous pouvez aussi saisir gratuitement le médiateur de la consommation, dans l’année qui suit votre "
    "réclamation écrite : {mediator}\n",
    "en": "\nYou may also ask the consumer mediator, free of charge, within a year of your written complaint: "
    "{mediator}\n",
}
