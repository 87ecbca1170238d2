"""Answers that decline a question: "not applicable" and "I prefer not to answer", as people write them in an SMS."""

from collections.abc import Mapping

from surveys import replies

NOT_APPLICABLE = "_na"
PREFER_NOT = "_private"
PHRASES = {
    NOT_APPLICABLE: (
        "sans objet", "n/a", "na", "non applicable", "pas applicable", "non concerne", "non concernee",
        "pas concerne", "pas concernee", "not applicable", "does not apply", "doesn't apply", "not concerned",
    ),
    PREFER_NOT: (
        "je prefere ne pas repondre", "prefere ne pas repondre", "je ne souhaite pas repondre",
        "ne souhaite pas repondre", "je ne veux pas repondre", "ne veux pas repondre", "pas de reponse",
        "i prefer not to answer", "prefer not to answer", "i prefer not to say", "prefer not to say",
        "i'd rather not say", "rather not say", "i do not want to answer", "i don't want to answer", "no answer",
    ),
}  # fmt: skip


def read(
    body: str, offered: Mapping[str, Mapping[str, str]], language: str, whole: bool = False
) -> tuple[str, str] | None:
    """Which of the ``offered`` answers a reply gives, and the words after it; None if it gives none.

    ``whole``: it must be the whole reply, because words are an answer of their own here.
    """
    phrases = {value: [*PHRASES[value], labels.get(language, "")] for value, labels in offered.items()}
    found = replies.leading_phrase(body, phrases)
    return None if found is None or (whole and found[1]) else found
