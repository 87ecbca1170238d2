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

UNSIGNED = "not signed: this proves consistency only\nnon signé : ceci ne prouve que la cohérence"
UNITS = {"share": "wilson_design", "mean": "t_design", "nps": "nps_adjusted_wald"}
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
    held = yield from take_weights(members, draws, answers, weighed)
    if len(table) != len(results):
        yield "results.csv and report.json do not have the same rows"
    for place, (result, line) in enumerate(zip(results, table, strict=False), start=1):
        if any(differ(line[key], result[key]) for key in ("estimate", "lower", "upper", "n", "population")):
            yield f"results.csv and report.json differ in row {place}"
        told, name = result if result["estimate"] is not None else result["covered"], result["indicator"]
        singly = result["method"] == WEIGHED.get(result["unit"])
        merged = result["method"] == ADJUSTED.get(result["unit"]) and not result["detail"].get("raked")
        known = singly or merged or result["method"] == UNITS.get(result["unit"])
        known = known and not (merged and told is result["covered"])  # which strata were left out is not told
        strata = strata_of(result, draws) if told and known else None
        if strata:
            if told is result["covered"]:  # strata with too few answers forbid the whole: it is told of the others
                strata = {key: N for key, N in strata.items() if answers[(*key, result["question"])].total() > (N > 1)}
            favourable, done = indicators[name]["values"], done + 1
            if singly:
                strata = {key: held.get(key, N) for key, N in strata.items()}
                again = weighed_figure(result, strata, weighed, favourable, arriving)
            else:
                again = figure(result, strata, draws, answers, favourable)
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
    recode = {"share": lambda value: int(value in favourable), "nps": lambda value: (value >= 9) - (value <= 6)}
    answered = {key: weighed.get((*key, result["question"]), []) for key in strata}
    joined = joined_strata(answered, arriving) | declared_classes(result)
    for key, size in strata.items():
        classes[joined[key]] += size
    lines = [(joined[key], who, w, recode.get(unit, int)(v)) for key in strata for who, w, v in answered[key]]
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


def figure(result: dict, inside: dict, draws: list, answers: dict, favourable: list) -> dict[str, float]:
    """Estimate and interval with finite population correction (Cochran 1977, 5.6 and 5.12), N/r by stratum.

    Of strata that joined an answer weighs N_h / drawn_h, scaled so that those of a class stand for its contacts.
    """
    unit, level, joined = result["unit"], result["confidence_level"], declared_classes(result)
    recode = {"share": lambda value: int(value in favourable), "nps": lambda value: (value >= 9) - (value <= 6)}
    touched, classes = {joined.get(key, key) for key in inside}, defaultdict(list)
    for draw, stratum in [(one, stratum) for one in draws for stratum in one.get("told") or one["strata"]]:
        key = str(draw["id"]), stratum["stratum"]
        if joined.get(key, key) in touched and stratum["eligible"]:
            said = Counter()
            for value, times in answers[(*key, result["question"])].items():
                said[recode.get(unit, int)(value)] += times
            classes[joined.get(key, key)].append((key, stratum["eligible"], stratum["drawn"], said))
    if not all(any(said for *_, said in those) for those in classes.values()):
        return {"n": math.nan}
    lines, sizes = [], {label: sum(N for _, N, _, _ in those) for label, those in classes.items()}
    for label, those in classes.items():  # weight, answers, value, whether inside the place, class
        stood = math.fsum(N / drawn * said.total() for _, N, drawn, said in those if said)
        for key, N, drawn, said in those:
            w = N / max(drawn, 1) * sizes[label] / stood
            lines += [(w, times, value, key in inside, label) for value, times in said.items()]
    mine = [line for line in lines if line[3]]
    size, n = math.fsum(w * times for w, times, *_ in mine), sum(times for _, times, *_ in mine)
    df = n - len({label for *_, label in mine})
    if df < 1:
        return {"n": math.nan}
    mean = math.fsum(w * times * value for w, times, value, *_ in mine) / size
    up, down = (math.fsum(w * times for w, times, value, *_ in mine if value == sign) / size for sign in (1, -1))
    variance, noise = 0.0, 0.0
    for label, contacts in sizes.items():
        rows = [
            (w, times, value - mean if known else 0.0, known) for w, times, value, known, one in lines if one == label
        ]
        n_c, middle = sum(times for _, times, *_ in rows), sum(w * times * e for w, times, e, _ in rows) / contacts
        spread = math.fsum(times * (w * (e - middle)) ** 2 for w, times, e, _ in rows)
        variance += (1 - n_c / contacts) * n_c / max(n_c - 1, 1) * spread / size**2
        noise += (1 - n_c / contacts) * math.fsum(w * w * times for w, times, _, known in rows if known)
    variance = variance if variance > ROUNDING else 0.0
    again = with_limits(unit, level, (mean, up, down), variance, size**2 / (noise or math.nan), n, df)
    return again | {"population": sum(inside.values())}


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
