"""The contacts of closed periods by week.

Revision ID: 0042_contact_weeks
Revises: 0041_agent_figures
Create Date: 2026-11-24 03:15:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0042_contact_weeks'
down_revision = '0041_agent_figures'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('contact_weeks',
    sa.Column('period_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('site_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('contacts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('period_id', 'first_day', 'site_id', name=op.f('pk_contact_weeks'))
    )


def downgrade():
    op.drop_table('contact_weeks')
