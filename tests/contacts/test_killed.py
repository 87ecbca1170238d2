"""An import that is killed (SIGKILL, a real process) goes on behind the last row that was committed."""

import json
import os
import random
import signal
import time

import pytest
from sqlalchemy import func, select

from contacts.models import Contact, Customer, ImportBatch
from foundation.database import db, looking
from tests.contacts.factories import create_principal, create_site
from tests.contacts.test_import_log import MAPPING

LONG = bool(os.environ.get("LONG"))
ROWS, KILLS = (60_000, 20) if LONG else (9000, 1)
REFUSED = len(range(3, ROWS, 500))
HEAD = "id;at;phone;email;name"


def rows():
    for number in range(ROWS):
        moment = "hier" if number % 500 == 3 else f"2026-10-{number % 28 + 1:02d} 09:00"
        yield f"A{number};{moment};06 39 98 {number // 100 % 100:02d} {number % 100:02d};;"


@pytest.mark.parametrize("database", ["app", "pg_app"])
def test_a_killed_import_goes_on_and_counts_every_row_once(request, tmp_path, database):
    house = request.getfixturevalue(database)
    create_site(key="lyon", name="Lyon")
    create_principal(key="belline")
    db.session.commit()
    file, mapping = tmp_path / "calls.csv", tmp_path / "calls.json"
    file.write_text("\n".join([HEAD, *rows()]))
    mapping.write_text(json.dumps(MAPPING.as_json()))
    command = ["contacts", "import", str(file), "--map", str(mapping), "--language", "en"]
    chance, reached = random.Random(7), 0
    for _ in range(KILLS):
        reached = killed(house, command, reached + chance.randrange(1, ROWS // (4 * KILLS)))
    assert 0 < reached < ROWS
    went_on = house.test_cli_runner().invoke(args=command)
    assert went_on.exit_code == 3, went_on.output
    assert f"goes on from row {reached + 1:,}." in went_on.stderr
    (batch,) = db.session.scalars(select(ImportBatch))
    assert (batch.read_rows, batch.added, batch.rejected) == (ROWS, ROWS - REFUSED, REFUSED)
    assert counted(Contact.id) == ROWS - REFUSED
    assert counted(Customer.id) == counted(func.distinct(Customer.phone))


def killed(house, command, after):
    """Run the command in a process of its own, kill it once so many rows are committed; return how many were."""
    db.session.remove()
    db.engine.dispose()  # no connection is shared by two processes
    process = os.fork()
    if process == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        house.test_cli_runner().invoke(args=command)
        os._exit(0)
    while rows_in() < after:
        assert os.waitpid(process, os.WNOHANG)[0] == 0, "it ended before it could be killed"
        time.sleep(0.002)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return rows_in()


def rows_in():
    with looking() as connection:
        return connection.execute(select(func.coalesce(func.max(ImportBatch.read_rows), 0))).scalar()


def counted(column):
    return db.session.scalar(select(func.count(column)))
