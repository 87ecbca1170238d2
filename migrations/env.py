"""How Alembic reaches the models: one metadata, batches on SQLite, types compared."""

from alembic import context
from flask import current_app

from foundation.database import UTCDateTime, db


def render_item(kind, item, autogen_context):
    """Write moments as the plain type they are stored in, so that a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name, kind, _parents):
    """Leave the tables of Procrastinate alone: they are its own, and no model of ours says what they are."""
    return not (kind == "table" and name.startswith("procrastinate_"))


def run() -> None:
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Outside any transaction, where SQLite heeds it: a batch rebuilds tables that others point at.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            include_name=include_name,
            **{
                key: value
                for key, value in current_app.extensions["migrate"].configure_args.items()
                if key not in {"render_as_batch", "compare_type"}
            },
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
