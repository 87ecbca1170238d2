"""Frame units without references: nothing they point to is ever deleted, and `verify-draw` looks whether it is there.

Revision ID: 0032_frame_units_alone
Revises: 0031_missing_files
Create Date: 2026-11-23 22:35:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0032_frame_units_alone'
down_revision = '0031_missing_files'
branch_labels = None
depends_on = None

REFERENCES = (('draw_id', 'draws'), ('contact_id', 'contacts'), ('customer_id', 'customers'))


def upgrade():
    # PostgreSQL looks each of them up again for every row: a third of what a draw of 100,000 costs it.
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        for column, table in REFERENCES:
            batch_op.drop_constraint(batch_op.f(f'fk_frame_units_{column}_{table}'), type_='foreignkey')


def downgrade():
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        for column, table in REFERENCES:
            batch_op.create_foreign_key(batch_op.f(f'fk_frame_units_{column}_{table}'), table, [column], ['id'])
