"""``python -m benchmarks`` lists the entries; ``python -m benchmarks ENTRY --help`` says how to run one."""

import argparse
import sys
from collections.abc import Sequence

from benchmarks import (
    answers_export,
    cells,
    contact_import,
    continuous,
    coverage,
    domain_coverage,
    draw,
    engine_step,
    known_truth,
    messages,
    nps_coverage,
    peers,
    sources,
    web_survey,
    workers,
)

# To add an entry: a module with SUMMARY, add_arguments(parser) and run(arguments) -> exit status, and a line here.
ENTRIES = {
    "known-truth": known_truth,
    "domain-coverage": domain_coverage,
    "nps-coverage": nps_coverage,
    "web-survey": web_survey,
    "engine-step": engine_step,
    "messages": messages,
    "workers": workers,
    "answers-export": answers_export,
    "import": contact_import,
    "continuous": continuous,
    "coverage": coverage,
    "draw": draw,
    "sources": sources,
    "cells": cells,
    "peers": peers,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measurements that are run by hand.")
    entries = parser.add_subparsers(title="entries", dest="entry", metavar="ENTRY")
    for name, entry in ENTRIES.items():
        described = entries.add_parser(name, help=entry.SUMMARY, description=entry.__doc__)
        entry.add_arguments(described)
    chosen = parser.parse_args(arguments)
    if chosen.entry is None:
        parser.print_help()
        return 0
    return ENTRIES[chosen.entry].run(chosen)


if __name__ == "__main__":
    sys.exit(main())
