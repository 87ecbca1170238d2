"""Drafts: every state is kept with who wrote it, undoing leads back exactly, and nobody overwrites anybody unseen."""

import os
import random
import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from foundation.database import db
from surveys import editing
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.queries.drafts import acts_at_hand, definition_of_hash, opened, revisions
from surveys.questionnaires import content_hash
from surveys.questions.registry import TYPES
from surveys.refusals import SurveyRefused
from surveys.services import drafts
from surveys.services.questionnaires import publish, save_draft
from surveys.storage import model_definition
from tests.surveys.factories import NOW, published_version

ROUNDS = 40 if os.environ.get("LONG") else 4


@pytest.fixture
def questionnaire(app):
    return published_version().questionnaire


def now_of(questionnaire):
    found = opened(questionnaire)
    assert content_hash(found.definition) == found.digest
    return found


def save(questionnaire, definition, act="changed", subject="", by=1, now=NOW):
    drafts.save(questionnaire, now_of(questionnaire).digest, definition, act, subject, now, by)


def random_act(chance, definition):
    """One thing an editor can do, and the definition after it."""
    names = [raw["id"] for raw in definition["questions"]]
    name = chance.choice(names)
    act = chance.choice(("added", "moved", "duplicated", "deleted", "changed", "settings", "language"))
    if act == "added":
        return act, editing.add_question(definition, chance.choice(sorted(TYPES)), name)[0]
    if act == "moved":
        return act, editing.move_question(definition, name, chance.choice((-3, -1, 1, 2)))
    if act == "duplicated":
        return act, editing.duplicate_question(definition, name)[0]
    if act == "deleted" and len(names) > 1:
        return act, editing.delete_question(definition, name)
    if act == "settings":
        return act, editing.change_settings(definition, {"parts": chance.randint(1, 4)})
    if act == "language":
        languages = definition["languages"]
        new = [one for one in ("de", "es") if one not in languages]
        return act, editing.add_language(definition, new[0]) if new else editing.remove_language(definition, "de")
    return "changed", editing.rename_question(definition, name, f"q{chance.randint(1, 10**9)}")


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_undoing_any_run_of_acts_leads_back_through_the_same_hashes_and_doing_again_forward(questionnaire, seed):
    chance = random.Random(seed)
    hashes = [now_of(questionnaire).digest]
    for _ in range(12):
        act, definition = random_act(chance, now_of(questionnaire).definition)
        save(questionnaire, definition, act)
        if now_of(questionnaire).digest != hashes[-1]:
            hashes.append(now_of(questionnaire).digest)
    back = [hashes[-1]]
    while now_of(questionnaire).undoable and len(back) < 50:
        drafts.undo(questionnaire, now_of(questionnaire).digest, NOW, 1)
        back.append(now_of(questionnaire).digest)
    assert back == hashes[::-1]
    forward = [back[-1]]
    while now_of(questionnaire).redoable and len(forward) < 50:
        drafts.redo(questionnaire, now_of(questionnaire).digest, NOW, 1)
        forward.append(now_of(questionnaire).digest)
    assert forward == hashes


def test_undo_and_redo_may_alternate_and_a_new_act_ends_redoing(questionnaire):
    first = now_of(questionnaire)
    moved = editing.move_question(first.definition, "effort", -1)
    save(questionnaire, moved, "moved", "effort")
    added, _name = editing.add_question(moved, "comment")
    save(questionnaire, added, "added")
    for _ in range(3):
        drafts.undo(questionnaire, now_of(questionnaire).digest, NOW, 1)
        assert now_of(questionnaire).digest == content_hash(moved)
        drafts.undo(questionnaire, now_of(questionnaire).digest, NOW, 1)
        assert now_of(questionnaire).digest == first.digest
        assert drafts.redo(questionnaire, now_of(questionnaire).digest, NOW, 1).subject == "effort"
        drafts.redo(questionnaire, now_of(questionnaire).digest, NOW, 1)
        assert now_of(questionnaire).digest == content_hash(added)
    assert [row.act for row in acts_at_hand(now_of(questionnaire)) if row] == ["added"]
    drafts.undo(questionnaire, now_of(questionnaire).digest, NOW, 1)
    assert [row.act for row in acts_at_hand(now_of(questionnaire))] == ["moved", "added"]
    save(questionnaire, editing.delete_question(moved, "solved"), "deleted", "solved")
    assert not now_of(questionnaire).redoable
    with pytest.raises(SurveyRefused, match="nothing-to-redo"):
        drafts.redo(questionnaire, now_of(questionnaire).digest, NOW, 1)


def test_the_first_change_of_a_published_version_makes_the_draft_of_the_next_and_leaves_it_alone(questionnaire):
    published = now_of(questionnaire)
    assert (published.is_draft, published.number) == (False, 2)
    assert db.session.scalar(db.select(db.func.count()).select_from(QuestionnaireVersion)) == 1
    save(questionnaire, editing.move_question(published.definition, "effort", -1), "moved", "effort")
    draft = now_of(questionnaire)
    assert (draft.is_draft, draft.number) == (True, 2)
    first = db.session.scalars(db.select(QuestionnaireVersion).filter_by(number=1)).one()
    assert content_hash(first.definition) == first.content_hash == published.digest


def test_who_saves_what_they_did_not_see_is_refused_and_nothing_is_lost(questionnaire):
    seen = now_of(questionnaire)
    save(questionnaire, editing.delete_question(seen.definition, "effort"), "deleted", "effort", by=1)
    theirs = now_of(questionnaire).digest
    for act in (
        lambda: drafts.save(questionnaire, seen.digest, seen.definition, "changed", "", NOW, 2),
        lambda: drafts.undo(questionnaire, seen.digest, NOW, 2),
        lambda: drafts.redo(questionnaire, seen.digest, NOW, 2),
        lambda: drafts.discard(questionnaire, seen.digest, NOW, 2),
        lambda: drafts.restore(questionnaire, seen.digest, 1, NOW, 2),
    ):
        with pytest.raises(SurveyRefused, match="draft-changed"):
            act()
    assert now_of(questionnaire).digest == theirs


def test_the_history_says_who_did_what_and_when_and_any_state_can_be_had_back(questionnaire):
    first = now_of(questionnaire)
    save(questionnaire, editing.delete_question(first.definition, "effort"), "deleted", "effort", by=7)
    save(questionnaire, editing.move_question(now_of(questionnaire).definition, "solved", 1), "moved", "solved", by=8,
         now=NOW + timedelta(minutes=5))  # fmt: skip
    deleted = now_of(questionnaire)
    rows = revisions(questionnaire.id, at_most=10)
    assert [(row.act, row.subject, row.by) for row in rows][:3] == [
        ("moved", "solved", 8), ("deleted", "effort", 7), ("began", "", 7),
    ]  # fmt: skip
    assert rows[0].at - rows[1].at == timedelta(minutes=5)
    drafts.restore(questionnaire, deleted.digest, rows[2].id, NOW, 8)
    assert now_of(questionnaire).digest == first.digest
    drafts.undo(questionnaire, first.digest, NOW, 8)
    assert now_of(questionnaire).digest == deleted.digest
    assert definition_of_hash(questionnaire, first.digest) == first.definition


def test_a_discarded_draft_can_be_had_back(questionnaire):
    published = now_of(questionnaire)
    save(questionnaire, editing.delete_question(published.definition, "effort"), "deleted", "effort")
    draft = now_of(questionnaire)
    drafts.discard(questionnaire, draft.digest, NOW, 1)
    gone = now_of(questionnaire)
    assert (gone.is_draft, gone.digest) == (False, published.digest)
    with pytest.raises(SurveyRefused, match="no-draft"):
        drafts.discard(questionnaire, gone.digest, NOW, 1)
    drafts.undo(questionnaire, gone.digest, NOW, 1)
    assert (now_of(questionnaire).is_draft, now_of(questionnaire).digest) == (True, draft.digest)


def test_a_draft_that_was_never_published_is_not_thrown_away(app):
    questionnaire = save_draft(model_definition("post_contact"), NOW).questionnaire
    with pytest.raises(SurveyRefused, match="never-published"):
        drafts.discard(questionnaire, now_of(questionnaire).digest, NOW, 1)


def test_a_file_that_replaces_a_draft_can_be_undone(app):
    definition = model_definition("post_contact")
    questionnaire = save_draft(definition, NOW).questionnaire
    written = editing.delete_question(definition, "effort")
    save(questionnaire, written, "deleted", "effort")
    save_draft(editing.delete_question(definition, "solved"), NOW)
    drafts.undo(questionnaire, now_of(questionnaire).digest, NOW, 1)
    assert now_of(questionnaire).digest == content_hash(written)


def test_a_draft_from_before_there_was_a_history_is_kept_when_it_is_replaced(app):
    definition = model_definition("post_contact")
    questionnaire = Questionnaire(key="post_contact", title="x", created_at=NOW)
    old = QuestionnaireVersion(questionnaire=questionnaire, number=1, definition=definition, created_at=NOW)
    db.session.add_all([questionnaire, old])
    db.session.flush()
    save_draft(editing.delete_question(definition, "effort"), NOW)
    drafts.undo(questionnaire, now_of(questionnaire).digest, NOW, 1)
    assert now_of(questionnaire).digest == content_hash(definition)


def test_publishing_begins_a_new_history(questionnaire):
    save(questionnaire, editing.move_question(now_of(questionnaire).definition, "effort", -1), "moved", "effort")
    publish(questionnaire.id, None, NOW)
    after = now_of(questionnaire)
    assert (after.number, after.undoable, after.redoable) == (3, False, False)


def test_what_changes_nothing_leaves_no_trace(questionnaire):
    save(questionnaire, now_of(questionnaire).definition)
    assert not now_of(questionnaire).is_draft


def test_a_state_of_the_history_never_changes(questionnaire):
    row = revisions(questionnaire.id, at_most=1)[0]
    row.subject = "another"
    with pytest.raises(SurveyRefused, match="revision-stays"):
        db.session.flush()
    db.session.rollback()


def test_of_two_who_save_at_once_one_is_told(pg_app):
    questionnaire = published_version().questionnaire
    db.session.commit()
    seen = now_of(questionnaire).digest
    db.session.commit()
    ready, told = Barrier(2), []

    def write(name):
        with pg_app.app_context():
            mine = db.session.get(Questionnaire, 1)
            definition = editing.delete_question(opened(mine).definition, name)
            db.session.rollback()
            ready.wait()
            try:
                drafts.save(mine, seen, definition, "deleted", name, NOW, 1)
                db.session.commit()
                told.append("saved")
            except SurveyRefused as refusal:
                db.session.rollback()
                told.append(refusal.code)

    writers = [Thread(target=write, args=(name,)) for name in ("effort", "solved")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(told) == ["draft-changed", "saved"]
    db.session.expire_all()
    assert len(now_of(db.session.get(Questionnaire, 1)).definition["questions"]) == 10


@pytest.mark.parametrize("seen, told", [(True, "draft-changed"), (False, "published")])
def test_what_is_saved_while_somebody_publishes_is_what_is_published_or_nothing_is(pg_app, seen, told):
    questionnaire = published_version().questionnaire
    save(questionnaire, editing.delete_question(now_of(questionnaire).definition, "effort"), "deleted", "effort")
    db.session.commit()
    digest, outcomes = now_of(questionnaire).digest, []
    save(questionnaire, editing.delete_question(now_of(questionnaire).definition, "solved"), "deleted", "solved")

    def publishes():
        with pg_app.app_context():
            mine = db.session.get(Questionnaire, 1)
            assert [version.number for version in mine.versions] == [1, 2]  # looked at before, as on its page
            try:
                publish(1, digest if seen else None, NOW, 1)
                db.session.commit()
                outcomes.append("published")
            except SurveyRefused as refusal:
                db.session.rollback()
                outcomes.append(refusal.code)

    publisher = Thread(target=publishes)
    publisher.start()
    wait_for_a_lock()
    db.session.commit()
    publisher.join()
    assert outcomes == [told]
    db.session.expire_all()
    draft = db.session.get(Questionnaire, 1).versions[-1]
    assert draft.content_hash == (None if seen else content_hash(draft.definition))


def wait_for_a_lock():
    waiting = db.text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    deadline = time.monotonic() + 10
    with db.engine.connect() as connection:
        while not connection.scalar(waiting):
            connection.rollback()
            assert time.monotonic() < deadline
            time.sleep(0.01)
