"""A wish to be called by somebody who answered anonymously."""

from datetime import datetime

from surveys.queries.interviews import Interview
from surveys.signals import call_requested


def ask_for_call(interview: Interview, words: str, phone: str, language: str, now: datetime) -> None:
    """Tell the complaints team that this customer wants a call: what they wrote on the page of that wish, no more.

    Their answers are not at hand any more, and nothing of them is looked for.
    """
    invitation = interview.invitation
    said = "\n".join(part for part in (words, phone) if part)
    payload = {
        "principal_id": invitation.principal_id,
        "site_id": invitation.site_id,
        "customer_id": invitation.customer_id,
        "contact_id": invitation.contact_id,
        "invitation": invitation.public_id,
        "programme_key": interview.programme.key,
        "programme": interview.programme.name,
        "promise": interview.terms.promise,
        "score": None,
        "words": said,
        "answers": {},
        "language": language,
        "wants": "callback",
        "answered_at": now.isoformat(),
    }
    call_requested.send(interview.programme.key, payload=payload, at=now)
