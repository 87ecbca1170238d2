"""Whatever bytes come, each source refuses the file or gives rows; and whatever calls a file holds, N is kept."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from contacts.entries import ReadRow
from contacts.mapping import BadMapping
from contacts.reading import UnreadableFile
from contacts.reading.encodings import CONTROLS
from tests.contacts.sources import (
    test_aircall,
    test_amazon_connect,
    test_asterisk_cdr,
    test_asterisk_queue_log,
    test_freepbx,
    test_genesys_conversations,
    test_genesys_interactions,
    test_taskrouter,
    test_three_cx,
    test_zendesk,
)
from tests.contacts.sources.readers import as_bytes, lines, outcomes, table

LONG = bool(os.environ.get("LONG"))
PARIS = {"zone": "Europe/Paris"}
#: A file of each source, and what it is told.
FILES = {
    "genesys-interactions": (test_genesys_interactions.export({}, {"Abandoned": "YES"}), PARIS),
    "genesys-conversations": (
        {"conversations": [test_genesys_conversations.conversation(n) for n in (1, 2)], "totalHits": 2},
        {},
    ),
    "asterisk-cdr": (test_asterisk_cdr.leg() * 2 + test_asterisk_cdr.leg('"1790000000.2",""'), PARIS),
    "asterisk-queue-log": (test_asterisk_queue_log.entered() + test_asterisk_queue_log.ANSWERED, {}),
    "freepbx": (test_freepbx.export({}, {"uniqueid": "1790000000.2"}), PARIS),
    "3cx": (test_three_cx.line() * 2, test_three_cx.settings()),
    "amazon-connect": (lines(test_amazon_connect.record(), test_amazon_connect.record("a-2", "a-1")), {}),
    "taskrouter": (lines(test_taskrouter.event("task.created"), test_taskrouter.ACCEPTED), {}),
    "aircall": (lines(test_aircall.webhook("call.created"), test_aircall.webhook("call.ended")), {}),
    "zendesk": (lines(test_zendesk.ticket(), test_zendesk.ticket(2)), {}),
}
JUNK = st.sampled_from(
    [b"", b"\0", b'"', b",", b";", b"|", b"\n", b"\r", b"{", b"}", b"[", b"]", b":", b"null", b"1e999", b"-1", b"\xff",
     b"9" * 40, b"true", b"\xe2\x80\xaf", b"1790000000.1", b"2026-13-45T99:99:99Z", b"[[[[[[",
     b"'=1+1", b"YES", b"\\u0000", b"\\ud83d", b"\\\\ud83d", b"\x1b"]
)  # fmt: skip
few = settings(
    max_examples=2000 if LONG else 25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def mutated(draw, content):
    """``content`` with some pieces cut out, doubled or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        content = content[:start] + draw(JUNK) + content[draw(st.sampled_from([start, end])) :]
    return content


def is_storable(cell):
    """Both databases keep it: no control character, no half of a letter."""
    return not CONTROLS.search(cell) and cell.encode().decode() == cell


def taken(name, content, **told):
    """What an import makes of it: rows, or nothing where it is refused as a whole."""
    try:
        return outcomes(name, content, **told)
    except (UnreadableFile, BadMapping):
        return []


@pytest.mark.parametrize("name", list(FILES))
@seed(5)
@few
@given(data=st.data())
def test_random_bytes_and_spoilt_files_are_refused_or_read_and_nothing_counts_twice(name, data):
    content, told = FILES[name]
    spoilt = data.draw(st.one_of(st.binary(max_size=200), mutated(as_bytes(content))))
    found = taken(name, spoilt, **told)
    ids = [row.entry.external_id for row in found if isinstance(row, ReadRow)]
    assert len(ids) == len(set(ids))
    assert all(row.line >= 1 for row in found)
    assert all(is_storable(cell) for row in found for cell in row.cells)


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def grafted(draw, record):
    """``record`` with other values, of whatever type, in some places."""
    copy = json.loads(json.dumps(record))
    for _ in range(draw(st.integers(1, 5))):
        held = copy
        while True:
            key = draw(st.sampled_from(sorted(held))) if isinstance(held, dict) else draw(st.integers(0, len(held) - 1))
            inner = held[key]
            if not isinstance(inner, (dict, list)) or not inner or draw(st.booleans()):
                held[key] = draw(TREES)
                break
            held = inner
    return copy


RECORDS = {
    "genesys-conversations": test_genesys_conversations.conversation(),
    "amazon-connect": test_amazon_connect.record(SegmentAttributes={"connect:Subtype": {"ValueString": "connect:SMS"}}),
    "taskrouter": test_taskrouter.event("task.created"),
    "aircall": test_aircall.webhook("call.ended"),
    "zendesk": test_zendesk.ticket(),
}


@pytest.mark.parametrize("name", list(RECORDS))
@seed(5)
@few
@given(data=st.data())
def test_values_of_other_types_anywhere_in_a_record_are_read_or_come_back(name, data):
    made = data.draw(st.lists(grafted(RECORDS[name]), min_size=1, max_size=3))
    rows = taken(name, lines(*made))
    assert len(rows) <= len(made)
    assert all(is_storable(cell) for row in rows for cell in row.cells)


# For each source a piece of a call: (number of the call, which of its pieces) → text.
PIECES = {
    "asterisk-cdr": lambda n, k: test_asterisk_cdr.leg(
        f'"1790000000.{n}",""', dstchannel="" if k else "PJSIP/1-0000000a"
    ),
    "asterisk-queue-log": lambda n, k: test_asterisk_queue_log.events(
        (k, "accueil", "NONE", ("ENTERQUEUE||0639980101|1", "CONNECT|1|x|1", "COMPLETECALLER|1|1|1")[k % 3]),
        call=f"1790000000.{n}",
    ),
    "3cx": lambda n, k: test_three_cx.line(historyid=f"ID{n}", callid=f"C{n}-{k}"),
    "amazon-connect": lambda n, k: lines(
        test_amazon_connect.record(f"a-{n}-{k}", f"a-{n}") if k else test_amazon_connect.record(f"a-{n}")
    ),
    "taskrouter": lambda n, k: lines(test_taskrouter.event("task.wrapup" if k else "task.created", k, task=f"WT{n}")),
    "aircall": lambda n, k: lines(test_aircall.webhook("call.ended", n, answered_at=None if k else 1791183608)),
    "genesys-conversations": lambda n, k: lines(test_genesys_conversations.conversation(n)),
    "zendesk": lambda n, k: lines(test_zendesk.ticket(n)),
}
BROKEN = {"asterisk-cdr": 'x,"y\n', "asterisk-queue-log": "x|y|z\n", "3cx": "a,b\n"}
TOLD = {"asterisk-cdr": PARIS, "3cx": test_three_cx.settings()}


@pytest.mark.parametrize("name", list(PIECES))
@seed(5)
@few
@given(
    order=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 2)), min_size=1, max_size=20), broken=st.integers(0, 2)
)
def test_calls_in_are_contacts_and_rejects_whatever_order_their_pieces_stand_in(name, order, broken):
    made = [PIECES[name](*piece) for piece in order]
    spoilt = BROKEN.get(name, '{"x": 1}\n')
    text = made[0] + spoilt * broken + "".join(made[1:])
    single = name in ("genesys-conversations", "zendesk")
    found = outcomes(name, text, **TOLD.get(name, {}))
    ids = [row.entry.external_id for row in found if isinstance(row, ReadRow)]
    calls = len({number for number, _piece in order})
    assert len(ids) == len(set(ids))
    assert len(found) == (len(order) if single else calls) + broken
    # A chain of Amazon's without its first record has no direction, so it comes back; all others are contacts.
    headless = {n for n, _ in order} - {n for n, k in order if k == 0} if name == "amazon-connect" else set()
    assert len(ids) == calls - len(headless)


@pytest.mark.parametrize("name", list(FILES))
def test_the_file_the_fuzz_begins_with_is_read(name):
    content, told = FILES[name]
    assert list(table(name, content, **told).rows())
    assert all(isinstance(row, ReadRow) for row in outcomes(name, content, **told))
