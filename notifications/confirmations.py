"""What a person is told who said STOP or START. Data, like every text."""

from notifications.texts import Template, Text, Words

_BY = {"sms": {"fr": "par SMS", "en": "by SMS"}, "email": {"fr": "par courriel", "en": "by e-mail"}}
_SUBJECT = {"fr": "Enquêtes par courriel", "en": "Surveys by e-mail"}
_STOPPED = {
    "fr": "C’est noté : nous ne vous demanderons plus votre avis {by}. Pour revenir sur ce choix, répondez START.",
    "en": "It is noted: you will get no more surveys from us {by}. To get them again, answer START.",
}
_STARTED = {
    "fr": "C’est noté : nous pourrons de nouveau vous demander votre avis {by}. Pour que cela cesse, répondez STOP.",
    "en": "It is noted: you may get surveys from us {by} again. To get no more, answer STOP.",
}


def _text(key: str, channel: str, said: str, undone: str, words: Words) -> Text:
    by_sms = channel == "sms"
    return Text(
        key=key,
        channel=channel,
        purpose="confirmation",
        title={"fr": f"Confirmation de {said}", "en": f"Confirmation of {said}"},
        places=(),
        mentions=(undone,),
        defaults={
            language: Template(
                sentence.format(by=_BY[channel][language]), "" if by_sms else _SUBJECT[language], folded=by_sms
            )
            for language, sentence in words.items()
        },
    )


TEXTS = [
    _text(key, channel, said, undone, words)
    for key, said, undone, words in (
        ("notifications.stopped", "STOP", "START", _STOPPED),
        ("notifications.started", "START", "STOP", _STARTED),
    )
    for channel in ("sms", "email")
]
