"""What an appellant is told before the decision, in time or late."""

from complaints.wording.texts import Wording

APPEAL_RECEIPT = {
    "fr": Wording(
        "Votre recours {reference} est enregistré",
        """Bonjour,

Votre recours est enregistré. Une autre personne que celle qui a traité votre réclamation l’examine et vous répond \
au plus tard le {answer_due}.

Suivi, avec votre référence {reference} et votre code : {link}

{brand}""",
        "{brand} : recours {reference} enregistré. Réponse au plus tard le {answer_due_short}. Suivi : {link}",
    ),
    "en": Wording(
        "Your appeal {reference} is registered",
        """Hello,

Your appeal is registered. Somebody other than the person who handled your complaint examines it and answers by \
{answer_due} at the latest.

Follow it with your reference {reference} and your code: {link}

{brand}""",
        "{brand}: appeal {reference} is registered. Answer by {answer_due_short} at the latest. Follow it: {link}",
    ),
}

LATE_APPEAL_RECEIPT = {
    "fr": Wording(
        "Votre recours {reference} est arrivé après le délai",
        """Bonjour,

Votre recours est enregistré et conservé. Il est arrivé après le délai, qui courait jusqu’au {window_until} inclus. Un \
responsable décide s’il rouvre votre dossier ou s’il en ouvre un nouveau, lié au premier. Nous vous disons lequel au \
plus tard le {settled_by}.

Suivi, avec votre référence {reference} et votre code : {link}

{brand}""",
        "{brand} : votre recours {reference} est conservé, bien que tardif. Suite au plus tard le "
        "{settled_by_short}. Suivi : {link}",
    ),
    "en": Wording(
        "Your appeal {reference} came after its time",
        """Hello,

Your appeal is registered and kept. It came after its time, which ran until {window_until} included. A manager \
decides whether to reopen your case or to open a new one linked to it. We tell you which by {settled_by} at the latest.

Follow it with your reference {reference} and your code: {link}

{brand}""",
        "{brand}: appeal {reference} is kept, though late. We tell you what follows by {settled_by_short}. "
        "Follow it: {link}",
    ),
}

LATE_APPEAL_ACCEPTED = {
    "fr": Wording(
        "Votre recours {reference} est accepté",
        """Bonjour,

Votre recours est arrivé après le délai ; nous l’acceptons. Une autre personne que celle qui a traité votre \
réclamation l’examine et vous répond au plus tard le {answer_due}.

Suivi, avec votre référence {reference} et votre code : {link}

{brand}""",
        "{brand} : votre recours {reference} est accepté. Réponse au plus tard le {answer_due_short}. Suivi : {link}",
    ),
    "en": Wording(
        "Your appeal {reference} is accepted",
        """Hello,

Your appeal came after its time; we accept it. Somebody other than the person who handled your complaint examines it \
and answers by {answer_due} at the latest.

Follow it with your reference {reference} and your code: {link}

{brand}""",
        "{brand}: your appeal {reference} is accepted. Answer by {answer_due_short} at the latest. Follow it: {link}",
    ),
}

LATE_APPEAL_REFERRED = {
    "fr": Wording(
        "Votre recours {reference} devient le dossier {new_reference}",
        """Bonjour,

Votre recours est arrivé après le délai. Nous avons ouvert un nouveau dossier, lié au premier, où votre demande est \
examinée : {new_reference}. Sa référence et son code vous sont donnés à part.

{brand}""",
        "{brand} : votre recours {reference}, reçu après le délai, devient le dossier {new_reference}. Son code vous "
        "est donné à part.",
    ),
    "en": Wording(
        "Your appeal {reference} becomes case {new_reference}",
        """Hello,

Your appeal came after its time. We have opened a new case linked to the first, in which your request is examined: \
{new_reference}. Its reference and code are given to you separately.

{brand}""",
        "{brand}: your appeal {reference}, which came after its time, becomes case {new_reference}. Its code is given "
        "to you separately.",
    ),
}
