"""Draws that run while contacts arrive: when each was decided, and of whom.

Revision ID: 0022_continuous_draws
Revises: 0021_people
Create Date: 2026-11-23 19:25:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0022_continuous_draws'
down_revision = '0021_people'
branch_labels = None
depends_on = None

OLD_STATES = "state IN ('requested', 'drawn', 'refused')"
NEW_STATES = "state IN ('requested', 'running', 'drawn', 'refused')"


def upgrade():
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_draws_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_draws_state'), NEW_STATES)
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('customer_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_frame_units_customer_id_customers'), 'customers', ['customer_id'], ['id'])
        batch_op.create_index('ix_frame_units_decided', ['customer_id', 'decided_at'], unique=False, sqlite_where=sa.text('decided_at IS NOT NULL'), postgresql_where=sa.text('decided_at IS NOT NULL'))


def downgrade():
    # What the older product does not know is nothing it could go on with.
    op.execute("UPDATE draws SET state = 'refused' WHERE state = 'running'")
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        batch_op.drop_index('ix_frame_units_decided')
        batch_op.drop_constraint(batch_op.f('fk_frame_units_customer_id_customers'), type_='foreignkey')
        batch_op.drop_column('customer_id')
        batch_op.drop_column('decided_at')
    with op.batch_alter_table('draws', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_draws_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_draws_state'), OLD_STATES)
