"""Counts add up, whichever way they are cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from satisfaction.cells import Cell, FrameCount, Place, Sample

LILLE_PHONE, LILLE_EMAIL = Place("lille", "phone"), Place("lille", "email")
LYON_PHONE = Place("lyon", "phone")
BY_SITE = Sample(
    frame=(
        FrameCount((1, "lille"), LILLE_PHONE, contacts=70, eligible=60, drawn=12),
        FrameCount((1, "lille"), LILLE_EMAIL, contacts=50, eligible=40, drawn=8),
        FrameCount((1, "lyon"), LYON_PHONE, contacts=50, eligible=50, drawn=10),
    ),
    cells=(
        Cell((1, "lille"), LILLE_PHONE, "q1", 5, 4),
        Cell((1, "lille"), LILLE_PHONE, "q1", 2, 1),
        Cell((1, "lille"), LILLE_EMAIL, "q1", 4, 3),
        Cell((1, "lyon"), LYON_PHONE, "q1", 1, 5),
        Cell((1, "lyon"), LYON_PHONE, "q2", 1, 2),
    ),
)


def test_a_site_is_made_of_whole_strata_when_strata_are_sites():
    tally = BY_SITE.tally("q1", {"site": "lille"})
    assert tally.whole
    assert (tally.n, tally.population) == (8, 100)
    assert tally.strata[0].counts == {5: 4, 2: 1, 4: 3}


def test_a_channel_within_a_stratum_is_a_domain_with_all_respondents_of_the_stratum_kept():
    tally = BY_SITE.tally("q1", {"site": "lille", "channel": "phone"})
    assert not tally.whole
    assert (tally.n, tally.population) == (5, 60)
    assert tally.strata[0].population == 100
    assert tally.strata[0].respondents == 8


def test_a_stratum_nobody_answered_in_is_kept_with_zero():
    tally = BY_SITE.tally("q2", {})
    assert [stratum.respondents for stratum in tally.strata] == [0, 2]


def test_a_question_never_asked_has_places_without_answers():
    assert BY_SITE.answers_by_place("q9") == {LILLE_EMAIL: 0, LILLE_PHONE: 0, LYON_PHONE: 0}


@st.composite
def samples(draw):
    places = [Place(site, channel) for site in "ab" for channel in ("phone", "chat")]
    strata = [(1, name) for name in "xyz"]
    frame = tuple(FrameCount(key, place, 99, draw(st.integers(1, 99)), 9) for key in strata for place in places)
    cells = st.builds(
        Cell,
        stratum=st.sampled_from(strata),
        place=st.sampled_from(places),
        question=st.sampled_from(["q1", "q2"]),
        value=st.integers(0, 10),
        answers=st.integers(1, 9),
    )
    return Sample(frame, tuple(draw(st.lists(cells, max_size=25))))


@settings(max_examples=80, deadline=None)
@given(samples())
def test_every_cut_sums_to_the_number_of_answers(sample):
    for question in ("q1", "q2"):
        answers = sum(cell.answers for cell in sample.cells if cell.question == question)
        assert sample.tally(question, {}).n == answers
        assert sum(sample.tally(question, {"site": site}).n for site in "ab") == answers
        assert sum(sample.tally(question, {"site": p.site, "channel": p.channel}).n for p in sample.places) == answers
        assert sum(sample.answers_by_place(question).values()) == answers
        channels = ("phone", "chat")
        assert sum(sample.tally(question, {"channel": c}).population for c in channels) == sum(
            row.eligible for row in sample.frame
        )


def test_a_reader_of_one_site_gets_its_answers_and_the_size_of_the_stratum_that_reaches_further():
    both = Sample(
        frame=(
            FrameCount((1, "all"), LILLE_PHONE, contacts=60, eligible=60, drawn=12),
            FrameCount((1, "all"), LYON_PHONE, contacts=50, eligible=50, drawn=10),
        ),
        cells=(Cell((1, "all"), LILLE_PHONE, "q1", 5, 4), Cell((1, "all"), LYON_PHONE, "q1", 1, 5)),
        seen=frozenset({"lille"}),
    )
    tally = both.tally("q1", {})
    assert (tally.n, tally.population, tally.whole) == (4, 60, False)
    assert tally.strata[0].respondents == 9
    assert both.places == (LILLE_PHONE,)
    assert both.tally("q1", {"site": "lyon"}).strata == ()
