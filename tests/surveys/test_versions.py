"""A version is a draft, then published, then retired; publishing says what its edits are."""

import json
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from foundation.database import db
from foundation.ledger.models import Entry
from surveys.models import QuestionnaireVersion
from surveys.refusals import SurveyRefused
from surveys.services.programmes import change_programme
from surveys.services.questionnaires import publish, retire, save_draft
from surveys.storage import model_definition
from tests.surveys.factories import (
    NOW,
    create_principal,
    create_programme_of,
    published_version,
    terms_of,
)

LATER = NOW + timedelta(hours=1)


def facts_of(kind):
    db.session.flush()
    found = db.select(Entry).filter_by(kind=kind).order_by(Entry.id)
    return [json.loads(entry.facts) for entry in db.session.scalars(found)]


def next_version(change):
    definition = model_definition("post_contact")
    change({raw["id"]: raw for raw in definition["questions"]}, definition)
    draft = save_draft(definition, NOW)
    return publish(draft.questionnaire_id, None, NOW)


def test_publishing_a_first_version_compares_it_with_nothing(app):
    published_version()
    (facts,) = facts_of("questionnaire.published")
    assert "edit_class" not in facts and facts["version"] == 1


def test_the_ledger_says_how_the_edits_of_a_version_are_classed(app):
    published_version()
    next_version(lambda by_id, _all: by_id["effort"].update(polarity="lower", page="more"))
    _first, facts = facts_of("questionnaire.published")
    assert facts["compared_with"] == 1
    assert facts["edit_class"] == "scale"
    assert facts["changes"] == {"cosmetic": 1, "wording": 0, "scale": 1}
    assert facts["breaks"] == {"effort": "scale"}


def test_a_retired_version_is_in_the_ledger_and_keeps_its_content(app):
    version = published_version()
    digest = version.content_hash
    retire(version.questionnaire_id, 1, NOW, actor_id=None)
    assert (version.retired_at, version.content_hash) == (NOW, digest)
    (facts,) = facts_of("questionnaire.retired")
    assert facts == {"questionnaire": "post_contact", "version": 1, "content_hash": digest}


def test_no_programme_takes_up_a_retired_version(app):
    principal, version = create_principal(), published_version()
    retire(version.questionnaire_id, 1, NOW)
    with pytest.raises(SurveyRefused) as refused:
        create_programme_of(principal, version_id=version.id)
    assert refused.value.code == "version-retired"


def test_a_programme_goes_on_with_the_version_it_has_and_takes_a_newer_one(app):
    programme, version = create_programme_of(create_principal()), published_version()
    newer = next_version(lambda by_id, _all: by_id["comment"].update(required=True))
    retire(version.questionnaire_id, 1, NOW)
    assert programme.latest.version.retired_at == NOW
    with pytest.raises(SurveyRefused) as refused:
        change_programme(programme, terms_of(version_id=version.id, validity_days=9), 1, LATER)
    assert refused.value.code == "version-retired"
    changed = change_programme(programme, terms_of(version_id=newer.id), 1, LATER)
    assert changed.version_id == newer.id


def test_only_a_published_version_is_retired_and_only_once(app):
    version = published_version()
    draft = save_draft({**model_definition("post_contact"), "parts": 3}, NOW)
    for number, code in ((draft.number, "not-published"), (9, "unknown-version")):
        with pytest.raises(SurveyRefused) as refused:
            retire(version.questionnaire_id, number, NOW)
        assert refused.value.code == code
    retire(version.questionnaire_id, 1, NOW)
    with pytest.raises(SurveyRefused) as refused:
        retire(version.questionnaire_id, 1, NOW)
    assert refused.value.code == "already-retired"


@pytest.mark.parametrize(
    "change", [{"definition": {}}, {"retired_at": None, "retired_by": None}, {"number": 7}, {"published_by": 3}]
)
def test_a_retired_version_is_as_fixed_as_a_published_one(app, change):
    version = published_version()
    retire(version.questionnaire_id, 1, NOW, actor_id=4)
    for name, value in change.items():
        setattr(version, name, value)
    with pytest.raises(SurveyRefused):
        db.session.flush()
    db.session.rollback()


def test_the_database_itself_refuses_a_retired_draft(app):
    draft = save_draft(model_definition("post_contact"), NOW)
    with pytest.raises(IntegrityError):
        db.session.execute(db.update(QuestionnaireVersion).filter_by(id=draft.id).values(retired_at=NOW))
    db.session.rollback()
