"""What locates a change in a frame; one index less to write for each contact of a draw.

Revision ID: 0024_draw_prints
Revises: 0023_agents
Create Date: 2026-11-23 19:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0024_draw_prints'
down_revision = '0023_agents'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('draw_prints',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('prints', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_prints_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', name=op.f('pk_draw_prints'))
    )
    # The public id of a contact is unique among contacts, and a contact is once in a draw: that says it already.
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('uq_frame_units_draw_id_public_id'), type_='unique')


def downgrade():
    with op.batch_alter_table('frame_units', schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f('uq_frame_units_draw_id_public_id'), ['draw_id', 'public_id'])
    op.drop_table('draw_prints')
