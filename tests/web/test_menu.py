"""The menu marks the one entry that leads to the page shown."""

import re

import pytest

CURRENT = re.compile(r'<a href="([^"]+)" aria-current="page">')


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("/contacts", "/contacts"),
        ("/contacts/import", "/contacts"),
        ("/contacts/people", "/contacts/people"),
        ("/contacts/people/duplicates", "/contacts/people"),
        ("/complaints/new", "/complaints"),
    ],
)
def test_one_entry_is_current(sign_in, page, entry):
    shown = sign_in("quality").get(page)
    assert shown.status_code == 200 and CURRENT.findall(shown.text) == [entry]
