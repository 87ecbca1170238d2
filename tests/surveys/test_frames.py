import hashlib

from hypothesis import given
from hypothesis import strategies as st

from surveys.frames import FrameEntry, frame_hash, frame_lines, stratum_key

ENTRIES = [
    FrameEntry("b2", "Orléans · phone", "suppressed:opted-out"),
    FrameEntry("a1", "Lille · phone", "eligible", 3),
]


def test_the_bytes_of_the_frame_file_are_as_documented():
    assert b"".join(frame_lines(ENTRIES)) == (
        b'["a1","Lille \\u00b7 phone","eligible",3]\n["b2","Orl\\u00e9ans \\u00b7 phone","suppressed:opted-out",null]\n'
    )


def test_the_hash_is_that_of_the_file_whatever_the_order():
    expected = hashlib.sha256(b"".join(frame_lines(ENTRIES))).hexdigest()
    assert frame_hash(ENTRIES) == frame_hash(reversed(ENTRIES)) == expected


def test_a_changed_exclusion_changes_the_hash():
    changed = [ENTRIES[0]._replace(standing="eligible"), ENTRIES[1]]
    assert frame_hash(changed) != frame_hash(ENTRIES)


values = st.lists(st.text(alphabet=["a", "b", " ", "·", "\\"]), min_size=1, max_size=3)


@given(values, values)
def test_two_combinations_never_share_a_name(one, other):
    assert (stratum_key(one) == stratum_key(other)) == (one == other)
