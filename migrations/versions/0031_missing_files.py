"""An alert for a file that did not come.

Revision ID: 0031_missing_files
Revises: 0030_integrity_notes
Create Date: 2026-11-23 20:28:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0031_missing_files'
down_revision = '0030_integrity_notes'
branch_labels = None
depends_on = None

TABLES = ('alerts', 'alert_preferences')
OLD = "kind IN ('due_soon', 'breached', 'low_score', 'stuck')"
NEW = "kind IN ('due_soon', 'breached', 'low_score', 'stuck', 'no_file')"


def upgrade():
    _hold_to(NEW)


def downgrade():
    for table in TABLES[::-1]:
        if table == 'alerts':
            op.execute("DELETE FROM alert_tellings WHERE alert_id IN (SELECT id FROM alerts WHERE kind = 'no_file')")
        op.execute(f"DELETE FROM {table} WHERE kind = 'no_file'")
    _hold_to(OLD)


def _hold_to(kinds):
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_known_kind'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_known_kind'), kinds)
