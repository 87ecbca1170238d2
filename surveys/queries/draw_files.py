"""A draw as files for whoever draws it again without us."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from foundation.cells import safe_cell
from foundation.database import db
from surveys.continuous import CONTINUOUS
from surveys.models import Draw, FrameUnit
from surveys.queries.continuous import continuous_file
from surveys.queries.draws import draw_facts, frame_file, prints_of

SCRIPTS = Path(__file__).parents[1] / "verify"
ABOUT = """One draw of a sample, to be drawn again by a stranger:

    python3 verify.py

verify.py     Python 3.9 or later, standard library only; read it first, it is short
draw.json     seed, commitment, hashes, the plan and the sizes: what the ledger keeps of the draw (entry draw.made)
frame.jsonl   every contact of the period: public id, stratum, standing, number of the customer where it has several
              (of a draw that ran while contacts arrived: in the order of decision, with moment, probability, taken)
drawn.csv     those drawn: stratum, n_h of N_h (its rate, where they were drawn as they arrived),
              and how many contacts each stands for
prints.bin    eight bytes for each line of the frame, which locate a change

No file names a person. How it works, to the byte: docs/draws.md of the product.
"""


def draw_files(draw: Draw) -> dict[str, bytes]:
    """Name → content of everything a stranger needs to draw again a draw that is drawn."""
    return {
        "README.txt": ABOUT.encode(),
        "verify.py": (SCRIPTS / f"{draw.kind}.py").read_bytes(),
        "draw.json": json.dumps(_facts(draw), ensure_ascii=False, indent=1, sort_keys=True).encode(),
        "frame.jsonl": b"".join(continuous_file(draw) if draw.kind == CONTINUOUS else frame_file(draw.id)),
        "drawn.csv": _drawn(draw.id).encode(),
        "prints.bin": prints_of(draw.id),
    }


def _facts(draw: Draw) -> dict[str, Any]:
    return {"id": draw.id, "drawn_at": draw.drawn_at.isoformat() if draw.drawn_at else "", **draw_facts(draw)}


def _drawn(draw_id: int) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["contact", "stratum", "drawn", "eligible", "stands_for"])
    columns = (
        FrameUnit.public_id,
        FrameUnit.stratum,
        FrameUnit.pi_drawn,
        FrameUnit.pi_eligible,
        FrameUnit.multiplicity,
    )
    units = select(*columns).where(FrameUnit.draw_id == draw_id, FrameUnit.drawn).order_by(FrameUnit.public_id)
    for public_id, stratum, drawn, eligible, stands_for in db.session.execute(units):
        writer.writerow([public_id, safe_cell(stratum), drawn, eligible, stands_for or 1])
    return text.getvalue()
