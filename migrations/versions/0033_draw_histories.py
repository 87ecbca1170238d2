"""What a continuous draw needs of other draws once it is closed, without whose it was.

Revision ID: 0033_draw_histories
Revises: 0032_import_note_looks
Create Date: 2026-11-23 22:45:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0033_draw_histories'
down_revision = '0032_import_note_looks'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('draw_histories',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_histories_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', name=op.f('pk_draw_histories'))
    )


def downgrade():
    op.drop_table('draw_histories')
