"""The desk, a case and its acts, as staff meet them."""

import pytest
from sqlalchemy import select

from complaints import services
from complaints.models import Case, CaseMessage, Proposal
from complaints.services.texts import code_of
from foundation.accounts.models import User
from foundation.database import db
from foundation.ledger.models import Access
from notifications.models import OutboxMessage
from tests.complaints.factories import an_answer, create_case, create_decided, create_principal, create_site
from tests.conftest import NOW, create_user, signed_in, submit_with, token_in


def page_of(client, case, **query):
    return client.get(f"/complaints/{case.reference}", query_string=query)


def press(client, case, event, **changes):
    page = page_of(client, case).text
    fields = {"csrf_token": token_in(page), "version": case.version, "key": "k" * 32, **changes}
    return client.post(f"/complaints/{case.reference}/do/{event}", data=fields)


def test_the_desk_shows_cases_by_due_date_and_proposals_first(app, sign_in):
    principal = create_principal()
    services.propose_from_answer(an_answer(principal), NOW)
    db.session.commit()
    late = create_case(principal, words="Le second.")
    soon = create_case(principal, words="Le premier.")
    services.acknowledge(late.id, create_user("handler").id, NOW)
    db.session.commit()
    page = sign_in("handler").get("/complaints").text
    assert page.index("Personne ne rappelle.") < page.index(soon.reference) < page.index(late.reference)
    assert "dans 10 jours ouvrables" in page


def test_filters_show_mine_and_what_is_overdue(app, set_clock):
    alice = create_user("handler", name="Alice")
    mine, other = create_case(), create_case()
    services.assign(mine.id, alice.id, NOW)
    db.session.commit()
    page = signed_in(app, alice).get("/complaints?view=mine").text
    assert mine.reference in page and other.reference not in page
    assert "Rien n’est en retard." in signed_in(app, alice).get("/complaints?view=overdue").text
    set_clock(NOW.replace(day=30, month=12))
    page = signed_in(app, alice).get("/complaints?view=overdue").text
    assert mine.reference in page and other.reference in page and "en retard de" in page


def test_a_reference_typed_anyhow_opens_its_case(app, sign_in):
    case = create_case()
    client = sign_in("handler")
    found = client.get("/complaints", query_string={"reference": case.reference.lower().replace("-", "")})
    assert found.location.endswith(case.reference)
    assert "n’est pas une référence" in client.get("/complaints?reference=R-2026-000001-A").text


def test_scope_hides_other_principals_and_sites_and_shows_the_unassigned(app, sign_in):
    ours, theirs, site = create_principal(), create_principal(), create_site()
    waiting, elsewhere = create_case(ours), create_case(ours, site_id=site.id)
    foreign = create_case(theirs)
    client = sign_in("handler", principal_ids=[ours.id], site_ids=[create_site().id])
    desk = client.get("/complaints").text
    assert waiting.reference in desk and elsewhere.reference not in desk and foreign.reference not in desk
    assert [page_of(client, case).status_code for case in (waiting, elsewhere, foreign)] == [200, 404, 404]
    register = client.get("/complaints/register").text + client.get("/complaints/register.csv").text
    assert waiting.reference in register and foreign.reference not in register
    assert press(sign_in("handler"), waiting, "assign").status_code == 302


@pytest.mark.parametrize("way", ["/do/assign", "/act/note"])
def test_out_of_scope_nothing_can_be_done(app, sign_in, way):
    ours, foreign = create_case(), create_case()
    client = sign_in("handler", principal_ids=[ours.principal_id])
    token = token_in(page_of(client, ours).text)
    data = {"csrf_token": token, "version": 1, "key": "k" * 32, "words": "Non."}
    assert client.post(f"/complaints/{foreign.reference}{way}", data=data).status_code == 404


def test_the_case_page_offers_the_next_act_and_says_who_may_do_the_others(app):
    manager = create_user("manager", name="R. Meyer")
    create_user("reviewer", name="B. Okafor")
    case, _ = create_decided()
    services.file_appeal(case.id, NOW)
    db.session.commit()
    page = page_of(signed_in(app, manager), case).text
    assert "Prendre le recours" in page and "B. Okafor" in page


def test_a_refused_act_says_why(app, sign_in):
    case = create_case()
    page = page_of(sign_in("handler"), case).text
    assert "Prendre le dossier" in page
    assert "la réponse n’est pas partie" in page


def test_why_this_date_opens_the_strip_of_days(app, sign_in):
    case = create_case()
    page = page_of(sign_in("handler"), case, why="acknowledgement").text
    assert "Pourquoi le vendredi 4 décembre 2026" in page
    assert "jour 10" in page and "dimanche, non compté" in page and "début, non compté" in page


def test_the_legal_date_is_explained_by_its_month(app, sign_in):
    case = create_case()
    page = page_of(sign_in("handler"), case, why="legal").text
    assert "même quantième" in page and "L612-1" in page


def test_reading_a_case_is_noted(app, sign_in):
    case = create_case()
    page_of(sign_in("auditor"), case)
    assert [entry.subject for entry in db.session.scalars(select(Access))] == [f"complaint:{case.reference}"]


def test_auditors_see_no_identity_and_principals_do(app, sign_in):
    case = create_case(phone="+33612345678")
    hidden, shown = page_of(sign_in("auditor"), case).text, page_of(sign_in("principal"), case).text
    for identity in ("Mme Hoarau", "hoarau@example.org", "+33612345678"):
        assert identity not in hidden and identity in shown
    assert "Mme Hoarau" not in sign_in("auditor").get("/complaints").text


def test_readers_are_offered_nothing(app, sign_in):
    case = create_case()
    for role in ("auditor", "principal"):
        page = page_of(sign_in(role), case).text
        assert "Prendre le dossier" not in page and "Aussi possible" not in page


def test_taking_writing_and_deciding_through_the_pages(app):
    case, alice = create_case(), create_user("handler", name="Alice")
    client = signed_in(app, alice)
    assert press(client, case, "assign").status_code == 302
    base = f"/complaints/{case.reference}/act"
    page = client.get(f"{base}/acknowledge").text
    assert "au plus tard le lundi 7 décembre 2026" in page
    submit_with(client, f"{base}/acknowledge", version=2, key="a" * 32, words="Bien reçu, cordialement.")
    answer = {"version": 3, "key": "b" * 32, "outcome": "partly_upheld", "words": "Nous recalculons."}
    preview = submit_with(client, f"{base}/decide", preview="1", **answer)
    assert "Nous recalculons." in preview.text and "Vous pouvez former un recours jusqu’au" in preview.text
    assert db.session.get(Case, case.id).state == "in_progress"
    assert submit_with(client, f"{base}/decide", **answer).status_code == 302
    db.session.expire_all()
    assert db.session.get(Case, case.id).state == "answered"
    assert "Bien reçu, cordialement." in page_of(client, case).text


def test_two_handlers_on_one_case_the_second_keeps_their_text_and_reads_the_first(app):
    case = create_case()
    alice, bob = (create_user("handler", name=name) for name in ("Alice", "Bob"))
    url = f"/complaints/{case.reference}/act/send_message"
    first = signed_in(app, alice)
    second = signed_in(app, bob)
    seen = case.version
    submit_with(first, url, version=seen, key="a" * 32, words="Le texte d’Alice.")
    refused = submit_with(second, url, version=seen, key="b" * 32, words="Le texte de Bob.")
    assert refused.status_code == 409
    assert "Le texte d’Alice." in refused.text and "Le texte de Bob." in refused.text
    assert 'name="version" type="hidden" value="2"' in refused.text
    again = submit_with(second, url, version=2, key="c" * 32, words="Le texte de Bob.")
    assert again.status_code == 302


def test_a_button_pressed_on_an_old_page_does_nothing(app, sign_in):
    case = create_case()
    old = case.version
    services.receive_message(case.id, "Encore moi.", NOW)
    db.session.commit()
    refused = press(sign_in("handler"), case, "assign", version=old)
    assert refused.status_code == 409 and "depuis que vous avez ouvert la page" in refused.text


def test_the_first_handler_is_told_who_may_decide_the_appeal(app):
    case, alice_id = create_decided()
    services.file_appeal(case.id, NOW)
    alice = db.session.get(User, alice_id)
    alice.role = "reviewer"
    create_user("reviewer", name="B. Okafor")
    db.session.commit()
    page = page_of(signed_in(app, alice), case).text
    assert "une autre personne que celles qui ont traité la réclamation" in page and "B. Okafor" in page
    refused = press(signed_in(app, alice), case, "assign_appeal")
    assert refused.status_code == 409 and "B. Okafor" in refused.text


def test_internal_notes_are_shown_to_staff(app, sign_in):
    case = create_case()
    client = sign_in("handler")
    submit_with(client, f"/complaints/{case.reference}/act/note", version=1, key="n" * 32, words="Appeler Lyon.")
    assert "Appeler Lyon." in page_of(client, case).text


def test_unknown_acts_and_references_are_404(app, sign_in):
    case, client = create_case(), sign_in("handler")
    assert client.get(f"/complaints/{case.reference}/act/explode").status_code == 404
    assert press(client, case, "explode").status_code == 404
    assert client.get("/complaints/R-2026-999999-A").status_code == 404
    assert client.get("/complaints/nonsense").status_code == 404


def test_an_agent_registers_a_complaint_and_reads_reference_and_code_aloud(app, sign_in):
    principal, site = create_principal(), create_site()
    client = sign_in("agent")
    fields = {
        "principal_id": principal.id, "site_id": site.id, "channel": "phone", "language": "fr", "key": "k" * 32,
        "words": "Trois appels pour rien.", "name": "M. Payet", "phone": "06 12 34 56 78",
    }  # fmt: skip
    response = submit_with(client, "/complaints/new", **fields)
    case = db.session.scalars(select(Case)).one()
    page = client.get(response.location).text
    assert case.reference in page and code_of(case) in page
    assert (case.phone, case.phone_takes_sms, case.channel) == ("+33612345678", True, "phone")
    assert submit_with(client, "/complaints/new", **fields).location == response.location
    assert page_of(client, case).status_code == 403


def test_another_agent_never_sees_the_code(app, sign_in):
    case = create_case(registered_by=create_user("agent").id)
    assert sign_in("agent").get(f"/complaints/new/{case.reference}").status_code == 404


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app, sign_in):
    create_principal()
    fields = {"principal_id": 1, "site_id": 0, "channel": "post", "language": "fr", "words": "Un long récit.",
              "email": "pas une adresse", "phone": "12", "received_on": "2027-01-01"}  # fmt: skip
    refused = submit_with(sign_in("agent"), "/complaints/new", **fields)
    assert refused.status_code == 400
    assert "Un long récit." in refused.text and "pas une adresse" in refused.text
    fields |= {"email": "", "phone": ""}
    refused = submit_with(sign_in("agent"), "/complaints/new", **fields)
    assert refused.status_code == 400 and "Un long récit." in refused.text


def test_a_letter_sent_last_week_starts_its_clocks_then(app, sign_in):
    create_principal()
    fields = {"principal_id": 1, "site_id": 0, "channel": "post", "language": "fr", "words": "Une lettre.",
              "sent_on": "2026-11-16", "received_on": "2026-11-18"}  # fmt: skip
    assert submit_with(sign_in("agent"), "/complaints/new", **fields).status_code == 302
    case = db.session.scalars(select(Case)).one()
    assert {clock.kind: clock.started_on.day for clock in case.clocks} == {
        "acknowledgement": 16, "answer": 18, "legal": 16,
    }  # fmt: skip


def test_qualifying_a_proposal_on_its_page(app, sign_in):
    services.propose_from_answer(an_answer(create_principal()), NOW)
    db.session.commit()
    client = sign_in("handler", name="Alice")
    page = client.get("/complaints/proposals/1?why=1").text
    assert "Personne ne rappelle." in page and "Pourquoi le" in page
    response = submit_with(client, "/complaints/proposals/1", is_complaint="yes", reason="Trois appels.", category="")
    case = db.session.scalars(select(Case)).one()
    assert response.location.endswith(case.reference)
    page = page_of(client, case).text
    assert "Trois appels." in page and "satisfaction de 2 sur 5" in page
    too_late = submit_with(
        client, "/complaints/proposals/1", page="/complaints/new", is_complaint="no", reason="Si.", category=""
    )
    assert too_late.status_code == 409 and "Si." in too_late.text


def test_readers_see_a_proposal_but_do_not_qualify(app, sign_in):
    services.propose_from_answer(an_answer(create_principal()), NOW)
    db.session.commit()
    client = sign_in("principal")
    assert "Personne ne rappelle." in client.get("/complaints/proposals/1").text
    token = token_in(client.get("/complaints/proposals/1").text)
    data = {"csrf_token": token, "is_complaint": "no", "reason": "Non."}
    assert client.post("/complaints/proposals/1", data=data).status_code == 403
    assert db.session.get(Proposal, 1).qualification is None


def test_registers_show_what_is_exported(app, sign_in):
    case, _ = create_decided()
    services.file_appeal(case.id, NOW)
    db.session.commit()
    client = sign_in("auditor")
    for kind in ("complaints", "appeals"):
        page = client.get(f"/complaints/register?kind={kind}").text
        rows = client.get(f"/complaints/register.csv?kind={kind}").text.splitlines()
        assert case.reference in page and len(rows) == 2 and case.reference in rows[1]
        assert "Hoarau" not in rows[1] and rows[0].startswith("\ufeffreference,principal,site,")
    assert "Aucune réponse" in client.get("/complaints/register?kind=proposals").text


def test_days_narrow_a_register_and_nonsense_is_refused(app, sign_in):
    case, client = create_case(), sign_in("auditor")
    assert case.reference in client.get("/complaints/register?first_day=2026-11-23&last_day=2026-11-23").text
    assert case.reference not in client.get("/complaints/register?first_day=2026-11-24").text
    assert client.get("/complaints/register?first_day=hier").status_code == 400
    assert client.get("/complaints/register?kind=secrets").status_code == 404


def test_a_get_changes_no_case(app, sign_in):
    case = create_case()
    client = sign_in("handler")
    for path in ("", "/act/decide", "/act/withdraw", "/act/acknowledge"):
        client.get(f"/complaints/{case.reference}{path}")
    assert client.get(f"/complaints/{case.reference}/do/assign").status_code == 405
    db.session.expire_all()
    assert db.session.get(Case, case.id).version == 1
    assert db.session.scalars(select(CaseMessage).filter_by(direction="out", kind="acknowledgement")).first() is None


def test_who_may_not_know_the_person_finds_no_name_in_letters_either(app, sign_in):
    case, alice = create_decided(words="Ici Hoarau, 06 12 34 56 78.", phone="+33612345678")
    services.note(case.id, "Mme Hoarau a rappelé.", alice, NOW)
    db.session.commit()
    for role in ("auditor", "admin"):
        client = sign_in(role)
        seen = page_of(client, case).text + client.get("/complaints").text
        assert "Bonjour ••••," in seen and "a rappelé." in seen
        assert "Hoarau" not in seen and "56 78" not in seen


def test_a_principal_reads_what_was_said_but_no_internal_note(app, sign_in):
    case, alice = create_decided()
    services.note(case.id, "À voir avec le juridique.", alice, NOW)
    db.session.commit()
    page = page_of(sign_in("principal"), case).text
    assert "Bonjour Mme Hoarau" in page and "juridique" not in page


@pytest.mark.parametrize("outcome", ["rejected", "nonsense"])
def test_a_reader_is_shown_no_letter_and_no_name_by_asking_for_a_preview(app, sign_in, outcome):
    case, client = create_case(words="Ici Hoarau."), sign_in("auditor")
    data = {"csrf_token": token_in(client.get("/complaints").text), "version": 1, "key": "k" * 32, "preview": "1"}
    base = f"/complaints/{case.reference}/act/decide"
    answer = client.post(base, data={**data, "outcome": outcome, "words": "Montrez-moi."})
    assert answer.status_code in (400, 409) and "Hoarau" not in answer.text and "Vous pouvez former" not in answer.text


@pytest.mark.parametrize("sent_on", ["0001-01-01", "1990-01-01"])
def test_a_year_mistyped_is_said_and_the_words_are_kept(app, sign_in, sent_on, committed):
    principal = create_principal()
    fields = {"principal_id": principal.id, "site_id": 0, "channel": "post", "language": "fr", "sent_on": sent_on}
    answer = submit_with(sign_in("agent"), "/complaints/new", **fields, words="Tapé avec soin.")
    assert answer.status_code == 400
    assert "vérifier l’année" in answer.text and "Tapé avec soin." in answer.text
    assert committed(Case) == 0


def test_a_letter_in_the_outbox_belongs_to_the_site_of_its_case(app, sign_in):
    lyon, lille = create_site(name="Lyon"), create_site(name="Lille")
    create_case(site_id=lyon.id)
    letter = db.session.scalars(select(OutboxMessage)).one()
    statuses = [
        sign_in("manager", site_ids=[s.id]).get(f"/notifications/{letter.id}").status_code for s in (lyon, lille)
    ]
    assert statuses == [200, 404]
