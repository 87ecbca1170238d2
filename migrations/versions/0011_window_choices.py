"""Of two who choose the hours of messages at once, the second is asked.

Revision ID: 0011_window_choices
Revises: 0010_watching
Create Date: 2026-11-23 15:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011_window_choices'
down_revision = '0010_watching'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('window_choice_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_window_choice_versions')),
    sa.UniqueConstraint('principal_id', name=op.f('uq_window_choice_versions_principal_id'))
    )


def downgrade():
    op.drop_table('window_choice_versions')
