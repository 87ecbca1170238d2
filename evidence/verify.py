"""Check an evidence binder offline, with nothing but Python 3.11: python3 verify.py BINDER.zip (or its folder).

No file was changed, added or removed; every sample is drawn again from frame.csv and draw.json; the ledger extract
is followed; every survey figure is computed again from answers.csv, and from weights.csv where answers weigh each for
itself. Exit status: 0 consistent, 1 not.
"""

import csv
import functools
import hashlib
import hmac
import io
import json
import math
import sys
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

UNSIGNED = "not signed: this proves consistency only\nnon signé : ceci ne prouve que la cohérence"
UNITS = {"share": "wilson_design", "mean": "t_design", "nps": "nps_adjusted_wald"}
SEPARATOR = " · "  # between the fields of a stratum
LEAST = 10  # respondents of a class
ROUNDING = 1e-20  # a variance below is that of answers that all agree
ADJUSTED = {"share": "wilson_design_adjusted", "mean": "t_adjusted", "nps": "nps_adjusted_wald_adjusted"}
WEIGHED = {"share": "wilson_design_weighted", "mean": "t_weighted", "nps": "nps_adjusted_wald_weighted"}


def main(place: Path) -> int:
    members = read_members(place)
    faults = manifest_faults(members)
    if not faults:  # what is computed from changed files says nothing
        draws = json.loads(members["draw.json"])["draws"]
        faults = [*draw_faults(members, draws), *ledger_faults(members, draws), *figure_faults(members, draws)]
    print(*(f"FAULT {fault}" for fault in faults), "Faults" if faults else "All is consistent.", UNSIGNED, sep="\n")
    return 1 if faults else 0


def read_members(place: Path) -> dict[str, bytes]:
    """Every file of the binder by name; what comes twice or cannot be unpacked is no file of ours."""
    if place.is_dir():
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    members = {}
    with zipfile.ZipFile(place) as archive:
        for name in archive.namelist():
            try:
                members[f"{name} (again)" if name in members else name] = archive.read(name)
            except (zipfile.BadZipFile, zlib.error):
                members[name] = b"cannot be unpacked"
    return members


def digest(data: object) -> str:
    """SHA-256 of bytes, or of anything else in the one spelling of its JSON."""
    if not isinstance(data, bytes):
        data = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hashlib.sha256(data).hexdigest()


def manifest_faults(members: dict) -> list[str]:
    """The manifest vouches for itself and for every other file."""
    try:
        manifest = json.loads(members["manifest.json"])
        written = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"
        listed, sound = manifest["body"]["files"], manifest["sha256"] == digest(manifest["body"])
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound or written != members["manifest.json"]:
        return ["manifest.json: missing or changed"]
    found = {name: digest(members[name]) for name in members if name != "manifest.json"}
    faults = {name: "changed" if name in found else "missing" for name in listed}
    return [f"{n}: {faults.get(n, 'added')}" for n in sorted({*found, *listed}) if found.get(n) != listed.get(n)]


def rows(members: dict, name: str) -> Iterator[dict[str, str]]:
    """The lines of a CSV file; text a spreadsheet could take for a formula was written after an apostrophe."""
    for row in csv.DictReader(io.StringIO(members[name].decode(), newline="")):
        yield {key: cell[1:] if cell[:1] == "'" and cell[1:2] in "'=+-@\t\r\n" else cell for key, cell in row.items()}


def draw_faults(members: dict, draws: list) -> list[str]:
    """The seed of each draw is the one committed, its frame the one hashed, its sample what both give."""
    frames = defaultdict(list)
    for unit in rows(members, "frame.csv"):
        frames[unit["draw"]].append(unit)
    faults = [f"draw {name}: not in draw.json" for name in set(frames) - {str(draw["id"]) for draw in draws}]
    for draw in draws:
        if draw.get("kind") == "continuous":
            taken = {unit["public_id"] for unit in frames[str(draw["id"])] if unit["drawn"] == "1"}
            said = f"draw {draw['id']} (draw.json, decisions.jsonl): "
            faults += [said + fault for fault in arrived(members, draw, taken)]
            continue
        units, committed, lines = frames[str(draw["id"])], bytes.fromhex(draw["seed"]), []
        value = draw.get("auditor_value")
        seed = hmac.digest(committed, f"auditor:{value}".encode(), "sha256") if value else committed
        for unit in units:  # as it was before the lot, which sets aside the other contacts of one customer
            before = f"{unit['status']}:{unit['reason']}".rstrip(":").replace("suppressed:same-customer", "eligible")
            lines.append([unit["public_id"], unit["stratum"], before, int(unit["cluster"] or 0) or None])
        written = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in sorted(lines))
        kept = {stratum["stratum"]: (stratum["drawn"], stratum["eligible"]) for stratum in draw["strata"]}
        eligible = [line for line in lines if line[2] == "eligible"]
        drawn, aside, sizes = sample(seed, eligible, draw["allocation"] | {"kept": kept})
        again = {
            "the seed is not the one that was committed": digest(committed) == draw["commitment"],
            "the frame is not the one that was hashed": digest(written.encode()) == draw["frame_hash"],
            "drawing again gives other contacts": drawn == {u["public_id"] for u in units if u["drawn"] == "1"},
            "it sets other contacts aside": aside == {u["public_id"] for u in units if u["reason"] == "same-customer"},
            "it gives other sizes": {name: size for name, size in kept.items() if size[1]} == sizes,
        }
        faults += [f"draw {draw['id']} (draw.json, frame.csv): {fault}" for fault in again if not again[fault]]
    return faults


def arrived(members: dict, draw: dict, kept: set[str]) -> Iterator[str]:
    """A draw that ran while contacts arrived: decided again in its order (docs/draws.md of the product)."""
    mine = f"{draw['id']}\t".encode()
    kept_lines = members["decisions.jsonl"].splitlines(keepends=True)
    lines = [line[len(mine) :] for line in kept_lines if line.startswith(mine)]
    plan, seed, wrong, taken = draw["allocation"], bytes.fromhex(draw["seed"]), [], {}
    masses, found = defaultdict(list), set()
    for first, stratum, third, customer, moment, pi, was_taken in map(json.loads, lines):
        ours, at = isinstance(first, str), datetime.fromisoformat(moment) if moment else None
        who = first if customer is None else customer
        if ours and third != "eligible":
            wrong += [first] * was_taken
            continue
        a, b = map(int, (plan["rates"].get(stratum, plan["rates"][""]) if ours else stratum).split("/"))
        window = timedelta(days=plan["quarantine_days"] if ours else third)
        left = 1 - sum(mass for then, mass in masses[who] if at - then < window)
        masses[who] = [(then, mass if at - then < window else mass * (1 - a / b)) for then, mass in masses[who]]
        masses[who].append((at, pi))
        free = who not in taken or at - taken[who] >= window
        hit = int.from_bytes(hmac.digest(seed, first.encode(), "sha256")) * b < a << 256 if ours else was_taken
        found |= {first} if ours and was_taken else set()
        wrong += [first] if ours and ((hit and free) != bool(was_taken) or differ(pi, a / b * left)) else []
        taken |= {who: at} if was_taken else {}
    again = {
        "the seed is not the one that was committed": digest(seed) == draw["commitment"],
        "the frame is not the one that was hashed": digest(b"".join(lines)) == draw["frame_hash"],
        f"decided again otherwise: {', '.join(wrong[:5])}": not wrong,
        "frame.csv has other contacts drawn": found == kept,
    }
    yield from (fault for fault in again if not again[fault])


def sample(seed: bytes, lines: list, plan: dict) -> tuple[set[str], set[str], dict]:
    """One contact of each customer takes part; in each stratum those with the smallest HMAC of their id are drawn."""
    clusters, strata = defaultdict(list), defaultdict(list)
    for line in lines:
        clusters[line[3] or line[0]].append(line[:2])
    for group in clusters.values():
        public_id, stratum = min(group, key=lambda line: hmac.digest(seed, f"one-of:{line[0]}".encode(), "sha256"))
        strata[stratum].append((hmac.digest(seed, public_id.encode(), "sha256"), public_id))
    asked = allocate(held := {stratum: len(ranked) for stratum, ranked in strata.items()}, plan)
    drawn = {public_id for stratum in strata for _, public_id in sorted(strata[stratum])[: asked[stratum]]}
    taking_part = {public_id for ranked in strata.values() for _, public_id in ranked}
    return drawn, {line[0] for line in lines} - taking_part, {name: (asked[name], held[name]) for name in held}


def allocate(held: dict[str, int], plan: dict) -> dict[str, int]:
    """How many each stratum gives: integers only, by largest remainder, and nobody below the minimum."""
    if plan["method"] in ("neyman", "precision") or plan.get("completes"):  # worked out by the files of the draw
        return {stratum: min(plan["kept"].get(stratum, (0,))[0], size) for stratum, size in held.items()}
    floors, lifted = {stratum: min(plan["minimum"], size) for stratum, size in held.items()}, {}
    if plan["method"] in ("everyone", "fixed"):
        return {s: held[s] if plan["method"] == "everyone" else max(plan["fixed"].get(s, 0), floors[s]) for s in held}
    weights = held if plan["method"] == "proportional" else dict.fromkeys(held, 1)
    while True:
        rest = {stratum: weight for stratum, weight in weights.items() if stratum not in lifted}
        size, total = plan["size"] - sum(lifted.values()), sum(rest.values()) or 1
        shares = {stratum: size * weight // total for stratum, weight in rest.items()}
        for stratum in sorted(rest, key=lambda s: (-(size * rest[s] % total), s))[: size - sum(shares.values())]:
            shares[stratum] += 1
        if not (low := {stratum: floors[stratum] for stratum, share in shares.items() if share < floors[stratum]}):
            return shares | lifted
        lifted |= low


def ledger_faults(members: dict, draws: list) -> Iterator[str]:
    """Each entry's hash is that of what it says, and the ledger says of each draw what draw.json says."""
    ledger, made, hashes = json.loads(members["ledger.json"]), {}, {}
    hashes[ledger["head"]["number"]] = ledger["head"]["hash"]
    for entry in ledger["entries"]:
        number, said = entry["number"], {key: value for key, value in entry.items() if key != "hash"}
        sound = digest(said) == entry["hash"] == hashes.setdefault(number, entry["hash"])
        if not sound or hashes.get(number - 1, entry["previous"]) != entry["previous"]:
            yield f"ledger.json: entry {number} was changed or does not follow the one before"
        made |= {entry["subject"]: json.loads(entry["facts"])} if entry["kind"] == "draw.made" else {}
    for draw in draws:
        facts = made.get(f"draw:{draw['id']}", {})
        if different := [key for key in ("seed", "commitment", "frame_hash", "late") if facts.get(key) != draw[key]]:
            yield f"draw {draw['id']}: draw.json and ledger.json differ in {', '.join(different)}"


def figure_faults(members: dict, draws: list, say: Callable = print) -> Iterator[str]:
    """results.csv says what report.json says, and both what answers.csv gives."""
    results, table = json.loads(members["report.json"])["results"], list(rows(members, "results.csv"))
    indicators, answers, done, left = json.loads(members["indicators.json"]), defaultdict(Counter), 0, []
    for row in rows(members, "answers.csv"):
        answers[row["draw"], row["stratum"], row["question"]][int(row["value"])] += 1
    weighed, arriving = one_by_one(answers), {str(draw["id"]) for draw in draws if draw["kind"] == "continuous"}
    held, places = (yield from take_weights(members, draws, answers, weighed)), defaultdict(Counter)
    yield from take_places(members, draws, answers, places)
    if len(table) != len(results):
        yield "results.csv and report.json do not have the same rows"
    for place, (result, line) in enumerate(zip(results, table, strict=False), start=1):
        if any(differ(line[key], result[key]) for key in ("estimate", "lower", "upper", "n", "population")):
            yield f"results.csv and report.json differ in row {place}"
        told, name = result if result["estimate"] is not None else result["covered"], result["indicator"]
        favourable = indicators[name]["values"] if name in indicators else []
        if told and result["method"] == ADJUSTED.get(result["unit"]):
            again, joined = adjusted_figure(result, draws, places, favourable)
            done += 1
            said = {(str(one["draw"]), frozenset(one["strata"])) for one in result["joined_strata"]}
            if told is result and said != joined:
                yield f"report.json has other strata joined than was declared in row {place} ({name} {result['by']})"
            if any(told.get(key) is not None and differ(told[key], value) for key, value in again.items()):
                yield f"places.csv does not give row {place} of results.csv ({name} {result['by']})"
            continue
        singly = result["method"] == WEIGHED.get(result["unit"])
        known = singly or result["method"] == UNITS.get(result["unit"])
        strata = strata_of(result, draws) if told and known else None
        if strata:
            if told is result["covered"]:  # strata with too few answers forbid the whole: it is told of the others
                strata = {key: N for key, N in strata.items() if answers[(*key, result["question"])].total() > (N > 1)}
            done += 1
            if singly:
                strata = {key: held.get(key, N) for key, N in strata.items()}
                again = weighed_figure(result, strata, weighed, favourable, arriving)
            else:
                again = figure(result, strata, answers, favourable)
            if any(told.get(key) is not None and differ(told[key], value) for key, value in again.items()):
                yield f"answers.csv does not give row {place} of results.csv ({name} {result['by']})"
        elif told:
            left.append(name)
    say(f"Computed again: {done} of {done + len(left)} published figures. Not: {', '.join(sorted({*left})) or 'none'}.")


def differ(left: object, right: object) -> bool:
    if left in (None, "") or right in (None, ""):
        return (left in (None, "")) != (right in (None, ""))
    return not abs(float(left) - float(right)) <= 1e-9 * max(1.0, abs(float(right)))


def strata_of(result: dict, draws: list) -> dict | None:
    """The strata that a result is about, (draw, stratum) -> N; None where its place cuts across strata."""
    found, mine = {}, [draw for draw in draws if draw["survey"] == result["survey"]]
    for draw, stratum in [(one, stratum) for one in mine for stratum in one.get("told") or one["strata"]]:
        place = dict(zip(draw["allocation"]["strata"], stratum["values"], strict=False))  # told together: none
        if not set(result["by"]) <= set(place):
            return None
        if stratum["eligible"] and result["by"].items() <= place.items():
            found[str(draw["id"]), stratum["stratum"]] = stratum["eligible"]
    return found


def with_limits(
    unit: str, level: float, shares: tuple, variance: float, design: float, n: int, df: int
) -> dict[str, float]:
    """The estimate with its interval; ``design``: the size by design alone, not a number when all were asked."""
    t, z, (mean, up, down) = t_quantile(level, df), NormalDist().inv_cdf((1 + level) / 2), shares
    if unit == "mean":
        limits = mean - t * math.sqrt(variance), mean + t * math.sqrt(variance)
    else:
        ratio = (t_quantile(level, n - 1) / t) ** 2
        star = design * min(1.0, ratio) if not variance else min(design, (up + down - mean**2) / variance * ratio)
        limits = (mean, mean) if math.isnan(star) else limits_of(unit, up, down, star, z)  # all asked: no chance left
    scaled = [value * (100 if unit == "nps" else 1) for value in (mean, *limits)]
    return dict(zip(("estimate", "lower", "upper", "n"), (*scaled, n), strict=True))


def one_by_one(answers: dict) -> dict[tuple, list[tuple]]:
    """The answers of answers.csv as (customer, weight, value), each by a customer of its own and of the same weight."""
    spread = {key: [value for value, times in counts.items() for _ in range(times)] for key, counts in answers.items()}
    return {key: [((*key, i), 1.0, value) for i, value in enumerate(values)] for key, values in spread.items()}


def take_weights(members: dict, draws: list, answers: dict, weighed: dict) -> Iterator[str]:
    """Put weights.csv into ``weighed``: its answers are those of answers.csv, its weights those of contacts drawn.

    Returns how many contacts each stratum holds where one contact of a customer stands for all of theirs.
    """
    ways, held, given = {str(draw["id"]): draw.get("weighing") for draw in draws}, Counter(), defaultdict(list)
    contacts, sizes, known = [], Counter(), defaultdict(Counter)
    for unit in rows(members, "frame.csv"):
        asked = unit["status"] == "eligible" or unit["reason"] == "same-customer"
        if asked and ways.get(unit["draw"]) == "multiplicity":
            held[unit["draw"], unit["stratum"]] += 1
            sizes[unit["draw"], unit["cluster"] or unit["public_id"]] += 1
            contacts += [unit] * (unit["drawn"] == "1")
    for unit in contacts:
        of_one = sizes[unit["draw"], unit["cluster"] or unit["public_id"]]
        known[unit["draw"], unit["stratum"]][f"{of_one:.9g}"] += 1
    for draw, _, line in (line.partition("\t") for line in members.get("decisions.jsonl", b"").decode().splitlines()):
        first, stratum, *_, pi, taken = json.loads(line)
        if isinstance(first, str) and taken:
            known[draw, stratum][f"{1 / pi:.9g}"] += 1
    for row in rows(members, "weights.csv") if any(ways.values()) else ():
        one = row["customer"], float(row["weight"]), int(row["value"])
        given[row["draw"], row["stratum"], row["question"]].append(one)
    for key in sorted({*given, *(key for key in answers if ways.get(key[0]))}):
        if Counter(value for _, _, value in given[key]) != answers.get(key, {}):
            yield f"draw {key[0]}: weights.csv and answers.csv have other answers to {key[2]} ({key[1]})"
        if Counter(f"{weight:.9g}" for _, weight, _ in given[key]) - known[key[:2]]:
            yield f"draw {key[0]}: weights.csv has a weight that no contact drawn has, for {key[2]} ({key[1]})"
    weighed |= given
    return held


def weighed_figure(result: dict, strata: dict, weighed: dict, favourable: list, arriving: set) -> dict[str, float]:
    """The same where answers weigh each for itself, held together by customer (docs/statistics.md of the product)."""
    unit, level, classes = result["unit"], result["confidence_level"], Counter()
    recode = recode_of(unit, favourable)
    answered = {key: weighed.get((*key, result["question"]), []) for key in strata}
    joined = joined_strata(answered, arriving) | declared_classes(result)
    for key, size in strata.items():
        classes[joined[key]] += size
    lines = [(joined[key], who, w, recode(v)) for key in strata for who, w, v in answered[key]]
    base, customers = Counter(), defaultdict(set)
    for label, who, weight, _ in lines:
        base[label] += weight
        customers[label].add(who)
    df = len({who for _, who, _, _ in lines}) - len(classes)
    if base.keys() != classes.keys() or df < 1:
        return {"n": math.nan}
    lines = [(label, who, weight * classes[label] / base[label], value) for label, who, weight, value in lines]
    total = math.fsum(weight for _, _, weight, _ in lines)
    mean = math.fsum(weight * value for _, _, weight, value in lines) / total
    up, down = (math.fsum(w for _, _, w, value in lines if value == sign) / total for sign in (1, -1))
    means, lost = Counter(), {label: len(those) / max(len(those) - 1, 1) for label, those in customers.items()}
    for label, _, weight, value in lines:
        means[label] += weight * value / classes[label]
    parts, worth, certain, counted = Counter(), Counter(), [], []
    for label, who, weight, value in lines:
        parts[who] += weight * (value - means[label]) * math.sqrt(lost[label])
        worth[who] += weight
        counted.append(min(weight, weight**2))
        certain.append(counted[-1] * (value - means[label]) ** 2 * lost[label])
    variance = max(math.fsum(part**2 for part in parts.values()) - math.fsum(certain), 0.0) / total**2
    noise = math.fsum(weight**2 for weight in worth.values()) - math.fsum(counted)
    design = total**2 / noise if noise > 1e-12 * total else math.nan
    again = with_limits(unit, level, (mean, up, down), variance, design, len(lines), df)
    return again | {"population": sum(classes.values())}


def declared_classes(result: dict) -> dict:
    """(draw, stratum) -> the first stratum of its class, of those that joined as the programme declared."""
    return {
        (str(one["draw"]), stratum): (str(one["draw"]), one["strata"][0])
        for one in result["joined_strata"]
        for stratum in one["strata"]
    }


class Line(NamedTuple):
    """Answers alike: their class, whether they are inside the place, weight before and after the totals, groups."""

    label: object
    inside: bool
    base: float
    weight: float
    times: int
    value: int
    groups: tuple = ()


def recode_of(unit: str, favourable: list) -> Callable[[int], int]:
    """What an answer counts: 1 or 0 for a share, 1, 0 or -1 for a net score, itself for a mean."""
    return {"share": lambda v: int(v in favourable), "nps": lambda v: (v >= 9) - (v <= 6)}.get(unit, int)


def figure(result: dict, inside: dict, answers: dict, favourable: list) -> dict[str, float]:
    """Estimate and interval of whole strata, each a class of its own: N/r by stratum (Cochran 1977, 5.6)."""
    recode, lines = recode_of(result["unit"], favourable), []
    for key, size in inside.items():
        said = answers[(*key, result["question"])]
        for value, times in said.items():
            weight = size / said.total()
            lines.append(Line(key, True, weight, weight, times, recode(value)))
    if {line.label for line in lines} != set(inside):
        return {"n": math.nan}
    return estimated(result, lines, inside) | {"population": sum(inside.values())}


def estimated(result: dict, lines: list[Line], sizes: dict) -> dict[str, float]:
    """Estimate and interval with finite population correction; members of a place are a domain (Cochran 1977, 5.12)."""
    unit, level, mine = result["unit"], result["confidence_level"], [line for line in lines if line.inside]
    size, n = math.fsum(line.weight * line.times for line in mine), sum(line.times for line in mine)
    df = n - len({line.label for line in mine})
    if df < 1:
        return {"n": math.nan}
    mean = math.fsum(line.weight * line.times * line.value for line in mine) / size
    up, down = (math.fsum(ln.weight * ln.times for ln in mine if ln.value == sign) / size for sign in (1, -1))
    rest = residuals(lines, [(line.value - mean) * line.inside for line in lines])
    variance, noise, classes = 0.0, 0.0, defaultdict(list)
    for line, left in zip(lines, rest, strict=True):
        classes[line.label].append((line, left))
    for label, pairs in classes.items():
        n_c, stood = sum(line.times for line, _ in pairs), math.fsum(ln.base * ln.times for ln, _ in pairs)
        centre = math.fsum(line.base * line.times * left for line, left in pairs) / stood
        parts = [(line.times, line.weight * (left - centre)) for line, left in pairs]
        middle = math.fsum(times * part for times, part in parts) / n_c
        spread = math.fsum(times * (part - middle) ** 2 for times, part in parts)
        open_share = 1 - n_c / sizes[label]
        variance += open_share * n_c / max(n_c - 1, 1) * spread / size**2
        noise += open_share * math.fsum(line.weight**2 * line.times for line, _ in pairs if line.inside)
    variance = variance if variance > ROUNDING else 0.0
    return with_limits(unit, level, (mean, up, down), variance, size**2 / (noise or math.nan), n, df)


def residuals(lines: list[Line], values: list[float]) -> list[float]:
    """What a regression on the groups, weighted before the totals, leaves of ``values`` (Deville & Sarndal 1992)."""
    names = sorted({group for line in lines for group in line.groups})
    place = {name: number for number, name in enumerate(names)}
    table = [[0.0] * (len(names) + 1) for _ in names]  # the normal equations
    for line, value in zip(lines, values, strict=True):
        mine = [place[group] for group in line.groups]
        for row in mine:
            for column in mine:
                table[row][column] += line.base * line.times
            table[row][-1] += line.base * line.times * value
    found, scale = dict.fromkeys(names, 0.0), [table[row][row] for row in range(len(names))]
    pivots = []
    for row in range(len(names)):  # columns depend on each other: one that the others make up is left at 0
        if table[row][row] <= 1e-9 * scale[row]:
            continue
        pivots.append(row)
        for other in range(len(names)):
            if other != row and (share := table[other][row] / table[row][row]):
                table[other] = [one - share * top for one, top in zip(table[other], table[row], strict=True)]
    found |= {names[row]: table[row][-1] / table[row][row] for row in pivots}
    return [value - sum(found[one] for one in line.groups) for line, value in zip(lines, values, strict=True)]


def take_places(members: dict, draws: list, answers: dict, places: dict) -> Iterator[str]:
    """Put places.csv into ``places``: its answers are those of answers.csv, its contacts those of the strata."""
    sums = defaultdict(Counter)
    for row in rows(members, "places.csv") if "places.csv" in members else ():
        key, value, times = (row["draw"], row["stratum"], row["question"]), int(row["value"]), int(row["answers"])
        places[row["draw"], row["question"]][row["stratum"], row["site"], row["channel"], value] += times
        sums[key][value] += times
    kept = {str(draw["id"]): draw for draw in draws if draw.get("places")}
    for key in sorted({*sums, *(key for key in answers if key[0] in kept)}):
        if sums[key] != answers.get(key, {}):
            yield f"draw {key[0]}: places.csv and answers.csv have other answers to {key[2]} ({key[1]})"
    for name, draw in kept.items():
        told = {one["stratum"]: one["eligible"] for one in draw["told"] or draw["strata"] if one["eligible"]}
        if counted(draw, "eligible") != told:
            yield f"draw {name}: the contacts by place in draw.json are not those of its strata"


def counted(draw: dict, what: str) -> Counter:
    """Contacts of the strata of a draw that have some that could be drawn."""
    found, known = Counter(), {one["stratum"] for one in draw["places"] if one["eligible"]}
    for one in draw["places"]:
        found[one["stratum"]] += one[what] * (one["stratum"] in known)
    return +found


def joined_as_declared(draw: dict, said: Counter) -> tuple[list[list[str]], set[str]]:
    """The classes of a draw, the shortest joined first along the declared order, and strata too short to speak."""
    names, sizes = draw["allocation"]["strata"], counted(draw, "eligible")
    values = {label: tuple(label.split(SEPARATOR)) for label in sizes}
    known = all(len(one) == len(names) for one in values.values())
    order = [name for name in draw["weighting"].get("merge", []) if known and name in names]
    values = values if known else {label: (label,) for label in sizes}
    pool = [[label] for label in sorted(sizes, key=values.__getitem__)]

    def rank(group: list[str]) -> tuple:
        return sum(said[label] for label in group), [values[label] for label in group]

    for step in range(len(order)):
        kept, groups = [n for n, name in enumerate(names) if name not in order[: step + 1]], defaultdict(list)
        for group in pool:
            groups[tuple(values[group[0]][n] for n in kept)].append(group)
        for key, together in groups.items():
            while len(together) > 1 and rank(min(together, key=rank))[0] < LEAST:
                first, second, *others = sorted(together, key=rank)
                together = [sorted(first + second, key=values.__getitem__), *others]
            groups[key] = together
        pool = [group for together in groups.values() for group in together]
    if order:
        short = [group for group in pool if rank(group)[0] < LEAST]
    else:
        short = [group for group in pool if rank(group)[0] < 2 and not rank(group)[0] == sizes[group[0]] == 1]
    return [group for group in pool if group not in short], {label for group in short for label in group}


def level_of(draw: dict, margin: list[str], stratum: str, site: str, channel: str) -> tuple[str, ...]:
    """Which group of a total contacts of a stratum and place are in."""
    names, values = draw["allocation"]["strata"], stratum.split(SEPARATOR)
    own = dict(zip(names, values, strict=True)) if len(names) == len(values) else {}
    known = {"site": site, "channel": channel} | own
    return tuple(known.get(name, "") for name in margin)


def weighted_cells(draws: list, places: dict, question: str) -> tuple[list[tuple], dict, dict, set]:
    """All answers of a programme as (class, stratum, site, channel, value, answers, weight, groups); the sizes of
    classes, the totals of groups, and the strata that nothing can be said of."""
    cells, sizes, short, parts = [], {}, set(), []
    for draw in draws:
        answered, said = places[str(draw["id"]), question], Counter()
        for (stratum, *_), times in answered.items():
            said[stratum] += times
        classes, lacking = joined_as_declared(draw, said)
        short |= {(str(draw["id"]), label) for label in lacking}
        parts += [(draw, answered, said, classes)] if classes else []
    margins = sorted({SEPARATOR.join(one) for draw, *_ in parts for one in draw["weighting"].get("rake", [])})
    totals = {margin: Counter() for margin in margins}
    for draw, answered, said, classes in parts:
        name, drawn, held = str(draw["id"]), counted(draw, "drawn"), counted(draw, "eligible")
        base, of = {}, {label: group[0] for group in classes for label in group}
        for group in classes:
            one = {label: held[label] / max(drawn[label], said[label]) for label in group if said[label]}
            stood = math.fsum(weight * said[label] for label, weight in one.items())
            sizes[name, group[0]] = sum(held[label] for label in group)
            base |= {label: weight * sizes[name, group[0]] / stood for label, weight in one.items()}
        frame = [one for one in draw["places"] if one["stratum"] in of and one["eligible"]]
        here, mine = [key for key, times in answered.items() if times and key[0] in of], {}
        for margin in [one for one in margins if one.split(SEPARATOR) in draw["weighting"].get("rake", [])]:
            fields, kept = margin.split(SEPARATOR), Counter()
            for one in frame:
                kept[level_of(draw, fields, one["stratum"], one["site"], one["channel"])] += one["eligible"]
            if kept.keys() <= {level_of(draw, fields, *key[:3]) for key in here}:  # else it cannot be met
                mine[margin] = fields
                totals[margin].update({(margin, name, level): size for level, size in kept.items()})
        for margin in set(margins) - set(mine):
            totals[margin][margin, name, "all"] += sum(one["eligible"] for one in frame)
        for key in here:
            groups = ((m, name, level_of(draw, mine[m], *key[:3]) if m in mine else "all") for m in margins)
            cells.append(((name, of[key[0]]), *key, answered[key], base[key[0]], tuple(groups)))
    return cells, sizes, totals, short


def raked(cells: list[tuple], totals: dict) -> list[float] | None:
    """Weights multiplied until every total is met to 1e-10 (Deming & Stephan 1940); None where they never are."""
    kinds = Counter()
    for label, stratum, *_, times, base, groups in cells:
        kinds[label, stratum, base, groups] += times
    weights, inside = {kind: kind[2] for kind in kinds}, defaultdict(list)
    for kind in kinds:
        for group in kind[3]:
            inside[group].append(kind)
    for _ in range(1000):
        furthest = 0.0
        for group, total in ((group, total) for levels in totals.values() for group, total in levels.items()):
            factor = total / math.fsum(weights[kind] * kinds[kind] for kind in inside[group])
            furthest = max(furthest, abs(factor - 1))
            for kind in inside[group]:
                weights[kind] *= factor
        if furthest < 1e-10:
            return [weights[label, stratum, base, groups] for label, stratum, *_, base, groups in cells]
    return None


def adjusted_figure(result: dict, draws: list, places: dict, favourable: list) -> tuple[dict[str, float], set]:
    """A figure from classes that joined, with weights that meet the totals; and which strata joined behind it."""
    mine = [draw for draw in sorted(draws, key=lambda draw: draw["id"]) if draw["survey"] == result["survey"]]
    cells, sizes, totals, _ = weighted_cells(mine, places, result["question"])
    weights, recode = raked(cells, totals), recode_of(result["unit"], favourable)
    unmet, by, lines, strata = weights is None, result["by"], [], set()
    for (label, stratum, site, channel, value, times, base, groups), weight in zip(
        cells, weights or [cell[-2] for cell in cells], strict=True
    ):
        inside = by.items() <= {"site": site, "channel": channel}.items()
        lines.append(Line(label, inside, base, weight, times, recode(value), () if unmet else groups))
        strata |= {(label[0], stratum)} if inside else set()
    joined = set()
    for draw in mine:
        said = Counter()
        for (stratum, *_), times in places[str(draw["id"]), result["question"]].items():
            said[stratum] += times
        for group in joined_as_declared(draw, said)[0]:
            if len(group) > 1 and any((str(draw["id"]), label) in strata for label in group):
                joined.add((str(draw["id"]), frozenset(group)))
    inside = [p for draw in mine for p in draw["places"] if by.items() <= p.items()]
    again = estimated(result, lines, sizes)
    return again | {"population": sum(one["eligible"] for one in inside)}, joined


def joined_strata(answered: dict, arriving: set) -> dict:
    """Stratum -> the first of those it is joined with: neighbours until ten answered, in each continuous draw alone."""
    found, groups = {key: key for key in answered}, defaultdict(list)
    for key in sorted((key for key in answered if key[0] in arriving), key=lambda key: (int(key[0]), key[1])):
        mine = groups[key[0]]
        if not mine or sum(len(answered[one]) for one in mine[-1]) >= 10:
            mine.append([])
        mine[-1].append(key)
    for mine in groups.values():
        if len(mine) > 1 and sum(len(answered[one]) for one in mine[-1]) < 10:
            mine[-2:] = [mine[-2] + mine[-1]]
        found |= {key: group[0] for group in mine for key in group}
    return found


def limits_of(unit: str, up: float, down: float, size: float, z: float) -> tuple[float, float]:
    """Wilson for a share; for a net score adjusted Wald, with 3/4 of a promoter and a detractor more (Rocks 2016)."""
    if unit == "share":
        half = z * math.sqrt(up * (1 - up) / size + z**2 / (4 * size**2))
        lower, upper = ((up + z**2 / (2 * size) + side * half) / (1 + z**2 / size) for side in (-1, 1))
        return (0.0 if up == 0 else max(lower, 0.0)), (1.0 if up == 1 else min(upper, 1.0))
    up, down = ((share * size + 0.75) / (size + 3) for share in (up, down))
    half = z * math.sqrt((up + down - (up - down) ** 2) / (size + 3))
    return max(up - down - half, -1.0), min(up - down + half, 1.0)


@functools.cache
def t_quantile(level: float, df: int) -> float:
    """Student's two-sided quantile, by halving (Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    low, high, odd = 0.0, 1e4, df % 2
    while high - low > 1e-13 * high:
        angle = math.atan((low + high) / 2 / math.sqrt(df))
        term = total = (math.cos(angle) if odd else 1.0) * (df > 1)
        for k in range(2 + odd, df - 1, 2):
            term *= (k - 1) / k * math.cos(angle) ** 2
            total += term
        within = 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
        low, high = ((low + high) / 2, high) if within < level else (low, (low + high) / 2)
    return high


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else __file__ + "/..").resolve()))
    except (OSError, zipfile.BadZipFile, LookupError, TypeError, ValueError) as error:
        sys.exit(f"FAULT cannot be read: {error!r}")
