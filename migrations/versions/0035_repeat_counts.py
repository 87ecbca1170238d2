"""Who came back about the same thing, counted once for each closed period.

Revision ID: 0035_repeat_counts
Revises: 0034_cells
Create Date: 2026-11-24 02:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0035_repeat_counts'
down_revision = '0034_cells'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('repeat_counts',
    sa.Column('period_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('contacts', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('followed', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('period_id', 'site_id', 'channel', name=op.f('pk_repeat_counts'))
    )


def downgrade():
    op.drop_table('repeat_counts')
