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
import struct
import sys
import zlib
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path


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
        masses[who].append((at, pi))
        if ours:
            again = a / b * (1 - within)
            if not abs(again - pi) <= 1e-9 * again + 1e-15:
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


def continuous_differences(draw, frame, kept):
    for public_id, wrong in decided_again(draw, frame):
        yield f"contact {public_id} {wrong}"
    ours, strata = [line for line in frame if isinstance(line[0], str)], defaultdict(lambda: [0, 0])
    for _id, stratum, standing, _customer, _moment, _pi, taken in ours:
        if standing == "eligible":
            strata[stratum] = [strata[stratum][0] + taken, strata[stratum][1] + 1]
    said = {name: [n, of] for name, n, of in draw["strata"] if of}
    for name in sorted(said.keys() | strata.keys()):
        if said.get(name) != strata.get(name):
            yield f"stratum {name}: kept {said.get(name)}, counted again {strata.get(name)}"
    for one in sorted({line[0] for line in ours if line[6]} ^ kept.keys()):
        yield f"contact {one}: drawn.csv and the frame differ"


def in_frame(draw, folder):
    """What was changed in the frame, line by line."""
    content = (folder / "frame.jsonl").read_bytes()
    if hashlib.sha256(content).hexdigest() == draw["frame_hash"]:
        return
    yield "frame: its hash is not the one that was kept"
    prints = (folder / "prints.bin").read_bytes()
    if hashlib.sha256(prints).hexdigest() != draw["prints_hash"]:
        yield "prints.bin was changed too: what is said of single contacts may be wrong"
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
        kept = {row["contact"]: row for row in csv.DictReader(file)}
    if hashlib.sha256(bytes.fromhex(draw["seed"])).hexdigest() != draw["commitment"]:
        yield "seed: it does not open its commitment"
    yield from in_frame(draw, folder)
    yield from continuous_differences(draw, frame, kept)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    found = list(differences(folder))
    print("\n".join(found) if found else "Identical: the same contacts are drawn again from the revealed seed.")
    return 3 if found else 0


if __name__ == "__main__":
    sys.exit(main())
