"""Tags, their list, and names that are masked with a trace."""

import pytest

from foundation.accounts.scope import EVERYTHING, Scope
from foundation.database import db
from foundation.ledger.models import Entry
from satisfaction.comments import Wanted
from satisfaction.engines import on_let_go
from satisfaction.masking import masked
from satisfaction.models import CommentCode, CommentMasking, CommentTag
from satisfaction.queries.anonymous_comments import key_of
from satisfaction.queries.comment_counts import counts
from satisfaction.services.comments import Act, add_code
from surveys.models import AnonymousAnswer, AnswerText
from tests.conftest import NOW, submit_with
from tests.satisfaction.test_comments import belline, quotes, secret, write  # noqa: F401

ACT = Act(1, NOW)


@pytest.mark.parametrize(
    "text, phrase, left, times",
    [
        ("Merci à Karim, karim est parfait.", "Karim", "Merci à […], […] est parfait.", 2),
        ("Karima et Akarim aussi", "Karim", "Karima et Akarim aussi", 0),
        ("Jean  Dupont m’a rappelé", "jean dupont", "[…] m’a rappelé", 1),
        ("Au 06 12 34 56 78.", "06 12 34 56 78", "Au […].", 1),
        ("C’est (M. X) !", "M. X", "C’est ([…]) !", 1),
        ("Rien", "  ", "Rien", 0),
    ],
    ids=["twice", "whole-words", "spaces", "number", "signs", "empty"],
)
def test_words_are_masked_wherever_they_stand_alone(text, phrase, left, times):
    assert masked(text, phrase) == (left, times)


@pytest.fixture
def karim(belline):  # noqa: F811
    return write(belline.first, "Karim m’a raccroché au nez. Merci Karim.", question="more")


def test_a_masked_name_is_gone_from_the_words_and_leaves_a_trace(sign_in, karim):
    address = f"/satisfaction/comments/event:{karim.id}"
    quality = sign_in("quality")
    assert submit_with(quality, f"{address}/mask", page=address, phrase="karim", reason="staff").status_code == 302
    db.session.expire_all()
    assert db.session.get_one(AnswerText, karim.id).text == "[…] m’a raccroché au nez. Merci […]."
    row = db.session.scalars(db.select(CommentMasking)).one()
    assert (row.places, row.reason, row.comment, row.was) == (2, "staff", f"event:{karim.id}", f"event:{karim.id}")
    entry = db.session.scalars(db.select(Entry)).one()
    assert entry.kind == "comment.masked" and "arim" not in entry.facts
    page = quality.get(address).text
    assert "Karim" not in page and "Masqué à 2 endroits" in page
    assert quotes(quality, q="karim") == []


def test_words_that_are_not_there_are_not_masked_and_what_was_typed_stays(sign_in, karim):
    address = f"/satisfaction/comments/event:{karim.id}"
    refused = submit_with(sign_in("quality"), f"{address}/mask", page=address, phrase="Sophie", reason="person")
    assert refused.status_code == 400 and 'value="Sophie"' in refused.text
    assert db.session.scalars(db.select(CommentMasking)).all() == [] == db.session.scalars(db.select(Entry)).all()


@pytest.mark.parametrize("act", ["mask", "tags", "in-hand"])
def test_who_only_reads_changes_nothing(sign_in, karim, act):
    address = f"/satisfaction/comments/event:{karim.id}"
    auditor = sign_in("auditor")
    assert auditor.get(address).status_code == 200 and "Masquer un nom" not in auditor.get(address).text
    assert submit_with(auditor, f"{address}/{act}", page="/change", phrase="Karim", reason="staff").status_code == 403


def test_anonymous_words_are_masked_in_every_row_that_has_them(sign_in, secret):  # noqa: F811
    rows = db.session.scalars(db.select(AnonymousAnswer).filter_by(stratum="lille")).all()
    for row in rows[:2]:
        row.answers = [["satisfaction", 1, ""], ["comment", None, "Merci Karim"]]
    code = add_code(secret.id, "Accueil", "access", "", ACT)
    db.session.commit()
    draw_id = rows[0].draw_id
    was, since = (key_of(draw_id, "comment", words) for words in ("Merci Karim", "Merci […]"))
    quality, old, new = sign_in("quality"), f"/satisfaction/comments/{was}", f"/satisfaction/comments/{since}"
    submit_with(quality, f"{old}/tags", page=old, tags=str(code.id))
    assert submit_with(quality, f"{old}/mask", page=old, phrase="Karim", reason="staff").location == new
    db.session.expire_all()
    said = [words for row in db.session.scalars(db.select(AnonymousAnswer)) for _q, _v, words in row.answers if words]
    assert said.count("Merci […]") == 2 and not any("Karim" in words for words in said)
    assert db.session.scalars(db.select(CommentTag.comment)).all() == [since]
    assert quality.get(old).location == new
    assert "Masqué à un endroit" in quality.get(new).text


def test_tags_are_given_and_taken_and_found(sign_in, belline, karim):  # noqa: F811
    waiting, tone = (add_code(belline.id, label, "", "", ACT) for label in ("Attente", "Ton"))
    other = add_code(belline.id, "Ancienne", "", "", ACT)
    other.retired_at = NOW
    db.session.commit()
    address = f"/satisfaction/comments/event:{karim.id}"
    quality = sign_in("quality")
    submit_with(quality, f"{address}/tags", page=address, tags=[str(waiting.id), str(tone.id)])
    submit_with(quality, f"{address}/tags", page=address, tags=[str(tone.id)])
    assert db.session.scalars(db.select(CommentTag.code_id)).all() == [tone.id]
    assert quotes(quality, tag=tone.id) == ["Karim m’a raccroché au nez. Merci Karim."]
    assert quotes(quality, tag=waiting.id) == [] and len(quotes(quality, tag="none")) == 4
    refused = submit_with(quality, f"{address}/tags", page=address, tags=str(other.id))
    assert refused.status_code == 400


def test_comments_are_counted_by_tag_and_theme(belline, karim):  # noqa: F811
    codes = [add_code(belline.id, label, "access", "", ACT) for label in ("Attente", "Coupure")]
    events = db.session.scalars(db.select(AnswerText.answer_event_id).order_by(AnswerText.answer_event_id)).all()
    draw_id, lille = belline.first.draw_id, belline.first.site_id
    for event_id, code in ((events[0], codes[0]), (events[0], codes[1]), (events[1], codes[1])):
        db.session.add(
            CommentTag(comment=f"event:{event_id}", code_id=code.id, draw_id=draw_id, site_id=lille, given_at=NOW)
        )
    db.session.commit()
    found = counts(Wanted(belline.id), EVERYTHING)
    assert (found.comments, found.tagged, dict(found.by_theme)) == (5, 2, {"access": 2})
    assert [(one.label, one.comments) for one in found.by_code] == [("Coupure", 2), ("Attente", 1)]
    assert counts(Wanted(belline.id), Scope(site_ids=frozenset({lille + 1}))).by_code == ()
    assert counts(Wanted(belline.id), Scope(principal_ids=frozenset({belline.id + 1}))).tagged == 0


def test_the_list_of_tags_is_edited_by_whoever_sees_all_sites(sign_in, belline, karim):  # noqa: F811
    address = "/satisfaction/comments/tags?principal=belline"
    quality = sign_in("quality")
    fields = {"label": " Temps  d’attente ", "theme": "access", "meaning": "Le client parle du temps passé à attendre."}
    assert submit_with(quality, address, **fields).status_code == 302
    again = submit_with(quality, address, **fields)
    assert again.status_code == 400 and "déjà dans la liste" in again.text
    (code,) = db.session.scalars(db.select(CommentCode))
    assert (code.label, code.theme) == ("Temps d’attente", "access")
    assert submit_with(quality, f"/satisfaction/comments/tags/{code.id}/retire", page=address).status_code == 302
    db.session.expire_all()
    assert code.retired_at and "ne se donne plus" in quality.get(address).text
    assert submit_with(quality, address, **fields).status_code == 302
    kinds = db.session.scalars(db.select(Entry.kind).order_by(Entry.id)).all()
    assert kinds == ["comment-code.listed", "comment-code.retired", "comment-code.listed"]
    assert "Ajouter une étiquette" not in sign_in("manager", site_ids=[1]).get(address).text
    assert sign_in("quality", principal_ids=[belline.id + 1]).get(address).status_code == 404


def test_words_of_emergency_are_taken_in_hand_before_anything_is_masked_in_them(sign_in, secret):  # noqa: F811
    row = db.session.scalars(db.select(AnonymousAnswer).filter_by(stratum="lille")).first()
    row.answers = [["comment", None, "Karim, au secours"]]
    on_let_go(row.draw_id, stratum="lille", said=[row.answers], sign=1)
    db.session.commit()
    quality, address = sign_in("quality"), f"/satisfaction/comments/{key_of(row.draw_id, 'comment', row.answers[0][2])}"
    refused = submit_with(quality, f"{address}/mask", page=address, phrase="Karim", reason="staff")
    assert refused.status_code == 400 and 'value="Karim"' in refused.text
    submit_with(quality, f"{address}/in-hand", page=address)
    assert submit_with(quality, f"{address}/mask", page=address, phrase="Karim", reason="staff").status_code == 302
    db.session.expire_all()
    assert row.answers[0][2] == "[…], au secours"


def test_a_comment_out_of_scope_does_not_exist(sign_in, belline, karim):  # noqa: F811
    address = f"/satisfaction/comments/event:{karim.id}"
    assert sign_in("manager", site_ids=[belline.first.site_id]).get(address).status_code == 200
    for role, scope in (("manager", {"site_ids": [belline.first.site_id + 1]}), ("quality", {"principal_ids": [99]})):
        assert sign_in(role, **scope).get(address).status_code == 404
    for wrong in ("event:999999", "event:x", "anonymous:1:0", "anonymous:x", "nothing"):
        assert sign_in("quality").get(f"/satisfaction/comments/{wrong}").status_code == 404
