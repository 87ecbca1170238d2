from contacts.queries import contact_card, customers_by_phone
from tests.contacts.factories import create_contact, create_customer, create_principal, create_site


def test_a_number_finds_the_customers_of_every_principal_latest_first(app):
    first, second = (create_customer(create_principal(), phone="+33639980101") for _ in range(2))
    create_customer(create_principal())
    assert customers_by_phone("+33639980101") == [second, first]
    assert customers_by_phone("+33639980199") == []


def test_a_card_has_names_instead_of_ids(app):
    principal, site = create_principal(name="Belline"), create_site(name="Lyon", zone="Europe/Paris")
    customer = create_customer(principal, name="Marie", phone="+33639980101")
    card = contact_card(create_contact(principal, site, customer, facts={"queue": "1"}).id)
    assert (card.principal, card.site, card.zone) == ("Belline", "Lyon", "Europe/Paris")
    assert (card.customer_name, card.phone, card.email) == ("Marie", "+33639980101", None)
    assert card.facts == {"queue": "1"}


def test_a_card_of_a_stranger_names_nobody(app):
    card = contact_card(create_contact().id)
    assert (card.customer_id, card.customer_name, card.phone) == (None, "", None)
    assert contact_card(0) is None
