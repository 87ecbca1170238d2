"""The log of an error helps whoever looks for its cause, and gives nobody away."""

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from foundation.accounts.models import User
from foundation.database import db
from tests.conftest import NOW


def person(**changes):
    values = {"name": "Jeanne Martin", "role": "agent", "fs_uniquifier": "one", "created_at": NOW, "active": True}
    return User(**(values | {"email": "jeanne@example.org"} | changes))


@pytest.mark.parametrize("second", [{"fs_uniquifier": "two"}, {"email": "other@example.org", "role": "queen"}])
def test_an_error_of_the_database_is_logged_without_the_row(pg_app, capfd, second):
    db.session.add(person())
    db.session.commit()
    db.session.add(person(**second))
    with pytest.raises(IntegrityError) as error:
        db.session.flush()
    db.session.rollback()
    assert "example.org" in str(error.value)
    structlog.get_logger().error("a job failed", exc_info=error.value)
    logged = "".join(capfd.readouterr())
    assert "IntegrityError" in logged and "INSERT INTO users" in logged
    assert "example.org" not in logged and "Jeanne" not in logged
