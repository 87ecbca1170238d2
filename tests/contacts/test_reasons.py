from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.models import Contact, ReasonVersion
from contacts.queries.population import span_frame
from contacts.queries.reasons import reasons_in_force, unmapped
from contacts.reason_trees import BadTree, as_outline, leaves, own_words, read_outline
from contacts.reasons import word_key
from contacts.services import ReasonsRefused, draft_of, map_word, publish_tree, save_tree
from foundation.database import db
from surveys.eligibility import stratum_values
from tests.contacts.factories import CREATED, STARTED, create_contact, create_period, create_principal, create_site

OUTLINE = """billing | Facturation | Billing
  bill-unclear | Facture incomprise | Bill not understood
  refund | Remboursement | Refund
other | Autre | Other
"""


@pytest.fixture
def principal(app):
    return create_principal()


def publish(principal, outline=OUTLINE):
    draft = save_tree(principal.id, 0, read_outline(outline), CREATED)
    resolved = publish_tree(principal.id, draft.version, CREATED)
    db.session.commit()
    return resolved


def again(contact):
    return db.session.get_one(Contact, contact.id, populate_existing=True)


def test_an_outline_is_a_tree_and_its_leaves_know_their_first_level():
    nodes = read_outline(OUTLINE)
    found = {code: leaf.group for code, leaf in leaves(nodes).items()}
    assert found == {"bill-unclear": "billing", "refund": "billing", "other": "other"}
    assert as_outline(nodes) == OUTLINE


@pytest.mark.parametrize(
    ("outline", "code", "line"),
    [
        (" \n", "empty-tree", 0),
        ("a | A\n", "reason-line", 1),
        ("a | A | A\nA B | B | B\n", "reason-code", 2),
        ("a | A | A\na | B | B\n", "reason-twice", 2),
        ("a | A | A\n    b | B | B\n", "reason-indent", 2),
        ("a | A | A\n b | B | B\n", "reason-indent", 2),
        ("  a | A | A\n", "reason-indent", 1),
        ("a | | A\n", "reason-label", 1),
    ],
)
def test_an_outline_that_is_no_tree_is_refused_with_its_line(outline, code, line):
    with pytest.raises(BadTree) as refused:
        read_outline(outline)
    assert (refused.value.code, refused.value.line) == (code, line)


LABEL = st.text(
    st.characters(codec="utf-8", exclude_characters="|\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
    min_size=1,
    max_size=60,
)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 3), LABEL, LABEL), min_size=1, max_size=12))
def test_an_outline_comes_back_as_it_was_written(rows):
    lines, depth = [], -1
    for number, (wanted, fr, en) in enumerate(rows):
        depth = min(wanted, depth + 1)
        lines.append(f"{'  ' * depth}c{number} | {fr.strip() or 'x'} | {en.strip() or 'x'}")
    nodes = read_outline("\n".join(lines))
    assert read_outline(as_outline(nodes)) == nodes


def test_a_label_that_two_leaves_share_stands_for_neither():
    nodes = read_outline("a | Facture | Bill\nb | Facture | Invoice\n")
    assert {word for _source, word in own_words(nodes)} == {"a", "b", "bill", "invoice"}


def test_publishing_resolves_open_contacts_and_leaves_closed_ones(principal):
    site = create_site()
    said = {"reason": "facture  INCOMPRISE"}
    open_one = create_contact(principal, site, **said)
    closed = create_contact(principal, site, started_at=STARTED.replace(month=9), **said)
    create_period(principal, date(2026, 9, 1), date(2026, 9, 30))
    assert publish(principal) == 1
    tree = db.session.scalars(db.select(ReasonVersion)).one()
    one = again(open_one)
    assert (one.reason, one.reason_leaf, one.reason_group) == ("facture  INCOMPRISE", "bill-unclear", "billing")
    assert one.reason_version_id == tree.id and again(closed).reason_leaf == ""


def test_a_contact_keeps_the_reason_of_the_version_it_was_recorded_under(principal):
    contact = create_contact(principal, reason="refund")
    publish(principal)
    first = again(contact).reason_version_id
    publish(principal, "money | Argent | Money\n  refund | Remboursement | Refund\nother | Autre | Other\n")
    kept = again(contact)
    assert (kept.reason_leaf, kept.reason_group, kept.reason_version_id) == ("refund", "billing", first)
    states = [tree.state for tree in db.session.scalars(db.select(ReasonVersion).order_by(ReasonVersion.number))]
    assert states == ["replaced", "published"]
    assert reasons_in_force(principal.id).resolve("calls", "refund").group == "money"


def test_a_word_is_mapped_for_one_log_and_counted_until_then(principal):
    publish(principal)
    site = create_site()
    contacts = [create_contact(principal, site, reason="Pb fact.") for _n in range(2)]
    other = create_contact(principal, site, reason="Pb fact.", source="chat")
    assert [(one.source, one.contacts) for one in unmapped(principal.id)] == [("calls", 2), ("chat", 1)]
    assert map_word(principal.id, "calls", "Pb fact.", "bill-unclear", CREATED) == 2
    assert [again(one).reason_leaf for one in (*contacts, other)] == ["bill-unclear", "bill-unclear", ""]
    assert [one.source for one in unmapped(principal.id)] == ["chat"]
    with pytest.raises(ReasonsRefused, match="no-such-leaf"):
        map_word(principal.id, "chat", "Pb fact.", "billing", CREATED)


def test_the_tree_gives_draws_their_strata(principal):
    create_contact(principal, reason="Remboursement")
    publish(principal)
    (row,) = span_frame(principal.id, date(2026, 10, 1), date(2026, 10, 31))
    assert stratum_values(row, ["reason", "reason_group", "reason_leaf"]) == ["Remboursement", "billing", "refund"]


def test_a_tree_is_drafted_published_and_words_mapped_on_the_page(principal, sign_in, submit):
    contact = create_contact(principal, reason="Pb fact.")
    db.session.commit()
    quality, draft, page = sign_in("quality"), "/contacts/reasons/draft", "/contacts/reasons"
    typed = {"principal": principal.id, "version": 0, "outline": OUTLINE.replace("\n", "\r\n")}
    assert submit(draft, client=quality, **typed).status_code == 302
    second = submit(draft, client=quality, **{**typed, "outline": "x | X | X"})
    assert second.status_code == 409 and "bill-unclear" in second.text and "x | X | X" in second.text
    wrong = submit(draft, client=quality, **{**typed, "version": 1, "outline": "x | X"})
    assert wrong.status_code == 400 and "Ligne 1" in wrong.text
    stale = {"principal": principal.id, "version": 7}
    submit("/contacts/reasons/publish", client=quality, page=draft, **stale)
    assert "notice bad" in quality.get(page).text
    submit("/contacts/reasons/publish", client=quality, page=draft, **{**stale, "version": 1})
    assert "Pb fact." in quality.get(page).text
    mapped = {"principal": principal.id, "source": "calls", "said": "Pb fact.", "code": "refund"}
    assert submit("/contacts/reasons/words", client=quality, page=page, **mapped).status_code == 302
    assert again(contact).reason_leaf == "refund"
    words = quality.get(page).text.split("Mots rattachés")[-1]
    assert "Remboursement" in words.split("</table>")[0] and "<code>refund" not in words
    assert "billing" in quality.get(draft).text
    submit("/contacts/reasons/discard", client=quality, page=draft, principal=principal.id)


def test_whoever_sees_some_sites_only_does_not_name_the_contacts_of_all(principal, sign_in, submit):
    site = create_site()
    contact = create_contact(principal, create_site(), reason="Pb fact.")
    create_contact(principal, site, reason="Pb fact.")
    publish(principal)
    save_tree(principal.id, 0, read_outline(OUTLINE), CREATED)
    db.session.commit()
    narrow, page = sign_in("quality", site_ids=[site.id]), "/contacts/reasons"
    mapped = {"principal": principal.id, "source": "calls", "said": "Pb fact.", "code": "refund"}
    assert submit("/contacts/reasons/words", client=narrow, page=page, **mapped).status_code == 403
    discarded = submit("/contacts/reasons/discard", client=narrow, page=page, principal=principal.id)
    assert discarded.status_code == 403 and draft_of(principal.id) is not None
    assert again(contact).reason_leaf == "" and "/contacts/reasons/words" not in narrow.get(page).text
    whole = sign_in("quality")
    for wrong in ({"said": " "}, {"source": "s" * 61}):
        assert submit("/contacts/reasons/words", client=whole, page=page, **{**mapped, **wrong}).status_code == 400


def test_another_principal_is_nobody_s_business(principal, sign_in):
    other = create_principal()
    publish(other)
    narrow = sign_in("quality", principal_ids=[principal.id])
    for page in ("reasons", "reasons/draft", "agents", "reconciliation", "entry-points", "scope", "scope.csv"):
        assert narrow.get(f"/contacts/{page}?principal={other.id}").status_code == 404
        assert narrow.get(f"/contacts/{page}").status_code == 200


def test_a_word_that_grows_when_written_out_fits_its_column():
    assert len(word_key("\ufdfa" * 200)) == 400
