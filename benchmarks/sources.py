"""Files of other systems read into plain rows: contacts a second of CPU, and memory for two sizes of file.

Each file is written to disk first and read in a process of its own. A ready-made mapping groups the rows of a call,
so a call of three lines counts as one. Nothing is imported: the figure is what reading adds to an import.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from contacts.sources.registry import SOURCES

SUMMARY = "files of other systems read into plain rows: speed, and memory for two sizes"
START = 1_790_000_000
SETTINGS = {
    "asterisk-cdr": {"zone": "Europe/Paris"},
    "asterisk-queue-log": {},
    "genesys-interactions": {"zone": "Europe/Paris"},
    "genesys-conversations": {},
    "amazon-connect": {},
    "3cx": {"zone": "UTC", "columns": "historyid,time-start,time-answered,time-end,from-no,to-no,from-type,to-type"},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--only", choices=list(SETTINGS))
    parser.add_argument("--read", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    if arguments.read:
        return _read(*arguments.read)
    for name in [arguments.only] if arguments.only else SETTINGS:
        small, large = (_measured(name, calls) for calls in (arguments.calls // 10, arguments.calls))
        speed = large["rows"] / large["seconds"]
        print(
            f"{name:24} {large['rows']:>9,} contacts {large['bytes'] / 1e6:>7.0f} MB {large['seconds']:>6.1f} s CPU"
            f" {speed:>9,.0f}/s  peak {small['peak']:.0f} MB at a tenth, {large['peak']:.0f} MB in all"
        )
    return 0


def _measured(name: str, calls: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log"
        with file.open("w") as written:
            written.writelines(WRITERS[name](calls))
        command = [sys.executable, "-m", "benchmarks", "sources", "--read", name, str(file)]
        found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        return {**found, "bytes": file.stat().st_size}


def _read(name: str, file: str) -> int:
    with open(file, "rb") as source:
        began = time.process_time()
        table = SOURCES[name].read(source, {"site": "lyon", **SETTINGS[name]})
        rows = sum(1 for _row in table.rows())
        seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak}))
    return 0


def _clock(call: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(START + call))


def _cdr(calls: int) -> Iterator[str]:
    for call in range(calls):
        for member in ("", "PJSIP/2001-0000000a"):
            yield (
                f'"","06{call % 10**8:08}","600","from-trunk","","PJSIP/t-00000001","{member}","Queue","accueil,t",'
                f'"{_clock(call)}","{_clock(call)}","{_clock(call + 90)}",90,90,"ANSWERED","DOCUMENTATION",'
                f'"{START + call}.{call}",""\n'
            )


def _queue_log(calls: int) -> Iterator[str]:
    for call in range(calls):
        key = f"{START + call}.{call}|accueil"
        yield f"{START + call}|{key}|NONE|ENTERQUEUE||06{call % 10**8:08}|1\n"
        yield f"{START + call + 9}|{key}|PJSIP/2001|CONNECT|9|{START + call}.1|3\n"
        yield f"{START + call + 90}|{key}|PJSIP/2001|COMPLETECALLER|9|81|1\n"


def _interactions(calls: int) -> Iterator[str]:
    yield "Full Export Completed,Filters,Media Type,Users,Date,Direction,ANI,Queue,Conversation ID\n"
    for call in range(calls):
        yield f"YES,,voice,Anne; Bo,{_clock(call)},Inbound,tel:+336{call % 10**8:08},Accueil; SAV,c-{call}\n"


def _conversations(calls: int) -> Iterator[str]:
    yield '{"conversations": [\n'
    for call in range(calls):
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(START + call))
        part = {"segmentStart": at, "segmentEnd": at, "segmentType": "interact", "queueId": "q-1"}
        session = {
            "mediaType": "voice",
            "direction": "inbound",
            "ani": f"tel:+336{call % 10**8:08}",
            "segments": [part],
        }
        people = [{"purpose": who, "userId": "u", "sessions": [session]} for who in ("customer", "acd", "agent")]
        record = {"conversationId": f"g-{call}", "conversationStart": at, "originatingDirection": "inbound"}
        yield json.dumps({**record, "participants": people}) + (",\n" if call < calls - 1 else "\n")
    yield f'], "totalHits": {calls}}}\n'


def _connect(calls: int) -> Iterator[str]:
    for call in range(calls):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + call))
        for contact in (f"a-{call}", f"b-{call}"):
            yield json.dumps(
                {
                    "ContactId": contact,
                    "InitialContactId": f"a-{call}",
                    "PreviousContactId": None if contact[0] == "a" else f"a-{call}",
                    "Channel": "VOICE",
                    "InitiationMethod": "INBOUND" if contact[0] == "a" else "TRANSFER",
                    "InitiationTimestamp": at,
                    "DisconnectTimestamp": at,
                    "CustomerEndpoint": {"Address": f"+336{call % 10**8:08}"},
                    "Queue": {"Name": "Accueil"},
                    "LastUpdateTimestamp": at,
                }
            )


def _three_cx(calls: int) -> Iterator[str]:
    for call in range(calls):
        at = _clock(call).replace("-", "/")
        yield f"Call ID{call},{at},{at},{at},06{call % 10**8:08},Ext.800,Line,Queue\r\n"


WRITERS = {
    "asterisk-cdr": _cdr,
    "asterisk-queue-log": _queue_log,
    "genesys-interactions": _interactions,
    "genesys-conversations": _conversations,
    "amazon-connect": _connect,
    "3cx": _three_cx,
}
