#!/usr/bin/env python3
"""Draws a sample again from the files beside this one, and names whatever is not as it was kept.

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
from fractions import Fraction
from math import ceil, isqrt
from pathlib import Path

Z_SQUARED = {90: 27055435, 95: 38414588, 99: 66348966}
#: Of each kind of difference, so many are named.
MOST_NAMED = 20


def number(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def final_seed(draw):
    """The seed itself, or mixed with the value an auditor gave."""
    seed, value = bytes.fromhex(draw["seed"]), draw.get("auditor_value")
    return seed if value is None else number(seed, "auditor:" + value)


def asked_for(plan, stratum, answers):
    """How many to ask for so many answers, by past response: the stratum's, else that of all."""
    response = plan.get("response", {})
    for name in (stratum, ""):
        answered, asked = response.get(name, (0, 0))
        if answered >= (10 if name else 1):
            return -(-answers * asked // answered)
    return answers


def deviation(plan, stratum):
    """Standard deviation of past answers in millionths: the stratum's, else that of all, else 1."""
    for name in (stratum, ""):
        n, total, squares = plan.get("spread", {}).get(name, (0, 0, 0))
        if n >= 10 and n * squares > total * total:
            return isqrt((n * squares - total * total) * 10**12 // (n * (n - 1)))
    return 10**6


def largest_remainder(size, weights):
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    shares = {one: size * weight // total for one, weight in weights.items()}
    for one in sorted(weights, key=lambda one: (-(size * weights[one] % total), one))[: size - sum(shares.values())]:
        shares[one] += 1
    return shares


def shared(size, weights, floors, ceilings=None):
    settled = {}
    while True:
        rest = {one: weight for one, weight in weights.items() if one not in settled}
        shares = largest_remainder(max(0, size - sum(settled.values())), rest)
        low = {one: floors[one] for one in shares if shares[one] < floors[one]}
        high = {one: ceilings[one] for one in shares if ceilings and shares[one] > ceilings[one]}
        if not (low or high):
            break
        settled.update(low or high)
    shares.update(settled)
    missing = size - sum(shares.values())
    if ceilings and missing > 0:
        room = {one: ceilings[one] - share for one, share in shares.items()}
        for one, more in largest_remainder(min(missing, sum(room.values())), room).items():
            shares[one] += more
    return shares


def invitations(plan, units, margin):
    if not margin or not units:
        return 0
    spread = Fraction(plan["share"] * (1000 - plan["share"]), 10**6)
    endless = Fraction(Z_SQUARED[plan["confidence"]], 10**7) * spread / Fraction(margin * margin, 10**6)
    return asked_for(plan, "", ceil(endless / (1 + (endless - 1) / units)))


def sizes(held, plan):
    """n_h of each stratum, from N_h."""
    least = {one: max(plan["minimum"], asked_for(plan, one, plan.get("completes", 0))) for one in held}
    floors = {one: min(least[one], held[one]) for one in held}
    if plan["method"] == "everyone":
        return dict(held)
    if plan["method"] == "fixed":
        return {one: max(plan["fixed"].get(one, 0), floors[one]) for one in held}
    if plan["method"] == "equal":
        return shared(plan["size"], dict.fromkeys(held, 1), floors)
    if plan["method"] == "neyman":
        return shared(plan["size"], {one: held[one] * deviation(plan, one) for one in held}, floors, held)
    if plan["method"] == "precision":
        return precise(held, plan, floors)
    return shared(plan["size"], held, floors)


def precise(held, plan, taken):
    sites = defaultdict(dict)
    if plan.get("site_margin") and plan.get("site_at") is not None:
        for one in held:
            sites[one.split(" · ")[plan["site_at"]]][one] = held[one]
    for some in sites.values():
        floors, all_of_it = {one: taken[one] for one in some}, sum(some.values())
        wanted = max(sum(floors.values()), invitations(plan, all_of_it, plan["site_margin"]))
        taken = {**taken, **shared(min(wanted, all_of_it), some, floors, some)}
    everything = sum(held.values())
    wanted = max(sum(taken.values()), invitations(plan, everything, plan.get("margin") or 0))
    return shared(min(wanted, everything), held, taken, held)


def drawn_again(draw, frame):
    """{public id: stratum} of those drawn, {stratum: (n_h, N_h)}, {public id: contacts it stands for}."""
    seed, clusters, strata = final_seed(draw), defaultdict(list), defaultdict(list)
    for public_id, stratum, standing, cluster in frame:
        if standing == "eligible":
            clusters[cluster if cluster is not None else public_id].append((public_id, stratum))
    times = {}
    for members in clusters.values():
        public_id, stratum = min(members, key=lambda one: number(seed, "one-of:" + one[0]))
        strata[stratum].append((number(seed, public_id), public_id))
        times[public_id] = len(members)
    asked = sizes({stratum: len(ranked) for stratum, ranked in strata.items()}, draw["allocation"])
    drawn = {one: name for name, ranked in strata.items() for _, one in sorted(ranked)[: asked[name]]}
    return drawn, {name: (asked[name], len(ranked)) for name, ranked in strata.items()}, times


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
    for public_id, lines in Counter(line[0] for line in frame).items():
        if lines > 1:
            yield f"contact {public_id}: {lines} times in the frame"
    drawn, strata, times = drawn_again(draw, frame)
    set_aside = sum(line[2] == "eligible" for line in frame) - len(times)
    yield from in_counts(draw, [line[2] for line in frame], strata, set_aside)
    kept = {row["contact"]: row["stratum"] for row in rows}
    for one in sorted(kept.keys() - drawn.keys()):
        yield f"contact {one} (stratum {kept[one]}) was not drawn by this seed, and is kept as drawn"
    for one in sorted(drawn.keys() - kept.keys()):
        yield f"contact {one} (stratum {drawn[one]}) was drawn by this seed, and is not kept as drawn"
    stands_for = times if draw["weighs_contacts"] else dict.fromkeys(times, 1)
    yield from in_rows(rows, {one: (name, *strata[name], stands_for[one]) for one, name in drawn.items()})


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
