"""Mappings, saved once per source and used for each file of it."""

from datetime import datetime

from sqlalchemy import select

from contacts.mapping import Mapping as Reading
from contacts.models import Mapping
from foundation.database import db, insert_if_absent


def save_mapping(principal_id: int, reading: Reading, columns: list[str], now: datetime) -> None:
    """Keep ``reading`` as the mapping of its source, in place of an earlier one."""
    values = {"definition": reading.as_json(), "columns": columns, "updated_at": now}
    key = {"principal_id": principal_id, "source": reading.source}
    if insert_if_absent(Mapping, [{**key, **values}], conflict=["principal_id", "source"]):
        return
    saved = db.session.scalars(select(Mapping).filter_by(**key).with_for_update()).one()
    saved.definition, saved.columns, saved.updated_at = reading.as_json(), columns, now
