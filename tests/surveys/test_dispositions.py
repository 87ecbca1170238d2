import pytest

from surveys.dispositions import DISPOSITIONS, OUTCOMES, may_become, outcomes


def test_every_step_leads_to_a_known_disposition_with_a_known_outcome():
    for disposition in DISPOSITIONS.values():
        assert disposition.leads_to <= set(DISPOSITIONS)
        assert disposition.outcome in OUTCOMES


def test_the_codes_of_one_outcome_begin_with_its_digit():
    digits = {"I": "1", "P": "1", "R": "2", "NC": "2", "O": "2", "UH": "3", "UO": "3", "NE": "4"}
    assert all(one.aapor.startswith(digits[one.outcome]) for one in DISPOSITIONS.values())


@pytest.mark.parametrize("final", ["completed", "refused", "not_sent", "wrong_person"])
def test_what_is_over_stays_over(final):
    assert not any(may_become(final, other) for other in DISPOSITIONS)


@pytest.mark.parametrize("late", ["sent", "delivered", "failed", "undeliverable", "not_sent"])
def test_news_of_the_message_never_undoes_an_answer(late):
    assert not may_become("started", late)
    assert not may_become("completed", late)


def test_every_invitation_counts_under_one_outcome():
    counts = dict.fromkeys(DISPOSITIONS, 1)
    summed = outcomes(counts)
    assert sum(summed.values()) == len(DISPOSITIONS)
    assert set(summed) == set(OUTCOMES)
    assert (summed["I"], summed["P"]) == (1, 1)
