"""What interviews say: the questionnaire's own words before those in force, those before the words as delivered."""

import copy

import pytest

from foundation.database import db
from notifications.models import OutboxMessage
from notifications.queries.texts import catalogue, in_force
from notifications.services.texts import save
from notifications.texts import Template
from surveys import sms_texts
from surveys.questionnaires import compile_version, problems
from surveys.services import sending
from surveys.storage import model_definition
from tests.conftest import NOW, create_user
from tests.notifications.test_texts import count_of
from tests.surveys.test_sending import drawn, send

pytestmark = pytest.mark.usefixtures("app")


def put_in_force(body, key="surveys.thanks", channel="sms", language="fr", folded=True, subject=""):
    text = catalogue().get(key, channel)
    version = save(text, language, Template(body, subject, folded), "", 0, NOW, create_user("quality").id)
    db.session.commit()
    return version


def version_with(**messages):
    definition = copy.deepcopy(model_definition("post_contact"))
    return compile_version({**definition, "messages": messages} if messages else definition)


def thanks(version, language="fr"):
    return sms_texts.other(version, "thanks", "MB", language, wordings=in_force())


def test_a_questionnaires_words_come_first_then_those_in_force_then_ours():
    assert thanks(version_with()).body == "MB : merci, vos réponses sont enregistrées."
    stored = put_in_force("{brand} vous remercie.")
    assert (thanks(version_with()).body, thanks(version_with()).version_id) == ("MB vous remercie.", stored.id)
    own = thanks(version_with(thanks={"fr": "Merci {brand} !", "en": "Thanks"}))
    assert (own.body, own.version_id) == ("Merci MB !", None)
    assert thanks(version_with(), "en").body == "MB: thank you, your answers are recorded."


def test_the_switch_of_the_text_folds_a_questionnaires_words_too():
    own = {"thanks": {"fr": "Merci, c’est reçu.", "en": "Thanks"}}
    assert thanks(version_with(**own)).body == "Merci, c'est recu."
    put_in_force("{brand} : merci.", folded=False)
    assert thanks(version_with(**own)).body == "Merci, c’est reçu."


def test_publication_counts_the_words_in_force_and_refuses_what_advertises():
    definition = model_definition("post_contact")
    assert problems(definition, in_force()) == []
    put_in_force("{brand} " + "merci " * 60)
    assert {(one.code, one.where) for one in problems(definition, in_force())} == {
        ("too-many-parts", "messages.thanks")
    }
    promotional = {**definition, "messages": {"thanks": {"fr": "Merci. Profitez de -20 %", "en": "Thanks"}}}
    titled = {**definition, "title": {"fr": "Gagnez un voyage", "en": "Your opinion"}}
    assert [(one.code, one.where) for one in problems(titled)] == [("promotional", "title")]
    (found,) = problems(promotional)
    assert (found.code, found.where, found.facts["words"]) == (
        "promotional", "messages.thanks", ["Profitez de", "-20 %"],
    )  # fmt: skip


def test_invitations_say_the_words_in_force_and_name_their_version():
    stored = put_in_force("{brand}, {contact}. Un chiffre suffit : {question} {link} STOP", "surveys.invitation")
    send(drawn())
    sent = db.session.scalars(db.select(OutboxMessage)).all()
    assert len(sent) == 6 and {message.text_id for message in sent} == {stored.id}
    assert all("Un chiffre suffit" in message.body for message in sent)


def test_what_texts_say_is_asked_once_a_piece_and_not_once_a_message(app, monkeypatch):
    monkeypatch.setattr(sending, "MESSAGES_IN_A_PIECE", 4)
    put_in_force("{brand}, {contact}. {question} {link} STOP", "surveys.invitation")
    draw = drawn(size=10)
    app.extensions.pop("message_text_words", None)
    # Three pieces: one short question each, and the words themselves once in the life of the process.
    assert count_of(lambda: send(draw)) == 3 + 1
    assert db.session.scalar(db.select(db.func.count()).select_from(OutboxMessage)) == 10
