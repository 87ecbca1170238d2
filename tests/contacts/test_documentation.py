import json
import re
from pathlib import Path

from contacts.mapping import FIELDS, from_json, problems
from contacts.vocabulary import CHANNELS, OUTCOMES

TEXT = (Path(__file__).parent.parent.parent / "docs" / "contacts.md").read_text()


def test_the_mapping_of_the_documentation_reads_the_file_it_describes():
    mapping = from_json(json.loads(re.search(r"```json\n(.+?)```", TEXT, re.DOTALL)[1]))
    columns = " ".join(re.search(r"the columns `([^`]+)`", TEXT)[1].split()).split(", ")
    row = {**dict.fromkeys(columns, ""), "Date": "2021-01-01", "Time": "9:12:58"}
    assert problems(mapping, columns, [row]) == []


def test_the_documentation_names_every_field_and_value():
    for name in FIELDS:
        assert f"`{name}`" in TEXT
    assert " ".join(CHANNELS) in TEXT
    assert " ".join(OUTCOMES) in TEXT
