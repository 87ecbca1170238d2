"""Mails about the figures that somebody gets by itself.

Revision ID: 0040_regular_mails
Revises: 0039_comment_actions
Create Date: 2026-11-24 03:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0040_regular_mails'
down_revision = '0039_comment_actions'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('regular_mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('principal_id', sa.Integer(), nullable=False),
    sa.Column('rhythm', sa.String(length=10), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('week', 'pack')", name=op.f('ck_regular_mails_known_kind')),
    sa.CheckConstraint("rhythm IN ('weekly', 'monthly')", name=op.f('ck_regular_mails_known_rhythm')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regular_mails')),
    sa.UniqueConstraint('user_id', 'kind', 'principal_id', name=op.f('uq_regular_mails_user_id_kind_principal_id'))
    )


def downgrade():
    op.drop_table('regular_mails')
