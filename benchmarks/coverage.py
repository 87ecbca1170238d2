"""Draw many samples of known populations and see how often the default intervals hold the truth.

The numbers of every design are printed with its result. With --log (the published call centre log) also 2,000 draws of
600 of its calls by topic and agent, of which a half and a fifth answer, merged and raked as a programme declares it.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import call_centre
from benchmarks.coverage_designs import HARD, PAIRS, TYPICAL, Design
from benchmarks.coverage_draws import Coverage, coverage_of, coverage_of_callers, coverage_of_pair

SUMMARY = "how often the default intervals hold the truth: 18 designs, 6 harder ones, and a real log"
LEAST, ENOUGH, NEAR_ONE = 0.93, 30, 0.98


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--draws", type=int, default=4000, help="samples of each design (4000)")
    parser.add_argument("--log", type=Path, help="call_centre_5000.csv")
    parser.add_argument("--log-draws", type=int, default=2000, help="samples of the log (2000)")


def run(arguments: argparse.Namespace) -> int:
    """Print the tables; 1 when the default interval holds the truth in under 93 % where it should, else 0."""
    typical = [_told(lambda design=design: coverage_of(design, arguments.draws)) for design in TYPICAL]
    pairs = [_told(lambda pair=pair: coverage_of_pair(*pair, arguments.draws)) for pair in PAIRS]
    hard = [_told(lambda design=design: coverage_of(design, arguments.draws)) for design in HARD]
    hard.append(_told(lambda: coverage_of_callers(arguments.draws)))
    _print_designs([*TYPICAL, *HARD])
    _print_table("Typical", [*typical, *pairs])
    _print_table("Harder", hard)
    _print_response(hard)
    failed = [one.name for one in [*typical, *pairs, *hard] if _is_short(one)]
    if arguments.log:
        failed += call_centre.printed(arguments.log, arguments.log_draws)
    print("\nheld" if not failed else f"\nNOT HELD: {', '.join(failed)}")
    return 1 if failed else 0


def _told(measure: Callable[[], Coverage]) -> Coverage:
    found = measure()
    print(f"{found.name}: {found.held['wilson_design']:.3f}", file=sys.stderr, flush=True)
    return found


def _is_short(one: Coverage) -> bool:
    """Whether it should hold and does not; shares near 1, few answers and related response are reported only."""
    judged = one.response is None and one.n_star >= ENOUGH and not one.truth >= NEAR_ONE
    if one.response is not None:
        return one.response.in_band < LEAST or one.response.misled > 1 - LEAST
    return judged and one.held["wilson_design"] < LEAST


def _print_designs(designs: list[Design]) -> None:
    print("| design | contacts, drawn, share content of each stratum |\n|---|---|")
    for design in designs:
        print(f"| {design.name} | {_strata(design)} |")


def _strata(design: Design) -> str:
    seen: dict[str, int] = {}
    for part in design.parts:
        written = f"{part.contacts}, {part.drawn}, {part.share:g}"
        seen[written] = seen.get(written, 0) + 1
    return " · ".join(f"{times} × ({one})" if times > 1 else one for one, times in seen.items())


def _print_table(title: str, rows: list[Coverage]) -> None:
    print(f"\n{title}\n")
    print("| design | share | n | n* | wilson_design | its width | narrowest valid | width against it | t | marked |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for one in rows:
        name, times = one.narrowest(LEAST)
        print(
            f"| {one.name} | {one.truth:.3f} | {one.n:.0f} | {one.n_star:.0f} | {_percent(one.held['wilson_design'])} "
            f"| {one.widths['wilson_design']:.3f} | {name} | {times} | {_percent(one.held.get('t'))} "
            f"| {_percent(one.marked)} |"
        )


def _print_response(rows: list[Coverage]) -> None:
    print("\n| design | truth in Manski's band | verdicts | the sentence misled |\n|---|---|---|---|")
    for one in rows:
        if found := one.response:
            print(f"| {one.name} | {_percent(found.in_band)} | {_percent(found.judged)} | {_percent(found.misled)} |")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
