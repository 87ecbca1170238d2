"""Figures of agents, and the information of staff that switches them on.

Revision ID: 0041_agent_figures
Revises: 0040_regular_mails
Create Date: 2026-11-24 03:12:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0041_agent_figures'
down_revision = '0040_regular_mails'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('agent_notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('informed_on', sa.Date(), nullable=False),
    sa.Column('how', sa.String(length=300), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(withdrawn_by IS NULL) = (withdrawn_at IS NULL)', name=op.f('ck_agent_notices_withdrawn_whole')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_agent_notices_site_id_sites')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_notices'))
    )
    with op.batch_alter_table('agent_notices', schema=None) as batch_op:
        batch_op.create_index('ix_agent_notices_site', ['site_id', 'withdrawn_at'], unique=False)
    op.create_table('agent_figures',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('few', sa.Integer(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_agent_figures_programme_id_programmes')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_agent_figures_site_id_sites')),
    sa.PrimaryKeyConstraint('programme_id', 'first_day', 'site_id', name=op.f('pk_agent_figures'))
    )
    with op.batch_alter_table('agent_figures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agent_figures_last_day'), ['last_day'], unique=False)


def downgrade():
    for table in ('agent_figures', 'agent_notices'):
        op.drop_table(table)
