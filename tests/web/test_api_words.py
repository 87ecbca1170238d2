"""What the API says of a request as a whole: one JSON shape, in the language that was asked for, French first."""

import pytest

from foundation.web.errors import USUAL
from foundation.web.i18n import in_each_language
from tests.conftest import visitor


@pytest.mark.parametrize(
    ("method", "address", "status", "french", "english"),
    [
        ("get", "/api/v1/nothing", 404, "Il n’y a rien à cette adresse.", "There is nothing at this address."),
        ("get", "/api/nothing", 404, "Il n’y a rien à cette adresse.", "There is nothing at this address."),
        ("get", "/api/v1/contacts", 405, "n’accepte pas une telle requête", "does not take such a request"),
        ("delete", "/api/v1/contacts/bulk", 405, "n’accepte pas une telle requête", "does not take such a request"),
        ("post", "/api/v1/contacts", 401, "clé", "key"),
    ],
)
def test_a_refusal_has_one_shape_and_the_language_asked_for(app, method, address, status, french, english):
    client = visitor(app)
    for language, said in (("", french), ("de", french), ("fr", french), ("en-GB,en;q=0.9,fr;q=0.5", english)):
        answer = getattr(client, method)(address, headers={"Accept-Language": language} if language else {})
        assert answer.status_code == status
        assert set(answer.json) == {"code", "message"} and answer.json["code"] == status
        assert said in answer.json["message"], (language, answer.json)


def test_every_usual_refusal_has_its_french(app):
    for words in USUAL.values():
        said = in_each_language(lambda words=words: words)
        assert said["fr"] != said["en"], said
