"""The tables of Procrastinate 3.10.0, as the library wrote them; on PostgreSQL only.

Revision ID: 0003_procrastinate
Revises: 0002_incoming_mail
Create Date: 2026-11-23 12:40:00.000000

"""
from pathlib import Path

from alembic import op


# revision identifiers, used by Alembic.
revision = '0003_procrastinate'
down_revision = '0002_incoming_mail'
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).parents[1] / "procrastinate" / "schema_3_10_0.sql"
TABLES = "procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers"
FUNCTIONS = """
    procrastinate_defer_jobs_v1 procrastinate_defer_periodic_job_v2 procrastinate_fetch_job_v2
    procrastinate_finish_job_v1 procrastinate_cancel_job_v1 procrastinate_retry_job_v1 procrastinate_retry_job_v2
    procrastinate_notify_queue_job_inserted_v1 procrastinate_notify_queue_abort_job_v1
    procrastinate_trigger_function_status_events_insert_v1 procrastinate_trigger_function_status_events_update_v1
    procrastinate_trigger_function_scheduled_events_v1 procrastinate_trigger_abort_requested_events_procedure_v1
    procrastinate_unlink_periodic_defers_v1 procrastinate_register_worker_v1 procrastinate_unregister_worker_v1
    procrastinate_update_heartbeat_v1 procrastinate_prune_stalled_workers_v1
""".split()
TYPES = "procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type"


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        # Without parameters, so that PostgreSQL takes the many statements of the file at once.
        op.get_bind().connection.driver_connection.execute(SCHEMA.read_text())


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        # The first function returns rows of a table, and the triggers of a table call the others.
        op.execute("DROP FUNCTION procrastinate_fetch_job_v2")
        op.execute(f"DROP TABLE {TABLES}")
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION IF EXISTS {name}")
        op.execute(f"DROP TYPE {TYPES}")
