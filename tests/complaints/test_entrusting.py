"""A manager gives a case to a colleague; a case without a site gets one."""

from datetime import date

import pytest

from complaints import services
from complaints.errors import ActRefused
from complaints.models import Case
from foundation.database import db
from tests.complaints.factories import create_case, create_decided, create_site
from tests.conftest import NOW, create_user, signed_in, submit_with


def act(client, case, event, **fields):
    page = client.get(f"/complaints/{case.reference}/act/{event}")
    assert page.status_code == 200
    answer = submit_with(
        client, f"/complaints/{case.reference}/act/{event}", version=case.version, key="k" * 32, **fields
    )
    return page.text, answer


def test_a_manager_gives_a_case_to_a_colleague_who_then_decides(app):
    case, manager = create_case(), create_user("manager")
    paul, reader = create_user("handler", name="Paul Lemoine"), create_user("auditor", name="Hélène Vasseur")
    page, answer = act(signed_in(app, manager), case, "entrust", colleague=paul.id)
    assert "Paul Lemoine" in page and reader.name not in page
    assert answer.status_code == 302
    assert db.session.get(Case, case.id).handler_id == paul.id
    services.decide(case.id, "upheld", "Vous aviez raison.", paul.id, NOW)


def test_only_colleagues_who_see_the_case_are_named_and_accepted(app):
    lyon, lille = create_site(name="Lyon"), create_site(name="Lille")
    case, manager = create_case(site_id=lyon.id), create_user("manager")
    far = create_user("handler", name="Loin Delà", site_ids=[lille.id])
    create_user("handler", name="Tout Près", site_ids=[lyon.id])
    gone = create_user("handler", name="Parti Hier")
    gone.active = False
    db.session.commit()
    client = signed_in(app, manager)
    page, answer = act(client, case, "entrust", colleague=far.id)
    assert "Tout Près" in page and far.name not in page and gone.name not in page
    assert answer.status_code == 400
    for person in (far, gone):
        with pytest.raises(ActRefused):
            services.entrust(case.id, person.id, manager.id, NOW)


def test_the_colleagues_of_an_appeal_are_none_of_the_first_level(app):
    case, alice = create_decided()
    services.file_appeal(case.id, NOW)
    db.session.commit()
    create_user("reviewer", name="Rachel Meyer")
    client = signed_in(app, create_user("manager"))
    page, answer = act(client, case, "entrust", colleague=alice)
    assert "Rachel Meyer" in page and "Alice" not in page and answer.status_code == 400


def test_where_nobody_else_may_take_it_the_page_says_so(app):
    case = create_case()
    alone = create_user("manager")
    services.assign(case.id, alone.id, NOW)
    db.session.commit()
    answer = signed_in(app, alone).get(f"/complaints/{case.reference}/act/entrust")
    assert answer.status_code == 409 and "Personne d’autre ne peut le prendre." in answer.text


def test_only_managers_give_cases_away(app):
    case, paul = create_case(), create_user("handler")
    for role in ("handler", "reviewer", "auditor", "quality"):
        answer = signed_in(app, create_user(role)).get(f"/complaints/{case.reference}/act/entrust")
        assert answer.status_code == 409
        with pytest.raises(ActRefused):
            services.entrust(case.id, paul.id, create_user(role).id, NOW)


def test_two_managers_at_once_the_second_is_told(app):
    case, first, second = create_case(), create_user("handler"), create_user("handler")
    clients = [signed_in(app, create_user("manager")) for _ in range(2)]
    assert act(clients[0], case, "entrust", colleague=first.id)[1].status_code == 302
    stale = submit_with(
        clients[1], f"/complaints/{case.reference}/act/entrust", version=1, key="z" * 32, colleague=second.id
    )
    assert stale.status_code == 409 and db.session.get(Case, case.id).handler_id == first.id


def test_a_case_without_site_is_given_one_and_its_promises_stay(app):
    reunion = create_site(name="Saint-Denis", zone="Indian/Reunion", holiday_region="la-reunion")
    case, paul = create_case(), create_user("handler")
    promised = {clock.kind: (clock.due_on, clock.region) for clock in case.clocks}
    page, answer = act(signed_in(app, paul), case, "place", site=reunion.id)
    assert "Saint-Denis" in page and answer.status_code == 302
    kept = db.session.get(Case, case.id)
    assert kept.site_id == reunion.id
    assert {clock.kind: (clock.due_on, clock.region) for clock in kept.clocks} == promised
    services.assign(case.id, paul.id, NOW)
    services.decide(case.id, "rejected", "Vu.", paul.id, NOW)
    window = next(clock for clock in kept.clocks if clock.kind == "appeal_window")
    assert (window.region, window.due_on) == ("la-reunion", date(2027, 1, 23))


def test_a_site_is_given_once_and_only_one_of_ones_own(app):
    mine, other = create_site(name="À moi"), create_site(name="À eux")
    case, paul = create_case(), create_user("handler", site_ids=[mine.id])
    client = signed_in(app, paul)
    page, answer = act(client, case, "place", site=other.id)
    assert "À moi" in page and "À eux" not in page and answer.status_code == 400
    services.place(case.id, mine.id, paul.id, NOW)
    with pytest.raises(ActRefused) as refused:
        services.place(case.id, other.id, paul.id, NOW)
    assert refused.value.code == "already-placed"


def test_once_placed_the_case_is_gone_from_the_other_sites(app):
    lyon, lille = create_site(name="Lyon"), create_site(name="Lille")
    case, paul = create_case(), create_user("handler")
    elsewhere = signed_in(app, create_user("handler", site_ids=[lille.id]))
    assert elsewhere.get(f"/complaints/{case.reference}").status_code == 200
    services.place(case.id, lyon.id, paul.id, NOW)
    db.session.commit()
    assert elsewhere.get(f"/complaints/{case.reference}").status_code == 404
