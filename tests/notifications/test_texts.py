"""Texts and their versions: what a message says, in which order, and how little it takes to know."""

import importlib
import pkgutil

import pytest
import sqlalchemy
from sqlalchemy import event

from foundation.database import db
from notifications import texts
from notifications.errors import NotificationRefused
from notifications.models import MessageText, MessageTextVersion, OutboxMessage
from notifications.previews import compared, preview
from notifications.queries.texts import catalogue, in_force, source_of
from notifications.segments import cost
from notifications.services.texts import TextRefused, restore, save
from notifications.texts import Catalogue, Place, Template, Text, problems
from tests.conftest import NOW, create_user

KEY = ("surveys.thanks", "sms")
WORDS = Template("{brand} : grand merci.", folded=True)


def write(template=WORDS, key=KEY, language="fr", seen=0, note="", actor=None):
    actor = actor or create_user("quality").id
    version = save(catalogue().get(*key), language, template, note, seen, NOW, actor)
    db.session.commit()
    return version


def test_every_text_as_delivered_may_be_sent(app):
    wrong = [
        (text.key, text.channel, language, problems(text, language, template))
        for text in catalogue()
        for language, template in text.defaults.items()
        if problems(text, language, template)
    ]
    assert wrong == []


def test_every_text_has_its_words_samples_and_meanings_in_both_languages(app):
    for text in catalogue():
        for words in (
            text.title,
            *(each for place in text.places for each in (place.meaning, place.sample, place.longest)),
        ):
            assert set(words) == set(texts.LANGUAGES) and all(words.values()), text.key
        assert text.message_class == "relation" and len({place.name for place in text.places}) == len(text.places)


def test_no_sample_is_longer_than_the_longest_plausible_value(app):
    for text in catalogue():
        for place in text.places:
            for language in texts.LANGUAGES:
                assert len(place.sample[language]) <= len(place.longest[language]), (text.key, place.name)


def test_the_default_sms_keep_to_the_alphabet_and_to_three_parts_at_most(app):
    for text in catalogue():
        for language, template in text.defaults.items():
            if text.channel == "sms":
                shown = preview(text, language, template)
                assert shown.worst.encoding == "gsm7" and shown.worst.parts <= 3, (text.key, language)
                assert cost(shown.body).parts <= 2


def test_a_text_registered_twice_or_in_one_language_is_refused_at_the_start():
    one = Text(key="a.b", channel="sms", purpose="reply", title={}, places=(), defaults={"fr": WORDS, "en": WORDS})
    with pytest.raises(ValueError):
        Catalogue([one, one])
    with pytest.raises(ValueError):
        Catalogue([Text(key="a.b", channel="sms", purpose="reply", title={}, places=(), defaults={"fr": WORDS})])


def test_notifications_knows_the_texts_of_no_other_package():
    import notifications

    modules = [module.name for module in pkgutil.iter_modules(notifications.__path__)]
    assert "texts" in modules and not hasattr(importlib.import_module("notifications.texts"), "TEXTS")


def test_braces_are_places_or_nothing(app):
    place = Place("link", {"fr": "le lien", "en": "the link"}, {"fr": "x", "en": "x"}, {"fr": "x", "en": "x"}, True)
    text = Text(
        key="a.b", channel="sms", purpose="reply", title={}, places=(place,), defaults={"fr": WORDS, "en": WORDS}
    )
    codes = {
        "voir {link}": [],
        "voir { link }": ["unknown-place", "missing-place"],
        "voir {link} {Nom}": ["unknown-place"],
        "voir {link} {": ["lone-brace"],
        "voir {{link}}": ["lone-brace", "lone-brace"],
        " ": ["empty", "missing-place"],
        "mot " * 500 + "{link}": ["too-long"],
    }
    for typed, expected in codes.items():
        assert [problem.code for problem in problems(text, "fr", Template(typed))] == expected, typed


def test_values_are_put_in_once_and_nothing_in_them_is_read(app):
    said = Template("{a} {b} {c} {0} {a.b}").say(a="{b}", b="{a}")
    assert said.body == "{b} {a} {c} {0} {a.b}"


def test_what_is_typed_with_loose_accents_and_other_line_ends_is_tidied(app):
    version = write(Template("{brand} : grand\r\nmerci, re\u0301ponse rec\u0327ue.  \n"))
    assert version.body == "{brand} : grand\nmerci, réponse reçue."


def test_versions_are_numbered_and_never_change(app):
    actor = create_user("quality").id
    first, second = write(actor=actor), write(Template("{brand} : bravo."), seen=1, note="Essai", actor=actor)
    assert (first.number, second.number, second.note, second.author_id) == (1, 2, "Essai", actor)
    assert in_force().of(*KEY, "fr") == Template("{brand} : bravo.")
    second.body = "autre chose"
    with pytest.raises(NotificationRefused):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.get(MessageTextVersion, first.id))
    with pytest.raises(NotificationRefused):
        db.session.flush()


def test_the_database_takes_a_number_once(app):
    version = write()
    copy = {name: getattr(version, name) for name in ("text_id", "number", "body", "content_hash", "author_id")}
    db.session.add(MessageTextVersion(**copy, subject="", created_at=NOW))
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        db.session.flush()


def test_who_has_not_seen_the_last_change_is_refused(app):
    write()
    for seen in (0, 2):
        with pytest.raises(NotificationRefused) as refusal:
            write(Template("{brand} : ah."), seen=seen)
        assert refusal.value.code == "stale-text"
        db.session.rollback()


def test_an_older_version_that_may_not_be_sent_today_does_not_come_back(app):
    version = write()
    db.session.execute(
        sqlalchemy.update(MessageTextVersion).values(body="{brand} : promo").where(MessageTextVersion.id == version.id)
    )
    with pytest.raises(TextRefused):
        restore(catalogue().get(*KEY), "fr", 1, 1, NOW, 1)


def test_words_written_elsewhere_count_here_at_once_and_words_are_read_once(app):
    """Another process put other words in force: the next message has them; unchanged ones are not read again."""
    write()
    assert in_force().of(*KEY, "fr").body == WORDS.body
    assert count_of(in_force) == 1
    db.session.rollback()
    with db.engine.begin() as other:
        row = dict(other.execute(sqlalchemy.select(MessageTextVersion.__table__)).mappings().one())
        del row["id"]
        row |= {"number": 2, "body": "{brand} : ailleurs.", "content_hash": "f" * 64}
        other.execute(sqlalchemy.insert(MessageTextVersion.__table__).values(**row))
        other.execute(sqlalchemy.update(MessageText.__table__).values(in_force=2, version=2))
    db.session.rollback()
    assert count_of(in_force) == 2
    assert in_force().of(*KEY, "fr").body == "{brand} : ailleurs."


def count_of(work):
    """How many statements ``work`` sends that name the tables of texts."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if "message_text" in statement:
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_what_is_queued_keeps_its_words_and_names_its_version(app):
    from notifications import inbound

    def stop(number):
        sender = f"+3363998123{number}"
        inbound.receive(provider_id=f"m{number}", sender=sender, recipient="38600", body="STOP", now=NOW)
        return db.session.scalars(db.select(OutboxMessage).filter_by(recipient=sender)).one()

    before = stop(1)
    version = write(Template("Bien noté. Pour revenir : START.", folded=True), ("notifications.stopped", "sms"))
    after = stop(2)
    assert before.body.startswith("C'est noté") and before.text_id is None
    assert after.body == "Bien noté. Pour revenir : START." and after.text_id == version.id
    assert source_of(after.text_id).number == 1 and source_of(None) is None


def test_folding_is_the_choice_of_the_text(app):
    from notifications.confirmations import TEXTS

    text = next(one for one in TEXTS if (one.key, one.channel) == ("notifications.stopped", "sms"))
    assert text.defaults["fr"].say().body.startswith("C'est noté")
    write(Template("C’est noté. Répondez START.", folded=False), ("notifications.stopped", "sms"))
    assert in_force().of("notifications.stopped", "sms", "fr").say().body == "C’est noté. Répondez START."


def test_two_wordings_are_compared_word_by_word():
    left, right = compared("Merci de votre avis", "Merci pour votre avis précieux")
    assert [words for words, changed in left if changed] == ["de"]
    assert [words for words, changed in right if changed] == ["pour", " précieux"]
    assert "".join(words for words, _ in right) == "Merci pour votre avis précieux"


def test_another_language_reads_english(app):
    assert in_force().of(*KEY, "de") == in_force().of(*KEY, "en")
    with pytest.raises(KeyError):
        in_force().of("nothing", "sms", "fr")
