"""The job of ``peers`` done by svy, in an environment of its own: ``peers_svy.py DATA.npz ROUNDS`` prints JSON."""

import json
import statistics
import sys
import time

import numpy as np
import polars as pl
import svy


def main(path: str, rounds: int) -> None:
    data = np.load(path)
    frame = pl.DataFrame({name: data[name] for name in data.files})
    seconds, found = [], {}
    for _ in range(rounds):
        began = time.perf_counter()
        estimation = svy.Sample(frame, svy.Design(stratum="stratum", wgt="weight", pop_size="population")).estimation
        parts = {name: (estimation.mean(name), estimation.mean(name, by="domain")) for name in ("score", "top")}
        seconds.append(time.perf_counter() - began)
        for name, (whole, domains) in parts.items():
            (one,) = whole.estimates
            found[f"{name}:all"] = (one.est, one.se)
            found |= {f"{name}:{each.by_level[0]}": (each.est, each.se) for each in domains.estimates}
    print(json.dumps({"version": svy.__version__, "seconds": statistics.median(seconds), "found": found}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
