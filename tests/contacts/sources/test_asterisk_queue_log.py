from datetime import UTC, datetime, timedelta

import pytest

from contacts.entries import Reject
from contacts.mapping import problems
from contacts.reading import UnreadableFile
from contacts.sources.registry import SOURCES
from tests.contacts.sources.readers import called, entries, outcomes, table

BEGIN = 1790000000
START = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def events(*written, call="1790000000.1"):
    """Lines of a call: (seconds after the beginning, queue, agent, event and parameters)."""
    return "".join(f"{BEGIN + after}|{call}|{queue}|{agent}|{event}\n" for after, queue, agent, event in written)


def entered(call="1790000000.1", queue="accueil"):
    return events((0, queue, "NONE", "ENTERQUEUE||0639980101|1"), call=call)


ANSWERED = events((12, "accueil", "PJSIP/2001", "CONNECT|12|1790000000.2|3"))


def test_a_call_is_one_contact_with_the_agent_who_took_it():
    log = (
        events((0, "NONE", "NONE", "DID|0170000001"))
        + entered()
        + events((5, "accueil", "PJSIP/2009", "RINGNOANSWER|5000"))
    )
    (entry,) = entries(
        "asterisk-queue-log", log + ANSWERED + events((60, "accueil", "PJSIP/2001", "COMPLETECALLER|12|48|1"))
    )
    assert (entry.external_id, entry.outcome, entry.direction) == ("1790000000.1", "answered", "in")
    assert (entry.started_at, entry.ended_at) == (START, START + timedelta(seconds=60))
    assert (entry.phone.e164, entry.agent) == ("+33639980101", called("PJSIP/2001"))
    assert (entry.facts, entry.entry_address) == ({"queue": "accueil"}, "accueil")
    (by_number,) = entries("asterisk-queue-log", log, entry_by="number")
    assert by_number.entry_address == "+33170000001"


@pytest.mark.parametrize(
    "event, outcome",
    [("ABANDON|1|1|30", "abandoned"), ("EXITWITHTIMEOUT|1|1|30", "unanswered"), ("EXITEMPTY|1|1|30", "unanswered"),
     ("EXITWITHKEY|1|1|1|30", "unanswered"), ("COMPLETEAGENT|10|20|1", "answered"),
     ("BLINDTRANSFER|600|sav|10|20|1", "answered")],
)  # fmt: skip
def test_abandons_are_counted(event, outcome):
    (entry,) = entries("asterisk-queue-log", entered() + events((30, "accueil", "NONE", event)))
    assert (entry.outcome, entry.phone.e164) == (outcome, "+33639980101")


def test_a_call_that_overflows_into_a_second_queue_is_one_contact_of_the_first():
    log = entered() + events((30, "accueil", "NONE", "EXITWITHTIMEOUT|1|1|30")) + entered(queue="sav") + ANSWERED
    (entry,) = entries("asterisk-queue-log", log)
    assert (entry.outcome, entry.facts["queue"]) == ("answered", "accueil")


@pytest.mark.parametrize("event", ["CONNECT|12|1790000000.2|3", "ABANDON|1|1|12", "COMPLETEAGENT|4|8|1"])
def test_of_a_call_that_began_in_the_file_before_the_beginning_is_reckoned(event):
    (entry,) = entries("asterisk-queue-log", events((12, "accueil", "PJSIP/2001", event)))
    assert entry.started_at == START


def test_what_the_agents_did_is_no_call():
    log = events((0, "NONE", "NONE", "QUEUESTART|"), (1, "accueil", "PJSIP/2001", "ADDMEMBER|"), call="NONE")
    log += events((2, "NONE", "Agent/1", "AGENTLOGIN|PJSIP/2001"), call="1790000000.8")
    read = table("asterisk-queue-log", log + entered())
    assert len(list(read.rows())) == 1
    assert read.counted.left_out == {"other-events": 3}


@pytest.mark.parametrize("nobody", ["NONE", "REALTIME", "MANAGER"])
def test_calls_without_a_key_come_back_because_nobody_could_tell_them_apart(nobody):
    found = outcomes("asterisk-queue-log", entered(call=nobody) + entered(call=nobody) + entered())
    assert [isinstance(row, Reject) for row in found] == [True, True, False]
    assert found[1].line == 2


def test_a_quote_in_a_name_is_a_letter_like_others():
    log = events((0, "accueil", "NONE", 'ENTERQUEUE||"Anne|1')) + entered(call="1790000000.2")
    assert len(entries("asterisk-queue-log", log)) == 2


TABLE = (
    "id,time,callid,queuename,agent,event,data1,data2,data3,data4,data5\n"
    "1,{},1790000000.1,accueil,NONE,ENTERQUEUE,,0639980101,1,,\n"
    "2,{},1790000000.1,accueil,PJSIP/2001,CONNECT,12,1790000000.2,3,,\n"
)


def test_the_table_of_xivo_is_the_same_in_columns():
    (entry,) = entries("asterisk-queue-log", TABLE.format(BEGIN, BEGIN + 12))
    assert (entry.started_at, entry.outcome, entry.phone.e164) == (START, "answered", "+33639980101")


def test_a_table_with_times_of_a_clock_needs_its_zone():
    text = TABLE.format("2026-09-21 16:13:20.000000", "2026-09-21 16:13:32.000000")
    read = table("asterisk-queue-log", text)
    sampled = [dict(zip(read.columns, cells, strict=True)) for _line, cells in read.rows()]
    mapping = SOURCES["asterisk-queue-log"].mapping({"site": "lyon"})
    assert [problem.code for problem in problems(mapping, read.columns, sampled)] == ["zone-missing"]
    assert entries("asterisk-queue-log", text, zone="Europe/Paris")[0].started_at == START


def test_another_file_is_refused():
    with pytest.raises(UnreadableFile) as refused:
        table("asterisk-queue-log", "a;b;c\n")
    assert refused.value.code == "not-queue-log"
