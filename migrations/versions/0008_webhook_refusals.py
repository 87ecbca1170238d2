"""How many requests were refused at the provider's door, by day.

Revision ID: 0008_webhook_refusals
Revises: 0007_message_texts
Create Date: 2026-11-23 12:56:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0008_webhook_refusals'
down_revision = '0007_message_texts'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('webhook_refusals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('path', sa.String(length=80), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_refusals')),
    sa.UniqueConstraint('day', 'path', name=op.f('uq_webhook_refusals_day_path')),
    )


def downgrade():
    op.drop_table('webhook_refusals')
