"""Receipt, acknowledgement and messages of a complaint."""

from complaints.wording.texts import Wording

RECEIPT = {
    "fr": Wording(
        "Votre réclamation {reference} est enregistrée",
        """Bonjour,

Votre réclamation est enregistrée.

Référence : {reference}
Code : {code}

Avec les deux, vous suivez votre dossier, vous nous écrivez et vous lisez notre réponse :
{link}

Une personne de {brand} prend votre dossier en charge. Vous recevez un accusé de réception au plus tard le \
{acknowledgement_due}, et une réponse motivée au plus tard le {answer_due}.

Ce que vous nous avez écrit le {sent_on} :

{words}

{brand}""",
        "{brand} : réclamation {reference} enregistrée. Votre code : {code}. Réponse au plus tard le "
        "{answer_due_short}. Suivi : {link}",
    ),
    "en": Wording(
        "Your complaint {reference} is registered",
        """Hello,

Your complaint is registered.

Reference: {reference}
Code: {code}

With both, you follow your case, write to us and read our answer:
{link}

Somebody at {brand} takes charge of your case. You receive an acknowledgement by {acknowledgement_due} at the \
latest, and a reasoned answer by {answer_due} at the latest.

What you wrote to us on {sent_on}:

{words}

{brand}""",
        "{brand}: complaint {reference} is registered. Your code: {code}. Answer by {answer_due_short} at the latest. "
        "Follow it: {link}",
    ),
}

ACKNOWLEDGEMENT = {
    "fr": Wording(
        "Réclamation {reference} : nous nous en occupons",
        """Bonjour,

Nous avons pris en charge votre réclamation {reference}, reçue le {received_on}.

Nous vous répondons par écrit au plus tard le {answer_due}. Pour compléter votre dossier ou le suivre, utilisez \
votre référence et votre code : {link}
{write_to}{mediator_after}
{brand}""",
        "{brand} : nous traitons votre réclamation {reference}. Réponse au plus tard le {answer_due_short}. "
        "Suivi : {link}",
    ),
    "en": Wording(
        "Complaint {reference}: we are on it",
        """Hello,

We have taken charge of your complaint {reference}, received on {received_on}.

We answer in writing by {answer_due} at the latest. To add something or to follow your case, use your reference and \
your code: {link}
{write_to}{mediator_after}
{brand}""",
        "{brand}: we are handling your complaint {reference}. Answer by {answer_due_short} at the latest. "
        "Follow it: {link}",
    ),
}

MESSAGE = {
    "fr": Wording(
        "Votre réclamation {reference} : un message de {brand}",
        """Bonjour,

{words}

Pour répondre : {link}, avec votre référence {reference} et votre code.

{brand}""",
        "{brand} : un message sur votre réclamation {reference} vous attend ici : {link}",
    ),
    "en": Wording(
        "Your complaint {reference}: a message from {brand}",
        """Hello,

{words}

To answer: {link}, with your reference {reference} and your code.

{brand}""",
        "{brand}: a message about your complaint {reference} is waiting here: {link}",
    ),
}

#: Where else the complainant may write.
WRITE_TO = {
    "fr": "\nVous pouvez aussi nous écrire : {where}\n",
    "en": "\nYou may also write to us: {where}\n",
}
#: Named before it: after two months without answer.
MEDIATOR_AFTER = {
    "fr": "\nSans réponse de notre part d’ici au {legal_due}, vous pourrez saisir gratuitement le médiateur de la "
    "consommation : {mediator}\n",
    "en": "\nIf you have no answer by {legal_due}, you may ask the consumer mediator, free of charge: {mediator}\n",
}
