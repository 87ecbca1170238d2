"""The wordings as texts that a page shows and lets edit: what each is for, what it may name, what it must."""

from collections.abc import Mapping

from complaints.wording.appeals import (
    APPEAL_RECEIPT,
    LATE_APPEAL_ACCEPTED,
    LATE_APPEAL_RECEIPT,
    LATE_APPEAL_REFERRED,
)
from complaints.wording.letters import APPEAL_DECISION, DECISION
from complaints.wording.messages import ACKNOWLEDGEMENT, MESSAGE, RECEIPT
from complaints.wording.places import ALWAYS, PLACES
from complaints.wording.texts import Wording
from notifications.texts import Place, Template, Text, Words

# (key, wordings, purpose, title, what it may name besides, what an e-mail must, what an SMS must)
_REGISTER: list[tuple[str, Mapping[str, Wording], str, Words, str, str, str]] = [
    (
        "receipt",
        RECEIPT,
        "acknowledgement",
        {"fr": "Récépissé d’une réclamation", "en": "Receipt of a complaint"},
        "code words",
        "brand reference code link acknowledgement_due answer_due",
        "brand reference code link",
    ),
    (
        "acknowledgement",
        ACKNOWLEDGEMENT,
        "acknowledgement",
        {"fr": "Accusé de réception d’une réclamation", "en": "Acknowledgement of a complaint"},
        "",
        "brand reference link answer_due mediator_after",
        "brand reference link",
    ),
    (
        "message",
        MESSAGE,
        "reply",
        {"fr": "Message au sujet d’une réclamation", "en": "Message about a complaint"},
        "words",
        "brand reference link words",
        "brand reference link",
    ),
    (
        "decision",
        DECISION,
        "decision",
        {"fr": "Décision sur une réclamation", "en": "Decision on a complaint"},
        "today outcome reasons mediator_now window_until window_until_short appeal_days",
        "brand reference link outcome reasons mediator_now window_until appeal_days",
        "brand reference link window_until_short",
    ),
    (
        "appeal_receipt",
        APPEAL_RECEIPT,
        "acknowledgement",
        {"fr": "Récépissé d’un recours", "en": "Receipt of an appeal"},
        "",
        "brand reference link answer_due",
        "brand reference link",
    ),
    (
        "late_appeal_receipt",
        LATE_APPEAL_RECEIPT,
        "acknowledgement",
        {"fr": "Récépissé d’un recours tardif", "en": "Receipt of a late appeal"},
        "window_until window_until_short settled_by settled_by_short",
        "brand reference link window_until settled_by",
        "brand reference link",
    ),
    (
        "late_appeal_accepted",
        LATE_APPEAL_ACCEPTED,
        "reply",
        {"fr": "Recours tardif accepté", "en": "Late appeal accepted"},
        "",
        "brand reference link answer_due",
        "brand reference link",
    ),
    (
        "late_appeal_referred",
        LATE_APPEAL_REFERRED,
        "reply",
        {"fr": "Recours tardif renvoyé à un nouveau dossier", "en": "Late appeal referred to a new case"},
        "new_reference",
        "brand new_reference",
        "brand reference new_reference",
    ),
    (
        "appeal_decision",
        APPEAL_DECISION,
        "decision",
        {"fr": "Décision sur un recours", "en": "Decision on an appeal"},
        "today outcome reasons mediator_now appealed_on",
        "brand reference outcome reasons mediator_now",
        "brand reference link",
    ),
]


def _places(names: str, required: str) -> tuple[Place, ...]:
    musts = required.split()
    return tuple(
        Place(name, one.meaning, one.sample, one.longest, name in musts)
        for name, one in PLACES.items()
        if name in names.split()
    )


def _texts() -> list[Text]:
    texts = []
    for name, wordings, purpose, title, besides, by_email, by_sms in _REGISTER:
        letters = {language: Template(one.body, one.subject) for language, one in wordings.items()}
        short = {language: Template(one.short, folded=True) for language, one in wordings.items()}
        texts += [
            Text(
                key=f"complaints.{name}",
                channel=channel,
                purpose=purpose,
                title=title,
                places=_places(f"{ALWAYS} {besides}", required),
                defaults=defaults,
            )
            for channel, required, defaults in (("email", by_email, letters), ("sms", by_sms, short))
        ]
    return texts


TEXTS = _texts()
