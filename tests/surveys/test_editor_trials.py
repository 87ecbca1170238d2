"""The simulator: the real engine, by web and SMS at once, and nothing stored."""

import html
import json
import re

import pytest

from foundation.database import db
from notifications.models import OutboxMessage
from surveys import editing, trials
from surveys.interview_events import Event
from surveys.message_texts import DEFAULTS
from surveys.models import AnswerEvent, DraftRevision
from surveys.questionnaires import compile_version, content_hash
from surveys.services.questionnaires import save_draft
from surveys.storage import model_definition
from surveys.trials import Trial
from tests.conftest import token_in
from tests.surveys.factories import NOW, published_version

TRY = "/surveys/questionnaires/post_contact/try"


@pytest.fixture
def quality(sign_in):
    save_draft(model_definition("post_contact"), NOW)
    db.session.commit()
    return sign_in("quality")


class Player:
    """Somebody at the simulator: each act posts the page that the last one gave."""

    def __init__(self, client, address=TRY, **start):
        self.client, self.address = client, address
        self.page = client.get(address).text
        self.act("begin", **{"wording": "fr", "collection": "sms", "low_score": "2", **start})

    def act(self, act, **fields):
        carried = {name: self.hidden(name) for name in ("play", "step", "lang") if f'name="{name}"' in self.page}
        asked = {"asked": re.findall(r'name="asked" value="(\w+)"', self.page)}
        data = {"csrf_token": token_in(self.page), **carried, **asked, "act": act, **fields}
        self.response = self.client.post(self.address, data=data)
        self.page = self.response.text
        return self

    def hidden(self, name):
        return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', self.page)[1])

    @property
    def thread(self):
        return [html.unescape(text) for text in re.findall(r'<p class="words"[^>]*>(.*?)</p>', self.page, re.DOTALL)]

    @property
    def events(self):
        rows = re.search(r"<tbody>(.*?)</tbody>", self.page, re.DOTALL)
        return re.findall(r'<th scope="row">([^<]+?)\s*<', rows[1]) if rows else []


def test_an_interview_begins_by_sms_and_goes_on_by_web_and_nothing_is_stored(quality, committed):
    player = Player(quality)
    assert "Cet échange vous a-t-il donné satisfaction" in player.thread[0]
    player.act("sms", body="4 mais j’attends")
    assert player.thread[1] == "4 mais j’attends"
    assert "Recommanderiez-vous Votre marque" in player.thread[2]
    assert "Recommanderiez-vous Votre marque" in player.page.partition('role="log"')[0]
    player.act("answer", **{"q.recommendation": "9"})
    assert player.page.count("<q>mais j’attends</q>") == 1
    assert [committed(model) for model in (AnswerEvent, OutboxMessage)] == [0, 0]
    assert committed(DraftRevision) == 1


def test_a_low_score_says_what_would_follow_and_stop_ends_it(quality):
    player = Player(quality).act("sms", body="1 toujours pas réglé")
    assert 'role="status"' in player.page
    player.act("sms", quick="STOP")
    assert "STOP" in player.thread
    assert "Recommanderiez-vous" not in player.page.partition('role="log"')[0]


def test_an_answer_that_cannot_be_read_is_shown_again_with_the_reason(quality):
    player = Player(quality, collection="web").act("answer", **{"q.satisfaction": ""})
    assert player.response.status_code == 400
    assert 'class="error"' in player.page
    player.act("answer", **{"q.satisfaction": "5"})
    assert player.response.status_code == 200


def test_the_language_changes_on_the_page_and_by_sms(quality):
    player = Player(quality).act("speak.en")
    assert "Were you satisfied" in player.page.partition('role="log"')[0]


def test_when_time_has_run_out_an_answer_is_late(quality):
    player = Player(quality).act("expire").act("sms", body="5")
    assert "5" in player.thread
    assert len(player.events) == 1


def test_a_published_version_is_played_by_its_number_and_what_began_goes_on_when_the_draft_changes(app, sign_in):
    published_version()
    db.session.commit()
    client = sign_in("quality")
    player = Player(client, f"{TRY}/1")
    changed = editing.delete_question(model_definition("post_contact"), "recommendation")
    save_draft(changed, NOW)
    db.session.commit()
    player.act("sms", body="4")
    assert "Recommanderiez-vous" in player.thread[-1]
    assert client.get(f"{TRY}/9").status_code == 404


@pytest.mark.parametrize("play", ["", "x", "e30.abc", "WzFd.AAAA"])
def test_what_no_page_of_ours_wrote_begins_again(quality, play):
    player = Player(quality)
    page = player.page
    response = quality.post(TRY, data={"csrf_token": token_in(page), "play": play, "act": "sms", "body": "5"})
    assert response.status_code == 409


def test_a_draft_that_cannot_be_compiled_says_so(quality):
    definition = model_definition("post_contact")
    definition["questions"][0]["title"] = {"fr": "Seulement ici"}
    save_draft(definition, NOW)
    db.session.commit()
    page = quality.get(TRY)
    assert page.status_code == 200
    assert 'value="begin"' not in page.text
    token = token_in(quality.get("/accounts/password").text)
    assert quality.post(TRY, data={"csrf_token": token, "act": "begin"}).status_code == 409


def test_a_trial_is_the_same_after_it_was_carried_by_a_form():
    definition = model_definition("post_contact")
    version = compile_version(definition, 2)
    trial = trials.begun(Trial(content_hash(definition), "en", "sms", 2), version, DEFAULTS)
    for body in ("?", "?", "3 still waiting", "stop"):
        trial = trials.played(trial, version, trials.reply(trial, version, body), DEFAULTS).trial
        assert trials.from_json(json.loads(json.dumps(trials.as_json(trial)))) == trial
    assert trial.state.ended == "stopped"


def test_a_trial_does_not_grow_without_end():
    version = compile_version(model_definition("post_contact"), 2)
    full = Trial("x", "fr", "sms", 2, tuple([Event("unread", "satisfaction", words="x")] * trials.MOST_EVENTS))
    assert trials.played(full, version, trials.reply(full, version, "5"), DEFAULTS).trial == full
