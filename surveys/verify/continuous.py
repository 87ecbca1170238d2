#!/usr/bin/env python3
"""Decides again who was taken while contacts arrived, from the files beside this one, and names what differs.

    python3 verify.py [FOLDER]

Needs Python 3.9 or later and nothing else. FOLDER holds draw.json, frame.jsonl, drawn.csv and prints.bin as they were
exported. Compare draw.json with the entry of the ledger (draw.made), which is chained and signed: this script shows
that the files agree with one another. Ends with 0 when all is identical, 3 when something differs.
"""

import csv
import hashlib
import hmac
import json
import re
import struct
import sys
import zlib
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

#: Of each kind of difference, so many are named.
MOST_NAMED = 20


def number(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def decided_again(draw, frame):
    """(public id, what is wrong) of each contact of a continuous draw, decided in the order of the frame.

    Lines that begin with a number are decisions of other continuous draws: [draw, "a/b", days, customer, moment, pi,
    taken]; they are taken as they are. The others: [public id, stratum, standing, customer, moment, pi, taken].
    """
    seed, rates = bytes.fromhex(draw["seed"]), draw["allocation"]["rates"]
    own = timedelta(days=draw["allocation"]["quarantine_days"])
    masses, taken_at = defaultdict(list), {}
    for first, second, third, customer, moment, pi, taken in frame:
        ours = isinstance(first, str)
        if ours and third != "eligible":
            if taken:
                yield first, "could not be taken, and is kept as taken"
            continue
        who, at = first if customer is None else customer, datetime.fromisoformat(moment.replace("Z", "+00:00"))
        a, b = map(int, (rates.get(second) or rates[""] if ours else second).split("/"))
        window = own if ours else timedelta(days=third)
        if ours and masses[who] and at < masses[who][-1][0]:
            yield first, "was decided before a line above it of the same customer"
        within = sum(mass for then, mass in masses[who] if at - then < window)
        masses[who] = [(then, mass if at - then < window else mass * (1 - a / b)) for then, mass in masses[who]]
        masses[who].append((at, pi or 0.0))
        if ours:
            again = a / b * (1 - within)
            if pi is None or not abs(again - pi) <= 1e-9 * again + 1e-15:
                yield first, f"is kept with the probability {pi}, computed again {again}"
            free = who not in taken_at or at - taken_at[who] >= window
            hit = int.from_bytes(number(seed, first), "big") * b < a << 256
            if bool(taken) != (hit and free):
                yield (
                    first,
                    "was taken by this seed, and is not kept so" if hit and free else "was not taken by this seed",
                )
        if taken:
            taken_at[who] = at


def in_counts(draw, standings, strata, set_aside=0):
    """The sums that were kept, against those of the frame."""
    left_out = {"ineligible": Counter(), "suppressed": Counter({"same-customer": set_aside} if set_aside else {})}
    for status, _, reason in (standing.partition(":") for standing in standings):
        if status != "eligible":
            left_out.setdefault(status, Counter())[reason] += 1
    taken, could = (sum(one[place] for one in strata.values()) for place in (0, 1))
    counted = {"population": len(standings), "eligible": could, "drawn": taken, "exclusions": left_out}
    for name, again in counted.items():
        if draw[name] != again:
            yield f"{name}: kept {json.dumps(draw[name])}, counted again {json.dumps(again)}"
    said = {name: (n, of) for name, n, of in draw["strata"] if n or of}
    for name in sorted(said.keys() | strata.keys()):
        if said.get(name) != strata.get(name):
            yield f"stratum {name}: kept {said.get(name, (0, 0))}, drawn again {strata.get(name, (0, 0))}"
    for name, times in Counter(name for name, _n, _of in draw["strata"]).items():
        if times > 1:
            yield f"stratum {name}: {times} times in draw.json"


def in_rows(rows, drawn):
    """What drawn.csv says of those drawn; ``drawn``: public id -> stratum, drawn, eligible, stands_for."""
    for one, times in Counter(row["contact"] for row in rows).items():
        if times > 1:
            yield f"contact {one}: {times} times in drawn.csv"
    names = ("stratum", "drawn", "eligible", "stands_for")
    for row in rows:
        # A stratum that a spreadsheet would take for a formula has an apostrophe before it.
        said = {**row, "stratum": row["stratum"][row["stratum"].startswith("'") :]}
        for name, again in zip(names, drawn.get(row["contact"], ())):  # noqa: B905 (Python 3.9)
            if said[name] != str(again):
                yield f"contact {row['contact']}: drawn.csv says {name} {said[name]}, the draw says {again}"


def continuous_differences(draw, frame, rows):
    for public_id, wrong in decided_again(draw, frame):
        yield f"contact {public_id} {wrong}"
    ours, strata = [line for line in frame if isinstance(line[0], str)], {}
    for public_id, lines in Counter(line[0] for line in ours).items():
        if lines > 1:
            yield f"contact {public_id}: {lines} times in the frame"
    for _id, stratum, standing, _customer, _moment, _pi, taken in ours:
        if standing == "eligible":
            before = strata.get(stratum, (0, 0))
            strata[stratum] = (before[0] + taken, before[1] + 1)
    yield from in_counts(draw, [line[2] for line in ours], strata)
    drawn, rates = {line[0]: line[1] for line in ours if line[6]}, draw["allocation"]["rates"]
    for one in sorted(drawn.keys() ^ {row["contact"] for row in rows}):
        yield f"contact {one}: drawn.csv and the frame differ"
    yield from in_rows(
        rows, {one: (name, *(rates.get(name) or rates[""]).split("/"), 1) for one, name in drawn.items()}
    )


def in_frame(draw, folder):
    """What was changed in the frame, line by line."""
    content, prints = (folder / "frame.jsonl").read_bytes(), (folder / "prints.bin").read_bytes()
    if hashlib.sha256(prints).hexdigest() != draw["prints_hash"]:
        yield "prints.bin was changed: what is said of single contacts may be wrong"
    if hashlib.sha256(content).hexdigest() != draw["frame_hash"]:
        yield "frame: its hash is not the one that was kept"
    elif not prints:  # a draw made before they were kept
        return
    before = defaultdict(list)
    for print_of_id, digest in struct.iter_unpack(">I4s", prints):
        before[print_of_id].append(digest)
    for line in content.splitlines(keepends=True):
        public_id = json.loads(line)[0]
        if isinstance(public_id, int):  # a decision of another continuous draw
            continue
        kept, digest = before[zlib.crc32(public_id.encode())], hashlib.sha256(line).digest()[:4]
        if not kept:
            yield f"contact {public_id}: added to the frame"
        elif digest in kept:
            kept.remove(digest)
        else:
            kept.pop()
            yield f"contact {public_id}: its line in the frame was changed; it stands now as {line.decode().strip()}"
    for print_of_id, kept in before.items():
        yield from (f"a contact was removed from the frame: the CRC-32 of its id is {print_of_id:08x}" for _ in kept)


def differences(folder):
    draw = json.loads((folder / "draw.json").read_text("utf-8"))
    frame = [json.loads(line) for line in (folder / "frame.jsonl").read_bytes().splitlines()]
    with (folder / "drawn.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if hashlib.sha256(bytes.fromhex(draw["seed"])).hexdigest() != draw["commitment"]:
        yield "seed: it does not open its commitment"
    yield from in_frame(draw, folder)
    yield from continuous_differences(draw, frame, rows)


def printable(text):
    """Nothing that a terminal would obey: a name in the files could wipe out what was found, and say another thing."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def kind_of(line):
    """What is said, without of whom: its first words behind the contact."""
    first, *rest = line.split(" ", 2)
    if first == "stratum":
        return first
    said = rest[-1] if rest and first == "contact" else line
    return " ".join(re.findall("[a-z]+", re.sub(r"^\(stratum .*\) ", "", said))[:3])


def shortened(found):
    """The first lines of each kind, and how many more there are: a wrong seed is wrong about every contact."""
    kinds = Counter()
    for line in found:
        kinds[kind_of(line)] += 1
        if kinds[kind_of(line)] <= MOST_NAMED:
            yield line
    yield from (f"{times - MOST_NAMED} more: {kind} …" for kind, times in kinds.items() if times > MOST_NAMED)


def main():
    folder, found = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent, []
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        for one in differences(folder):
            found.append(printable(one))
    except Exception as error:  # whatever the files hold, they are not what was exported
        found.append(printable(f"cannot go on, the files are not as they were exported: {error!r}"))
    print(
        "\n".join(shortened(found)) if found else "Identical: the same contacts are drawn again from the revealed seed."
    )
    return 3 if found else 0


if __name__ == "__main__":
    sys.exit(main())
